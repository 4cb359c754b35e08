// Calls that begin before the program can make them.

// @ts-check

import { pageBridge } from './bridge.js';
import { failure } from './failure.js';

/** How long after its start the program may ask for an early call's answer, in ms. Later it would be out of date. */
export const earlyTime = 5000;

/** How old such an answer may be at all, in ms: a token lives for 25 s, and a laptop may sleep while the program loads. */
const longest = 20e3;

/** @typedef {ReturnType<typeof beginEarly>} EarlyCalls */

/**
 * Begins calls that the program is going to make. Only such as change nothing can be among them.
 *
 * @param {string[]} names
 */
export function beginEarly(names) {
  /** By what tells one call from another: its name here, and its answer. @type {Map<string, [string, Promise<unknown>]>} */
  const begun = new Map();
  const callBridge = pageBridge();
  const begunAt = Date.now();
  for (const name of names) {
    const call = earlyCall(name);
    const key = JSON.stringify(call);
    if (!callBridge || begun.has(key)) continue;
    const answer = new Promise((resolve) => resolve(callBridge(...call)));
    answer.catch(() => {}); // its error is the program's, which may come later
    begun.set(key, [name, answer]);
  }
  return {
    /** Gives the answer of the same call, once. @param {string} command @param {unknown} payload */
    take(command, payload) {
      if (begun.size === 0) return undefined;
      const key = JSON.stringify([command, payload]).replace('"method":"GET",', ''); // which goes without saying
      const answer = begun.get(key)?.[1];
      begun.delete(key);
      return Date.now() - begunAt > longest ? undefined : answer;
    },
    end() {
      for (const [name] of begun.values()) console.warn('"' + name + '" was called early, and the program did not ask for it. Take it out of data-early.');
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
    return ['fetchRemote', { remoteKey, fetchRequestInit: { path, headers: [], body: null }, isMultipartFormData: false }];
  }
  throw failure('There is no such early call.', '"' + name + '" is none of getContext, get:KEY/PATH and token:KEY. Change data-early.');
}
