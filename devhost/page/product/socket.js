// The web socket of this window: everything that the local host sends by itself comes over it. Messages are JSON objects
// with a type:
//
//   {type: 'window', window}                        the first one: the name by which requests of this page name its window
//   {type: 'realtime', subscription, payload}       an event for a subscription
//
// It is one socket, and no event stream, because a browser opens six HTTP/1.1 connections to an origin only, and all its
// windows share them.
import { HostError } from './server.js';

/** How long to wait before connecting again, in milliseconds; twice as long after each failure. */
const firstDelay = 1000;
const lastDelay = 8000;
let delay = firstDelay;

/** @typedef {Record<string, unknown>} Message */

/** @type {Map<string, (message: Message) => void>} */
const receivers = new Map();
/** @type {Set<() => void>} */
const resumers = new Set();

/** The window's name, from the moment when a connection is wanted until it is lost. @type {Promise<string> | undefined} */
let name;
let wasConnected = false;

/** @returns {Promise<string>} */
const connect = () =>
  new Promise((resolve, reject) => {
    const url = new URL('/_host/socket', window.location.href);
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
      if (wasConnected) for (const resume of resumers) resume();
      wasConnected = true;
    });
    socket.addEventListener('close', () => {
      name = undefined;
      reject(new HostError('The local host does not answer. Is forgego still running?', 'HOST_GONE'));
      setTimeout(() => windowName().catch(() => {}), delay);
      delay = Math.min(2 * delay, lastDelay);
    });
  });

/** Returns the name of this window. Connects if there is no connection; rejects if that fails. */
export const windowName = () => (name ??= connect());

/**
 * Calls a function for each message of a type.
 * @param {string} type
 * @param {(message: Message) => void} receiver
 */
export const receive = (type, receiver) => receivers.set(type, receiver);

/**
 * Calls a function whenever the host is connected again, with a new name. It knows nothing of what it was asked before.
 * @param {() => void} resume
 */
export const onReconnect = (resume) => resumers.add(resume);
