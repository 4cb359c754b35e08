// Realtime: events to every product page of this host that has subscribed, in whatever window or browser. They go by the
// server, over one connection for all subscriptions of the page.
// Source: apis-reference/ui-api-bridge/realtime.
import { HostError, askServer } from './server.js';
import { isRecord } from './wire.js';

/**
 * @typedef {object} Subscription
 * @property {Record<string, unknown>} about what the server has to know
 * @property {(payload: unknown) => void} deliver
 */

/** In milliseconds. */
const reconnect = 1000;

/** @type {Map<number, Subscription>} */
const subscriptions = new Map();
let last = 0;

/** The name that the server has for this page's connection. @type {Promise<string> | undefined} */
let listener;

/** @param {unknown} line */
const receive = (line) => {
  if (!isRecord(line) || typeof line.subscription !== 'number') return;
  subscriptions.get(line.subscription)?.deliver(line.payload);
};

/**
 * Reads the server's lines until the connection ends.
 * @param {ReadableStream<Uint8Array>} body
 * @param {(name: string) => void} named
 */
const read = async (body, named) => {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      const line = JSON.parse(text);
      if (line.listener) named(line.listener);
      else receive(line);
    }
  }
};

/** @returns {Promise<string>} */
const connect = () =>
  new Promise((resolve, reject) => {
    const gone = () => {
      listener = undefined;
      reject(new HostError('The local host does not answer. Is forgego still running?', 'HOST_GONE'));
      setTimeout(resume, reconnect);
    };
    fetch('/_host/realtime/listen', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
      .then((response) => (response.ok && response.body ? read(response.body, resolve) : undefined))
      .then(gone, gone);
  });

/** The page's connection, a new one if there is none. */
const connection = () => (listener ??= connect());

/** @param {number} id @param {Subscription} subscription */
const announce = async (id, { about }) => askServer('realtime/subscribe', { ...about, listener: await connection(), subscription: id });

/** Subscribes again, to a server that has been started again. What was published meanwhile is lost. */
const resume = () => {
  for (const [id, subscription] of subscriptions) announce(id, subscription).catch(() => {});
};

/** @param {unknown} payload @param {string} moduleKey */
const channelOf = (payload, moduleKey) => {
  const { channelName, isGlobal, options } = isRecord(payload) ? payload : {};
  if (typeof channelName !== 'string' || channelName === '') throw new HostError('A channel of realtime needs a name.', 'INVALID_REQUEST');
  return { moduleKey, channelName, isGlobal: isGlobal === true, options: isRecord(options) ? options : {} };
};

/** @type {import('./commands.js').Commands} */
export const realtimeCommands = {
  async publishRealtimeChannel(payload, { moduleKey, note }) {
    const channel = channelOf(payload, moduleKey);
    note({ request: channel.channelName });
    const result = await askServer('realtime/publish', { ...channel, eventPayload: isRecord(payload) ? payload.eventPayload : undefined });
    note({ status: result.eventId === null ? 'nobody has subscribed' : 'published' });
    return result;
  },

  async subscribeRealtimeChannel(payload, { moduleKey, note, place }) {
    const about = channelOf(payload, moduleKey);
    const onEvent = isRecord(payload) ? payload.onEvent : undefined;
    if (typeof onEvent !== 'function') throw new HostError('A subscription needs a function onEvent.', 'INVALID_REQUEST');
    note({ request: about.channelName, status: 'subscribed' });
    last += 1;
    const id = last;
    const unsubscribe = async () => {
      place.leave.delete(unsubscribe);
      if (!subscriptions.delete(id) || !listener) return;
      await listener.then((name) => askServer('realtime/unsubscribe', { listener: name, subscription: id })).catch(() => {});
    };
    const subscription = {
      about,
      /** @param {unknown} event */
      deliver: (event) => {
        Promise.resolve(onEvent(event)).catch(() => {});
      },
    };
    subscriptions.set(id, subscription);
    place.leave.add(unsubscribe);
    try {
      await announce(id, subscription);
    } catch (error) {
      unsubscribe();
      throw error;
    }
    return { unsubscribe };
  },
};
