// Carries a program's calls to the bridge and returns the answers. bridge/host_js.go is the other end, and describes the bytes.

// @ts-check

/**
 * @import { Answer } from './answer.js'
 * @import { EarlyCalls } from './early.js'
 */

import { encodeAnswer, encodeArguments, encodeError } from './answer.js';
import { pageBridge } from './bridge.js';
import { answerCallback, requestBody, requestFunctions, requestLocal } from './flags.js';
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
      const target = names.reduce((/** @type {any} */ object, name) => object[name], root);
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

  /** The answers that are not delivered yet, and the free bytes in the inbox. @type {[number, number, string, string][]} */
  let ready = [];
  let room = 0;
  let woken = false;
  /** A large answer: its head, and the parts of its payload and body that take has not written yet. */
  let head = [0, 0, 0, 0];
  /** @type {(string | Uint8Array)[]} */
  let parts = [];

  /** Queues an answer until the end of the tick. A large answer is delivered at once. @param {number} id @param {Answer} answer */
  function post(id, { flags, payload, body }) {
    const length = payload.length + body.length;
    const most = 16 + 3 * length; // in UTF-8, at most three bytes per UTF-16 code unit
    if (most > room) flush();
    if (typeof body === 'string' && most <= room) {
      ready.push([id, flags, payload, body]);
      room -= most;
    } else {
      flush();
      head = [id, flags, 0, 0];
      parts = [payload, body];
      deliver(0, length);
    }
    if (woken) return;
    woken = true;
    queueMicrotask(wake);
  }

  /** Delivers the queued answers: first their heads, then all their texts. */
  function flush() {
    room = inboxSize;
    if (ready.length === 0) return;
    look();
    const start = 16 * ready.length;
    let texts = '';
    for (const answer of ready) texts += answer[2] + answer[3];
    const { written } = encoder.encodeInto(texts, bytes.subarray(inboxAt + start, inboxAt + inboxSize));
    /** @param {string} part */
    const size = (part) => (written > texts.length ? encoder.encode(part) : part).length;
    let at = 0;
    for (const [id, flags, payload, body] of ready) {
      heads.set([id, flags, size(payload), size(body)], at);
      at += 4;
    }
    const count = ready.length;
    ready = [];
    deliver(count, start + written);
  }

  /** @param {number} count the number of answers in the inbox, or 0 for a large one @param {number} size their bytes, or its length */
  function deliver(count, size) {
    if (!go.exited) exports.forgego_deliver(count, size);
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
    /** Writes as much of a large answer as fits between two addresses. A body of bytes has no payload, and always fits. */
    take() {
      look();
      let [at, end] = words;
      for (const [i, part] of parts.entries()) {
        const free = bytes.subarray(at, end);
        let read = part.length;
        let written = read;
        if (typeof part === 'string') ({ read, written } = encoder.encodeInto(part, free));
        else free.set(part);
        at += written;
        head[2 + i] += written;
        parts[i] = part.slice(read);
        if (parts[i].length > 0) break;
      }
      words.set([at, parts[0].length + parts[1].length]);
      heads.set(head);
    },
    forget() {
      look();
      waiting.delete(words[0]);
      kept.delete(words[0]);
      replies.forget(words[0]);
      requests.stop(words[0]);
    },
    /** Set by start. @type {(title: string, detail: string, stack: string) => void} */
    fail: () => {},
  };
}
