// Events between the app's modules, and the app's own metrics.
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/events/ for events, and
// @forge/bridge 7.2.0 for metrics.
import { isRecord } from '../wire.js';
import { bylineEvent, showByline } from './editor.js';
import { HostError } from './hosterror.js';

/** @typedef {{event: string, payload: unknown, isPublic: boolean}} AppEvent */
/** @typedef {{event: string, isPublic: boolean, callback: (payload: unknown) => unknown}} Listener */

/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * On a site, the modules of one page receive each other's events. Here a page shows only one module and its dialogs. So the
 * other product pages of this app in this browser stand in for the other modules.
 * @type {BroadcastChannel | undefined}
 */
let otherPages;

/** @param {AppEvent} event */
const deliver = ({ event, payload, isPublic }) => {
  for (const listener of listeners) {
    if (listener.event === event && listener.isPublic === isPublic) {
      Promise.resolve(listener.callback(payload)).catch(() => {});
    }
  }
};

/** Returns the channel to the other pages. Opens it first if it is not open. */
const channel = () => {
  if (!otherPages) {
    otherPages = new BroadcastChannel(`forgego:events:${document.querySelector('main')?.dataset.app ?? ''}`);
    otherPages.addEventListener('message', ({ data }) => {
      if (isRecord(data) && typeof data.event === 'string') {
        deliver({ event: data.event, payload: data.payload, isPublic: data.isPublic === true });
      }
    });
  }
  return otherPages;
};

/**
 * Sends an event of the product to this page and the others. Returns how many listeners this page has for it.
 * @param {string} event
 * @param {unknown} payload
 */
export const fire = (event, payload) => {
  const sent = { event, payload, isPublic: false };
  channel().postMessage(sent);
  deliver(sent);
  return [...listeners].filter((listener) => listener.event === event && !listener.isPublic).length;
};

/** @param {unknown} payload */
const nameOf = (payload) => {
  const name = isRecord(payload) ? payload.event : undefined;
  if (typeof name !== 'string') throw new HostError('An event needs a name.', 'INVALID_REQUEST');
  return name;
};

/** @param {boolean} isPublic @returns {import('./commands.js').Commands[string]} */
const emit =
  (isPublic) =>
  async (payload, { note }) => {
    const event = nameOf(payload);
    note({ request: event });
    const sent = { event, payload: isRecord(payload) ? payload.payload : undefined, isPublic };
    if (event === bylineEvent) showByline(sent.payload);
    channel().postMessage(sent);
    deliver(sent);
  };

/** @param {boolean} isPublic @returns {import('./commands.js').Commands[string]} */
const on =
  (isPublic) =>
  async (payload, { note, place }) => {
    const event = nameOf(payload);
    const callback = isRecord(payload) ? payload.callback : undefined;
    if (typeof callback !== 'function') {
      throw new HostError('A listener for an event needs a function "callback".', 'INVALID_REQUEST');
    }
    note({ request: event, status: 'listening' });
    channel();
    /** @type {Listener} */
    const listener = { event, isPublic, callback: (value) => callback(value) };
    const unsubscribe = () => {
      place.cleanups.delete(unsubscribe);
      listeners.delete(listener);
    };
    listeners.add(listener);
    place.cleanups.add(unsubscribe);
    return { unsubscribe };
  };

/** @type {import('./commands.js').Commands} */
export const eventCommands = {
  emit: emit(false),
  on: on(false),
  emitPublic: emit(true),
  onPublic: on(true),

  async emitFrontendCustomMetric(payload, { note }) {
    const { customMetricName, value } = isRecord(payload) ? payload : {};
    if (typeof customMetricName !== 'string' || typeof value !== 'number') {
      throw new HostError('A metric needs a name and a number.', 'INVALID_REQUEST');
    }
    note({ request: `${customMetricName} +${value}`, status: 'counted' });
  },
};
