// Carries a program's calls to the bridge and returns the answers. bridge/host_js.go is the other end, and describes the bytes.

// @ts-check

/**
 * @import { Answer } from './answer.js'
 * @import { EarlyCalls } from './early.js'
 */

import { encodeAnswer, encodeArguments, encodeError } from './answer.js';
import { pageBridge } from './bridge.js';
import { answerCallback, answerLong, requestBody, requestFunctions, requestLocal } from './flags.js';
import { newReplies } from './replies.js';
import { ownRequests } from './request.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Makes the port through which one program reaches the bridge.
 *
 * @param {any} go @param {any} exports the program's @param {EarlyCalls} early
 */
export function connect(go, exports, early) {
  /** @type {WebAssembly.Memory} */
  const memory = exports.mem ?? exports.memory;
  let [wordsAt, inboxAt, inboxSize] = [0, 0, 0];
  // Views of the memory; look updates them.
  let bytes = new Uint8Array(0);
  let words = new Uint32Array(0);
  let heads = words;
  /** The calls that the program waits for. @type {Set<number>} */
  const waiting = new Set();
  const requests = ownRequests();

  /** Updates the views. When the memory grows, its old views are detached. */
  function look() {
    if (bytes.length > 0) return;
    bytes = new Uint8Array(memory.buffer);
    words = new Uint32Array(memory.buffer, wordsAt, 6);
    heads = new Uint32Array(memory.buffer, inboxAt, inboxSize / 4);
  }

  /** @param {number} from @param {number} to */
  const text = (from, to) => decoder.decode(bytes.subarray(from, to));

  /** Starts a call. @returns {number} 1 if there is no bridge */
  function send() {
    look();
    const [id, flags, callAt, callEnd, bodyAt, bodyEnd] = words;
    const callBridge = pageBridge();
    if (!callBridge && !(flags & requestLocal)) return 1;
    waiting.add(id);
    /** @type {any} */
    let request;
    /** @type {Promise<any>} */
    let answer;
    try {
      let [command, payload, ...more] = JSON.parse(text(callAt, callEnd));
      if (more.length) throw new Error('the payload is more than one JSON value');
      request = flags & requestLocal && requests.commands[command];
      if (request) {
        answer = request(id, payload, flags & requestBody ? bytes.slice(bodyAt, bodyEnd) : undefined);
      } else {
        if (flags & requestFunctions) payload = addCallbacks(id, payload, JSON.parse(text(bodyAt, bodyEnd)));
        else if (flags & requestBody) payload.fetchRequestInit.body = text(bodyAt, bodyEnd);
        answer = Promise.resolve(
          flags & requestLocal
            ? local[command](payload)
            : (early.take(command, payload) ?? callBridge?.(command, payload)),
        );
      }
    } catch (error) {
      answer = Promise.reject(error);
    }
    answer.then(
      (value) =>
        settle(id, () => {
          if (request) return value;
          if (kept.has(id)) kept.set(id, value);
          return encodeAnswer(value, flags, kept.has(id));
        }),
      (error) => settle(id, () => encodeError(error)),
    );
    return 0;
  }

  /** The answers that the program still uses, by call number; undefined until they arrive. @type {Map<number, any>} */
  const kept = new Map();

  /**
   * Puts functions into a payload, and marks the call so that its answer is kept.
   *
   * @param {number} id @param {any} payload
   * @param {[number, string, boolean][]} callbacks each with its number, its path, and whether the host gets its result
   * @returns {any} the payload, or the function itself if its path is empty
   */
  function addCallbacks(id, payload, callbacks) {
    const root = { payload };
    for (const [callback, path, hasResult] of callbacks) {
      const names = ['payload', ...(path ? path.split('.') : [])];
      const last = /** @type {string} */ (names.pop());
      const target = names.reduce((/** @type {any} */ object, name) => object?.[name], root);
      if (!target) throw new TypeError('no member ' + path); // in each engine's own words otherwise
      target[last] = (/** @type {unknown[]} */ ...args) => {
        let payload = encodeArguments(args); // first, because it may throw
        const [number, promise] = hasResult ? replies.expect(id) : [];
        if (number) payload = number + ':' + payload;
        // Do not post at once: if the host calls the function during the call, the program is still in send.
        queueMicrotask(() =>
          kept.has(id) ? post(callback, { flags: answerCallback, payload, body: '' }) : replies.forget(id),
        );
        return promise;
      };
    }
    kept.set(id, undefined);
    return root.payload;
  }

  /** Calls a function of a kept answer. @param {{object: number, name: string, arguments: unknown[]}} what */
  function apply({ object, name, arguments: args }) {
    let value = kept.get(object);
    const path = name.split('.');
    const last = /** @type {string} */ (path.pop());
    for (const member of path) value = value[member];
    return last === '' ? value(...args) : value[last](...args);
  }

  const replies = newReplies();
  /** The commands of the program to this script. @type {Record<string, (payload: any) => unknown>} */
  const local = { apply, answer: replies.settle };

  /** @param {number} id @param {() => Answer} encode */
  function settle(id, encode) {
    if (!waiting.delete(id)) return;
    let answer;
    try {
      answer = encode();
    } catch (error) {
      answer = encodeError(error); // JSON.stringify failed: a cycle, a getter that throws
    }
    post(id, answer);
  }

  /** The answers that are not delivered yet, and the free bytes in the inbox. @type {[number, number, string, string | Uint8Array][]} */
  let ready = [];
  let room = 0;
  let woken = false;
  /** The payload and the body of each long answer, without what the program has taken. @type {Map<number, (string | Uint8Array)[]>} */
  const long = new Map();

  /** Queues an answer until the end of the tick. A long one is delivered at once. @param {number} id @param {Answer} answer */
  function post(id, { flags, payload, body }) {
    const length = payload.length + body.length;
    // A text of 4096 UTF-16 code units has at most three times as many bytes.
    if (room < 13e3) flush();
    room -= 16 + 3 * length;
    if (length > 4096 || typeof body !== 'string') {
      long.set(id, [payload, body]);
      flags |= answerLong;
      room = 0;
    }
    ready.push([id, flags, payload, body]);
    if (woken) return;
    woken = true;
    queueMicrotask(wake);
  }

  /** Delivers the queued answers: first their heads, then all their texts. */
  function flush() {
    room = inboxSize;
    if (ready.length === 0 || go.exited) return;
    look();
    const start = 16 * ready.length;
    let texts = '';
    for (const [, flags, payload, body] of ready) if (!(flags & answerLong)) texts += payload + body;
    const { written } = encoder.encodeInto(texts, bytes.subarray(inboxAt + start, inboxAt + inboxSize));
    let at = 0;
    for (const [id, flags, ...parts] of ready) {
      const wide = written > texts.length && !(flags & answerLong);
      const sizes = parts.map((part) => (wide ? encoder.encode(/** @type {string} */ (part)) : part).length);
      heads.set([id, flags, ...sizes], at);
      at += 4;
    }
    const count = ready.length;
    ready = [];
    exports.forgego_deliver(count, start + written);
  }

  /** Resumes the program with all answers of this tick. */
  function wake() {
    woken = false;
    flush();
    if (go.exited) return;
    // TinyGo's _resume needs an event to handle.
    if (exports.go_scheduler) exports.go_scheduler();
    else go._resume();
  }

  return {
    send,
    /** Sets where in memory the words and the inbox are. @param {number[]} places */
    attach(...places) {
      [wordsAt, inboxAt, inboxSize] = places;
    },
    /** Writes as much of the next part of a long answer as fits between two addresses. Bytes always fit. */
    take() {
      look();
      const [at, end, id] = words;
      const parts = /** @type {(string | Uint8Array)[]} */ (long.get(id));
      const [part] = parts;
      const free = bytes.subarray(at, end);
      let read = part.length;
      let written = read;
      if (typeof part === 'string') ({ read, written } = encoder.encodeInto(part, free));
      else free.set(part);
      const rest = part.slice(read);
      words.set([at + written, rest.length]);
      if (rest.length) parts[0] = rest;
      else parts.shift();
      if (!parts.length) long.delete(id);
    },
    forget() {
      look();
      waiting.delete(words[0]);
      kept.delete(words[0]);
      long.delete(words[0]);
      replies.forget(words[0]);
      requests.stop(words[0]);
    },
  };
}
