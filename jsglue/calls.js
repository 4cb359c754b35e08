// Carries a program's calls to the bridge, and the answers back. bridge/host_js.go is the other end, and describes the bytes.

// @ts-check

/**
 * @import { Answer } from './answer.js'
 * @import { EarlyCalls } from './early.js'
 */

import { answerCallback, encodeAnswer, encodeArguments, encodeError } from './answer.js';
import { pageBridge } from './bridge.js';
import { ownRequests } from './request.js';

const requestFetch = 1;
const requestBody = 2;
const requestLocal = 4;
const requestFunctions = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Makes the port by which one program reaches the bridge.
 *
 * @param {any} go @param {any} exports the program's @param {EarlyCalls} early
 */
export function connect(go, exports, early) {
  /** @type {WebAssembly.Memory} */
  const memory = exports.mem ?? exports.memory;
  let [wordsAt, inboxAt, inboxSize] = [0, 0, 0];
  // What shows the memory, and places in it; see look.
  let bytes = new Uint8Array(0);
  let words = new Uint32Array(0);
  let view = new DataView(memory.buffer);
  /** The calls whose answer the program still waits for. @type {Set<number>} */
  const waiting = new Set();
  const requests = ownRequests();

  /** Looks at the memory as it is now. Memory that has grown detaches what showed it. */
  function look() {
    if (bytes.length > 0) return;
    bytes = new Uint8Array(memory.buffer);
    words = new Uint32Array(memory.buffer, wordsAt, 8);
    view = new DataView(memory.buffer);
  }

  /** @param {number} at @param {number} size */
  const text = (at, size) => decoder.decode(bytes.subarray(at, at + size));

  /** Starts a call. @returns {number} 1 if there is no bridge */
  function send() {
    look();
    const id = words[0];
    const flags = words[1];
    const command = text(words[2], words[3]);
    const json = text(words[4], words[5]);
    const bodyAt = words[6];
    const bodySize = words[7];
    const isApply = flags & requestLocal && command === 'apply';
    const isOwn = flags & requestLocal && !isApply;
    const callBridge = pageBridge();
    if (!isOwn && !callBridge) return 1;
    waiting.add(id);
    /** @type {Promise<any>} */
    let answer;
    try {
      let payload = json === '' ? undefined : JSON.parse(json);
      if (isOwn) {
        answer = requests.commands[command](id, payload, flags & requestBody ? bytes.slice(bodyAt, bodyAt + bodySize) : undefined);
      } else {
        if (flags & requestFunctions) payload = addCallbacks(id, payload, JSON.parse(text(bodyAt, bodySize)));
        else if (flags & requestBody) payload.fetchRequestInit.body = text(bodyAt, bodySize);
        answer = Promise.resolve(isApply ? apply(payload) : (early.take(command, payload) ?? callBridge?.(command, payload)));
      }
    } catch (error) {
      answer = Promise.reject(error);
    }
    answer.then((value) => settle(id, () => {
      if (isOwn) return value;
      if (kept.has(id)) kept.set(id, value);
      return encodeAnswer(value, flags & requestFetch);
    }), (error) => refuse(id, error));
    return 0;
  }

  /** The answers that the program still uses, by their call; undefined until they come. @type {Map<number, any>} */
  const kept = new Map();

  /**
   * Puts functions into a payload, and has the call's answer kept.
   *
   * @param {number} id @param {any} payload @param {[number, string][]} callbacks each with its number and its place
   * @returns {any} the payload; the function itself if its place is empty
   */
  function addCallbacks(id, payload, callbacks) {
    const root = { payload };
    for (const [callback, path] of callbacks) {
      const names = ['payload', ...(path ? path.split('.') : [])];
      const last = /** @type {string} */ (names.pop());
      const target = names.reduce((/** @type {any} */ object, name) => object[name], root);
      target[last] = (/** @type {unknown[]} */ ...args) => {
        const answer = { flags: answerCallback, payload: encodeArguments(args), body: '' };
        // Not now: a host that calls it while it is asked finds the program in the middle of send.
        queueMicrotask(() => kept.has(id) && post(callback, answer));
      };
    }
    kept.set(id, undefined);
    return root.payload;
  }

  /** Calls a function of a kept answer. @param {{object: number, name: string, arguments: unknown[]}} what */
  function apply({ object, name, arguments: args }) {
    const value = kept.get(object);
    return name === '' ? value(...args) : value[name](...args);
  }

  /** @param {number} id @param {() => Answer} encode */
  function settle(id, encode) {
    if (!waiting.delete(id)) return;
    let answer;
    try {
      answer = encode();
    } catch (error) {
      answer = encodeError(error); // a cycle, a getter that throws
    }
    post(id, answer);
  }

  /** @param {number} id @param {unknown} error */
  function refuse(id, error) {
    if (waiting.delete(id)) post(id, encodeError(error));
  }

  /** How much of the inbox is used by answers that are not delivered yet, one behind the other. */
  let used = 0;
  let woken = false;
  /** The answer that is being written: its number and flags, and how many bytes of each part are written. */
  let head = [0, 0, 0, 0];
  /** What is not written yet of its payload and of its body. @type {(string | Uint8Array)[]} */
  let parts = [];

  /** Keeps an answer until the end of the tick; a large one is delivered at once. @param {number} id @param {Answer} answer */
  function post(id, { flags, payload, body }) {
    const length = payload.length + body.length;
    const most = 16 + 3 * length; // in UTF-8 a character takes at most three bytes for each of its units
    if (used + most > inboxSize) flush();
    look();
    head = [id, flags, 0, 0];
    parts = [payload, body];
    if (most <= inboxSize) {
      const end = write(inboxAt + used + 16, inboxAt + inboxSize);
      writeHead();
      used = end - inboxAt;
    } else {
      deliver(0, length);
    }
    if (woken) return;
    woken = true;
    queueMicrotask(wake);
  }

  /** Writes of the parts what there is room for. Bytes are alone, and have the room that they need. @param {number} at @param {number} end @returns {number} where it ended */
  function write(at, end) {
    for (let i = 0; i < 2; i++) {
      const part = parts[i];
      const room = bytes.subarray(at, end);
      let read = part.length;
      let written = read;
      if (typeof part === 'string') ({ read, written } = encoder.encodeInto(part, room));
      else room.set(part);
      parts[i] = part.slice(read);
      head[2 + i] += written;
      at += written;
      if (parts[i].length > 0) break;
    }
    return at;
  }

  function writeHead() {
    head.forEach((n, i) => view.setUint32(inboxAt + used + 4 * i, n, true));
  }

  function flush() {
    if (used > 0) deliver(used, 0);
    used = 0;
  }

  /** @param {number} inside how many bytes lie in the inbox @param {number} outside if there are none, the length of a large answer, which take will write */
  function deliver(inside, outside) {
    if (!go.exited) exports.forgego_deliver(inside, outside);
  }

  /** Lets the program go on with all answers of this tick. */
  function wake() {
    woken = false;
    flush();
    if (go.exited) return;
    // TinyGo's _resume wants an event to handle.
    if (exports.go_scheduler) exports.go_scheduler();
    else go._resume();
  }

  return {
    send,
    /** Tells where in memory the words and the inbox are. @param {number[]} places */
    attach(...places) {
      [wordsAt, inboxAt, inboxSize] = places;
    },
    take() {
      look();
      words[0] = write(words[0], words[1]);
      words[1] = parts[0].length + parts[1].length;
      writeHead();
    },
    forget() {
      look();
      waiting.delete(words[0]);
      kept.delete(words[0]);
      requests.stop(words[0]);
    },
    /** Set by start. @type {(title: string, detail: string, stack: string) => void} */
    fail: () => {},
  };
}
