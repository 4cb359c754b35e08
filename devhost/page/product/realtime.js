// Realtime: sends events to all product pages of this host that have subscribed, in any window or browser. Events go to
// the server by request and arrive over this window's socket.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/realtime/
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { askServer } from './server.js';
import { onReconnect, receive, windowName } from './socket.js';

/**
 * @typedef {object} Subscription
 * @property {ReturnType<typeof channelOf>} channel
 * @property {(payload: unknown) => void} deliver
 */

/** How many events of a subscription may wait for the app's callback to finish. Later events are dropped. */
const maxWaiting = 10_000;

/** @type {Map<number, Subscription>} */
const subscriptions = new Map();
let lastID = 0;

receive('realtime', ({ subscription, payload }) => subscriptions.get(Number(subscription))?.deliver(payload));

/** @param {number} id @param {Subscription['channel']} channel */
const subscribe = async (id, channel) =>
  askServer('realtime/subscribe', { ...channel, window: await windowName(), subscription: id });

// Subscribes again without a replay, because a replay would repeat delivered events. Events in between are lost.
onReconnect(() => {
  for (const [id, { channel }] of subscriptions) {
    subscribe(id, { ...channel, options: { ...channel.options, replaySeconds: 0 } }).catch(() => {});
  }
});

/** @param {unknown} payload @param {string} moduleKey */
const channelOf = (payload, moduleKey) => {
  const { channelName, isGlobal, options } = isRecord(payload) ? payload : {};
  if (typeof channelName !== 'string' || channelName === '') {
    throw new HostError('A realtime channel needs a name.', 'INVALID_REQUEST');
  }
  return { moduleKey, channelName, isGlobal: isGlobal === true, options: isRecord(options) ? options : {} };
};

/** @type {import('./commands.js').Commands} */
export const realtimeCommands = {
  async publishRealtimeChannel(payload, { moduleKey, note }) {
    const channel = channelOf(payload, moduleKey);
    note({ request: channel.channelName });
    const result = await askServer('realtime/publish', {
      ...channel,
      eventPayload: isRecord(payload) ? payload.eventPayload : undefined,
    });
    note({ status: result.eventId === null ? 'no subscribers' : 'published' });
    return result;
  },

  async subscribeRealtimeChannel(payload, { moduleKey, note, place }) {
    const channel = channelOf(payload, moduleKey);
    const onEvent = isRecord(payload) ? payload.onEvent : undefined;
    if (typeof onEvent !== 'function') {
      throw new HostError('A realtime subscription needs a function "onEvent".', 'INVALID_REQUEST');
    }
    note({ request: channel.channelName, status: 'subscribed' });
    lastID += 1;
    const id = lastID;
    const unsubscribe = async () => {
      place.cleanups.delete(unsubscribe);
      if (subscriptions.delete(id)) {
        await windowName()
          .then((name) => askServer('realtime/unsubscribe', { window: name, subscription: id }))
          .catch(() => {});
      }
    };
    let waiting = 0;
    let warned = false;
    /** @param {unknown} event */
    const deliver = (event) => {
      if (waiting >= maxWaiting) {
        if (!warned) {
          console.warn(
            `Events of the channel "${channel.channelName}" are dropped, because ${maxWaiting} events are waiting for the app's callback.`,
          );
        }
        warned = true;
        return;
      }
      waiting += 1;
      const done = () => {
        waiting -= 1;
      };
      Promise.resolve(onEvent(event)).then(done, done);
    };
    subscriptions.set(id, { channel, deliver });
    place.cleanups.add(unsubscribe);
    try {
      await subscribe(id, channel);
    } catch (error) {
      unsubscribe();
      throw error;
    }
    return { unsubscribe };
  },
};
