// Makes a program's calls at the bridge. memory.js takes them out of the program's memory and writes the answers into it.

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

/**
 * Takes the answer to a call, or a call of a callback.
 *
 * @typedef {(id: number, answer: Answer) => void} Post
 */

/**
 * Finds the place of a member: its object, which may be undefined, and its name.
 *
 * @param {any} object @param {string} path with points between the names @returns {[any, string]}
 */
function find(object, path) {
  const names = path.split('.');
  const last = /** @type {string} */ (names.pop());
  return [names.reduce((object, name) => object?.[name], object), last];
}

/**
 * Makes the calls of one program.
 *
 * @param {EarlyCalls} early @param {Post} post
 */
export function newCaller(early, post) {
  /** The calls that the program waits for. @type {Set<number>} */
  const waiting = new Set();
  const requests = ownRequests();

  /**
   * Starts a call.
   *
   * @param {number} id @param {number} flags @param {string} call the command and the payload, as a JSON array
   * @param {any} body text; or bytes, if the page itself makes the request; or undefined
   * @returns {number} 1 if there is no bridge
   */
  function send(id, flags, call, body) {
    const callBridge = pageBridge();
    if (!callBridge && !(flags & requestLocal)) return 1;
    waiting.add(id);
    // What throws here rejects the promise.
    new Promise((resolve) => {
      let [command, payload, ...more] = JSON.parse(call);
      if (more.length) throw new Error('the payload is more than one JSON value');
      if (flags & requestFunctions) payload = addCallbacks(id, payload, JSON.parse(body));
      if (flags & requestLocal) return resolve(local[command](payload, id, body));
      if ((flags & (requestBody | requestFunctions)) === requestBody) payload.fetchRequestInit.body = body;
      resolve(early.take(command, payload) ?? callBridge?.(command, payload));
    }).then(
      // Only one then, because more promises would take longer than the rest of a short call in this script.
      (value) => {
        if (kept.has(id)) kept.set(id, value);
        if (waiting.delete(id)) post(id, encodeAnswer(value, flags, kept.has(id)));
      },
      (error) => {
        if (waiting.delete(id)) post(id, encodeError(error));
      },
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
      const [target, last] = find(root, path ? 'payload.' + path : 'payload');
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
    const [value, last] = find(kept.get(object), name);
    return last === '' ? value(...args) : value[last](...args);
  }

  const replies = newReplies();
  /** The commands of the program to this script. @type {Record<string, (payload: any, id: number, body: any) => unknown>} */
  const local = { apply, answer: replies.settle, ...requests.commands };

  return {
    send,
    /** Discards a call: ignores its answer, and stops its request. @param {number} id */
    forget(id) {
      waiting.delete(id);
      kept.delete(id);
      replies.forget(id);
      requests.stop(id);
    },
  };
}
