// The web socket of this window. The local host sends all its own messages over it. A message is a JSON object with a type:
//
//   {type: 'window', window}                        the first message: the name that this page's requests use for its window
//   {type: 'beat'}                                  the host still runs; sent every second
//   {type: 'realtime', subscription, payload}       an event of a subscription
//   {type: 'versions', payload}                     the versions of the pages when this window connected (refresh.js)
//   {type: 'refresh', payload}                      what has changed (refresh.js)
//   {type: 'problems', payload}                     what the developer must correct (problems.js)
//   {type: 'faults', payload}                       the state of the faults (faults.js)
//   {type: 'permissions'}                           permissions of a site have changed (permissions.js)
//   {type: 'event', payload}                        a request of the app's page to a remote (traffic.js)
//   {type: 'ask', payload}                          what this page is to do for a program (ask.js)
//
// This avoids event streams because a browser opens at most six HTTP/1.1 connections to an origin, which all its windows
// share.
import { HostError } from './hosterror.js';

/** How long to wait before connecting again, in milliseconds. */
const retryDelay = 1000;

/** How long the host may send nothing before it counts as silent, in milliseconds. */
const silentAfter = 3000;
/** If the timer for that is late by this much, in milliseconds, the machine has slept, and the host gets its time again. */
const sleepTime = 1000;

/** @typedef {Record<string, unknown>} Message */

/** @type {Map<string, (message: Message) => void>} */
const receivers = new Map();
/** @type {Set<() => void>} */
const reconnectListeners = new Set();
/** @type {Set<(problem: string) => void>} */
const hostListeners = new Set();

/** The window's name. Undefined if there is no connection and no attempt to connect. @type {Promise<string> | undefined} */
let name;
let wasConnected = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retryTimer;
/** @type {'connecting' | 'connected' | 'silent' | 'gone'} */
let state = 'connecting';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silenceTimer;

const isOffline = () => navigator.onLine === false;

/** Says what is wrong with the host, or "". */
const problem = () => {
  if (state === 'gone') {
    return isOffline()
      ? 'This browser is offline, and the local host does not answer. This page connects again by itself.'
      : 'The local host does not answer. Is forgego still running? This page connects again by itself.';
  }
  if (state === 'silent') return 'The local host still has its connection, but does not answer. It is paused or busy.';
  return isOffline() ? 'Connected, but this browser is offline: its requests may fail.' : '';
};

const tell = () => {
  for (const listener of hostListeners) listener(problem());
};

/** @param {typeof state} next */
const enter = (next) => {
  if (state === next) return;
  state = next;
  tell();
};

/** Waits for the next message. */
const awaitMessage = () => {
  clearTimeout(silenceTimer);
  const began = performance.now();
  silenceTimer = setTimeout(() => {
    if (performance.now() - began > silentAfter + sleepTime) awaitMessage();
    else enter('silent');
  }, silentAfter);
};

/** Returns the error of a request to the host that got no answer. */
export const noAnswer = () => {
  const offline = `This browser is offline. The local host ${state === 'connected' ? 'still runs' : 'does not answer'}.`;
  return new HostError(
    isOffline() ? offline : 'The local host does not answer. Is forgego still running?',
    'HOST_GONE',
  );
};

/**
 * Resolves if the host answers. Browsers delay a web socket for up to a minute if earlier ones have failed, but not a
 * request.
 */
const hostAnswers = () => fetch('/product/main.js', { method: 'HEAD', cache: 'no-store' });

/** @returns {Promise<string>} */
const openSocket = () =>
  new Promise((resolve, reject) => {
    // With the query, which says what this page shows.
    const url = new URL(`/_host/socket${window.location.search}`, window.location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    socket.addEventListener('message', ({ data }) => {
      enter('connected');
      awaitMessage();
      const message = JSON.parse(data);
      if (message.type !== 'window') {
        receivers.get(message.type)?.(message);
        return;
      }
      resolve(message.window);
      if (wasConnected) for (const listener of reconnectListeners) listener();
      wasConnected = true;
    });
    socket.addEventListener('close', () => {
      reject(noAnswer());
      ended();
    });
  });

const ended = () => {
  name = undefined;
  clearTimeout(silenceTimer);
  enter('gone');
  clearTimeout(retryTimer);
  retryTimer = setTimeout(connectAgain, retryDelay);
};

const connect = async () => {
  if (!isListening) listen();
  if (state === 'gone') {
    try {
      await hostAnswers();
    } catch {
      ended();
      throw noAnswer();
    }
  }
  return openSocket();
};

/** Returns the name of this window. Connects if there is no connection; rejects if that fails. */
export const windowName = () => (name ??= connect());

const connectAgain = () => {
  clearTimeout(retryTimer);
  windowName().catch(() => {}); // It is tried again.
};

let isListening = false;

/** Does not wait for the next attempt when one may succeed. */
const listen = () => {
  isListening = true;
  window.addEventListener('online', () => {
    if (state === 'gone') connectAgain();
    tell();
  });
  window.addEventListener('offline', tell);
  // Timers of a hidden page run as seldom as once a minute.
  window.addEventListener('visibilitychange', () => {
    if (state === 'gone') connectAgain();
  });
};

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
 * Registers a listener that runs when it changes whether the host can be reached.
 * @param {(problem: string) => void} listener gets what is wrong, or ""
 */
export const onHost = (listener) => hostListeners.add(listener);
