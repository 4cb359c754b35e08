// Takes a program's calls out of its memory, and writes the answers into it. bridge/host_js.go is the other end, and
// describes the bytes.

// @ts-check

/**
 * @import { Answer } from './answer.js'
 * @import { Post, newCaller } from './calls.js'
 */

import { answerLong, requestBody, requestFunctions, requestLocal } from './flags.js';

export const encoder = new TextEncoder();
export const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Lets the program do what it has to do. @param {any} go @param {any} exports */
export function resume(go, exports) {
  if (go.exited) return;
  // TinyGo's _resume needs an event to handle.
  if (exports.go_scheduler) exports.go_scheduler();
  else go._resume();
}

/**
 * Makes the port through which one program reaches the bridge.
 *
 * @param {any} go @param {any} exports the program's
 * @param {(post: Post) => ReturnType<typeof newCaller>} connectCaller makes what makes the calls
 */
export function connect(go, exports, connectCaller) {
  /** @type {WebAssembly.Memory} */
  const memory = exports.mem ?? exports.memory;
  let [wordsAt, inboxAt, inboxSize] = [0, 0, 0];
  // Views of the memory; look updates them.
  let bytes = new Uint8Array();
  let words = new Uint32Array();
  let heads = words;

  /** Updates the views. When the memory grows, its old views are detached. */
  function look() {
    if (bytes.length) return;
    bytes = new Uint8Array(memory.buffer);
    words = new Uint32Array(memory.buffer, wordsAt, 6);
    heads = new Uint32Array(memory.buffer, inboxAt, inboxSize / 4);
  }

  /** @param {number} from @param {number} to */
  const text = (from, to) => decoder.decode(bytes.subarray(from, to));

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
    for (const [id, flags, payload, body] of ready) {
      const wide = written > texts.length && !(flags & answerLong);
      const size = (/** @type {any} */ part) => (wide ? encoder.encode(part) : part).length;
      heads.set([id, flags, size(payload), size(body)], at);
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
    resume(go, exports);
  }

  const caller = connectCaller(post);
  return {
    /** Starts a call. @returns {number} 1 if there is no bridge */
    send() {
      look();
      const [id, flags, callAt, callEnd, bodyAt, bodyEnd] = words;
      let body;
      if (flags & requestBody) {
        const isBytes = (flags & (requestLocal | requestFunctions)) === requestLocal;
        body = isBytes ? bytes.slice(bodyAt, bodyEnd) : text(bodyAt, bodyEnd);
      }
      return caller.send(id, flags, text(callAt, callEnd), body);
    },
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
      const [id] = words;
      long.delete(id);
      caller.forget(id);
    },
  };
}
