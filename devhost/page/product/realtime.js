// Realtime: events to every product page of this host that has subscribed, in whatever window or browser. They go by the
// server, and come over this window's socket.
// Source: apis-reference/ui-api-bridge/realtime.
import { HostError, askServer } from './server.js';
import { onReconnect, receive, windowName } from './socket.js';
import { isRecord } from '../wire.js';

/**
 * @typedef {object} Subscription
 * @property {ReturnType<typeof channelOf>} about what the server has to know
 * @property {(payload: unknown) => void} deliver
 */

/** How many events of a subscription may wait for the app's function to end. Those that come then are dropped. */
const maxWaiting = 10_000;

/** @type {Map<number, Subscription>} */
const subscriptions = new Map();
let last = 0;

receive('realtime', ({ subscription, payload }) => subscriptions.get(Number(subscription))?.deliver(payload));

/** @param {number} id @param {Subscription['about']} about */
const announce = async (id, about) => askServer('realtime/subscribe', { ...about, window: await windowName(), subscription: id });

// What was published meanwhile is lost. Without a replay, which would bring again what has been delivered.
onReconnect(() => {
  for (const [id, { about }] of subscriptions) announce(id, { ...about, options: { ...about.options, replaySeconds: 0 } }).catch(() => {});
});

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
      if (subscriptions.delete(id)) await windowName().then((name) => askServer('realtime/unsubscribe', { window: name, subscription: id })).catch(() => {});
    };
    let waiting = 0;
    let warned = false;
    /** @param {unknown} event */
    const deliver = (event) => {
      if (waiting >= maxWaiting) {
        if (!warned) console.warn(`Events of the channel "${about.channelName}" are dropped: the app's function has not ended for the ${maxWaiting} before.`);
        warned = true;
        return;
      }
      waiting += 1;
      const done = () => {
        waiting -= 1;
      };
      Promise.resolve(onEvent(event)).then(done, done);
    };
    subscriptions.set(id, { about, deliver });
    place.leave.add(unsubscribe);
    try {
      await announce(id, about);
    } catch (error) {
      unsubscribe();
      throw error;
    }
    return { unsubscribe };
  },
};
