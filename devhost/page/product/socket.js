// The web socket of this window. The local host sends all its own messages over it. A message is a JSON object with a type:
//
//   {type: 'window', window}                        the first message: the name that this page's requests use for its window
//   {type: 'realtime', subscription, payload}       an event of a subscription
//   {type: 'versions', payload}                     the versions of the pages when this window connected (refresh.js)
//   {type: 'refresh', payload}                      what has changed (refresh.js)
//   {type: 'problems', payload}                     what the developer must correct (problems.js)
//   {type: 'event', payload}                        a request of the app's page to a remote (traffic.js)
//   {type: 'ask', payload}                          what this page is to do for a program (ask.js)
//
// This avoids event streams because a browser opens at most six HTTP/1.1 connections to an origin, which all its windows
// share.
import { HostError } from './hosterror.js';

/** How long to wait before connecting again, in milliseconds. The delay doubles after each failure. */
const firstDelay = 1000;
const lastDelay = 8000;
let delay = firstDelay;

/** @typedef {Record<string, unknown>} Message */

/** @type {Map<string, (message: Message) => void>} */
const receivers = new Map();
/** @type {Set<() => void>} */
const reconnectListeners = new Set();
/** @type {Set<(isConnected: boolean) => void>} */
const connectionListeners = new Set();

/** The window's name. Undefined if there is no connection and no attempt to connect. @type {Promise<string> | undefined} */
let name;
let wasConnected = false;

/** @returns {Promise<string>} */
const connect = () =>
  new Promise((resolve, reject) => {
    // With the query, which says what this page shows.
    const url = new URL(`/_host/socket${window.location.search}`, window.location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data);
      if (message.type !== 'window') {
        receivers.get(message.type)?.(message);
        return;
      }
      delay = firstDelay;
      resolve(message.window);
      for (const listener of connectionListeners) listener(true);
      if (wasConnected) for (const listener of reconnectListeners) listener();
      wasConnected = true;
    });
    socket.addEventListener('close', () => {
      name = undefined;
      for (const listener of connectionListeners) listener(false);
      reject(new HostError('The local host does not answer. Is forgego still running?', 'HOST_GONE'));
      setTimeout(() => windowName().catch(() => {}), delay);
      delay = Math.min(2 * delay, lastDelay);
    });
  });

/** Returns the name of this window. Connects if there is no connection; rejects if that fails. */
export const windowName = () => (name ??= connect());

/**
 * Sets the receiver of messages of a type.
 * @param {string} type
 * @param {(message: Message) => void} receiver
 */
export const receive = (type, receiver) => receivers.set(type, receiver);

/**
 * Registers a listener that runs after each reconnection. The window then has a new name, and the host has forgotten what
 * this page subscribed to.
 * @param {() => void} listener
 */
export const onReconnect = (listener) => reconnectListeners.add(listener);

/**
 * Registers a listener that runs whenever the connection is made, ends or cannot be made.
 * @param {(isConnected: boolean) => void} listener
 */
export const onConnection = (listener) => connectionListeners.add(listener);
