// What crosses from module to module and from window to window, what is permitted, and what the product only notes.
// Sources: apis-reference/ui-api-bridge/events, rovo; cookie consent and metrics as @forge/bridge 7.2.0 has them.
import { notice } from './notice.js';
import { permissionCommands, permissionState } from './permissions.js';
import { realtimeCommands } from './realtime.js';
import { HostError } from './server.js';
import { isRecord } from '../wire.js';

/** @typedef {{event: string, payload: unknown, isPublic: boolean}} AppEvent */
/** @typedef {{event: string, isPublic: boolean, callback: (payload: unknown) => unknown}} Listener */

/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * On a site the modules of one page hear each other. Here a page shows one module, and its dialogs; so this browser's other
 * product pages of the app stand in for its page's other modules.
 * @type {BroadcastChannel | undefined}
 */
let others;

/** @param {AppEvent} event */
const deliver = ({ event, payload, isPublic }) => {
  for (const listener of listeners) {
    if (listener.event === event && listener.isPublic === isPublic) Promise.resolve(listener.callback(payload)).catch(() => {});
  }
};

const channel = () => {
  if (!others) {
    others = new BroadcastChannel(`forgego:events:${document.querySelector('main')?.dataset.app ?? ''}`);
    others.addEventListener('message', ({ data }) => {
      if (isRecord(data) && typeof data.event === 'string') deliver({ event: data.event, payload: data.payload, isPublic: data.isPublic === true });
    });
  }
  return others;
};

/** @param {unknown} payload */
const nameOf = (payload) => {
  const name = isRecord(payload) ? payload.event : undefined;
  if (typeof name !== 'string') throw new HostError('An event needs a name.', 'INVALID_REQUEST');
  return name;
};

/** @param {boolean} isPublic @returns {import('./commands.js').Commands[string]} */
const emit = (isPublic) => async (payload, { note }) => {
  const event = nameOf(payload);
  note({ request: event });
  const sent = { event, payload: isRecord(payload) ? payload.payload : undefined, isPublic };
  channel().postMessage(sent);
  deliver(sent);
};

/** @param {boolean} isPublic @returns {import('./commands.js').Commands[string]} */
const on = (isPublic) => async (payload, { note, place }) => {
  const event = nameOf(payload);
  const callback = isRecord(payload) ? payload.callback : undefined;
  if (typeof callback !== 'function') throw new HostError('To listen to an event, give a function callback.', 'INVALID_REQUEST');
  note({ request: event, status: 'listening' });
  channel();
  /** @type {Listener} */
  const listener = { event, isPublic, callback: (value) => callback(value) };
  const unsubscribe = () => {
    place.leave.delete(unsubscribe);
    listeners.delete(listener);
  };
  listeners.add(listener);
  place.leave.add(unsubscribe);
  return { unsubscribe };
};

/** @type {import('./commands.js').Commands} */
export const eventCommands = {
  emit: emit(false),
  on: on(false),
  emitPublic: emit(true),
  onPublic: on(true),
  ...realtimeCommands,
  ...permissionCommands,

  async getCookieConsentPreferences() {
    const { published, ...preferences } = (await permissionState()).consent;
    return published ? { strictlyNecessary: true, ...preferences } : null;
  },

  /** What openRovo answers on a site without Rovo is not known: this host opens it all the same. */
  async openRovo(payload, { note }) {
    const { agentName, agentKey, prompt } = isRecord(payload) ? payload : {};
    const agent = agentName === undefined ? 'Rovo' : `the agent “${agentName}”`;
    notice(`The chat with ${agent}${agentKey === undefined ? '' : ` (key ${agentKey})`} would open now.`, prompt === undefined ? '' : String(prompt));
    note({ request: agentName === undefined ? 'default agent' : String(agentName) });
    return true;
  },

  isRovoEnabled: async () => (await permissionState()).rovo,

  async emitFrontendCustomMetric(payload, { note }) {
    const { customMetricName, value } = isRecord(payload) ? payload : {};
    if (typeof customMetricName !== 'string' || typeof value !== 'number') throw new HostError('A metric has a name and a number.', 'INVALID_REQUEST');
    note({ request: `${customMetricName} +${value}`, status: 'counted' });
  },
};
