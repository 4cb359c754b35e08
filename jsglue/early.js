// Starts calls while the program loads.

// @ts-check

import { pageBridge } from './bridge.js';

/**
 * The calls that have started. begun rejects if they could not start; it is only in the ES module.
 *
 * @typedef {{take: (command: string, payload: unknown) => unknown, end: () => void, begun?: Promise<unknown>}} EarlyCalls
 */

/**
 * Starts calls that the program will make. Only calls that change nothing are possible.
 *
 * @param {string[]} names @returns {EarlyCalls}
 */
export function beginEarly(names) {
  /** By the JSON of the call: its name in data-early, and its answer. @type {Map<string, [string, Promise<unknown>]>} */
  const begun = new Map();
  const callBridge = pageBridge();
  const begunAt = Date.now();
  for (const name of names) {
    const call = earlyCall(name);
    const key = JSON.stringify(call);
    if (!callBridge || begun.has(key)) continue;
    const answer = new Promise((resolve) => resolve(callBridge(...call)));
    answer.catch(() => {}); // the program gets the error when it makes the call
    begun.set(key, [name, answer]);
  }
  return {
    /** Returns the answer to the same call, once. @param {string} command @param {unknown} payload */
    take(command, payload) {
      if (begun.size === 0) return undefined;
      const key = JSON.stringify([command, payload]).replace('"method":"GET",', ''); // the default
      const answer = begun.get(key)?.[1];
      begun.delete(key);
      // A token is valid for 25 s, and a laptop may sleep while the program loads.
      return Date.now() - begunAt > 20e3 ? undefined : answer;
    },
    end() {
      for (const [name] of begun.values()) {
        console.warn('"' + name + '" was called early, but the program did not use it. Remove it from data-early.');
      }
      begun.clear();
    },
  };
}

/** @param {string} name @returns {[string, unknown]} the command and its payload */
function earlyCall(name) {
  const [, kind, remoteKey, path] = /^(get|token):([^/]+)(\/.*)?$/.exec(name) ?? [];
  if (name === 'getContext') return [name, undefined];
  if (kind === 'token' && !path) return ['signInvocationTokenForUI', { remoteKey }];
  if (kind === 'get' && path) {
    return [
      'fetchRemote',
      { remoteKey, fetchRequestInit: { path, headers: [], body: null }, isMultipartFormData: false },
    ];
  }
  throw Error('"' + name + '" in data-early is not getContext, get:KEY/PATH or token:KEY.');
}
