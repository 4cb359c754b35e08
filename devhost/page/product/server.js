// The product page's calls to the local host's own server.
import { isRecord } from '../wire.js';
import { HostError, hostError } from './hosterror.js';
import { keyFromOtherWindow, pageKey } from './pagekey.js';
import { chosen } from './session.js';
import { noAnswer } from './socket.js';

/**
 * Calls the server's API and returns the answer.
 * @param {'answer' | 'used' | 'token' | 'invoke' | 'context' | 'diagnosis' | 'faults' | 'product' | 'function' | 'trigger' | 'graph' | 'recommendations' | 'flags' | 'locale' | 'open' | 'extension' | 'extension/read' | 'saved' | 'permissions' | 'report' | 'realtime/subscribe' | 'realtime/unsubscribe' | 'realtime/publish'} name
 * @param {unknown} input
 * @returns {Promise<Record<string, unknown>>}
 */
export const askServer = async (name, input) => {
  const output = await post(name, input);
  const { error } = output;
  // Each start of forgego makes a new key. This window may have an old key or none.
  if (isRecord(error) && error.code === 'KEY_REQUIRED' && (await keyFromOtherWindow())) {
    return checked(await post(name, input));
  }
  return checked(output);
};

/**
 * @param {string} name
 * @param {unknown} input
 * @returns {Promise<Record<string, unknown>>}
 */
const post = async (name, input) => {
  const body = JSON.stringify(input);
  let response;
  try {
    response = await fetch(`/_host/${name}${chosen()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forgego-key': pageKey() },
      body,
    });
  } catch {
    throw noAnswer();
  }
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('application/json')) {
    throw new HostError(text.trim() || `The local host answered ${response.status}.`, 'HOST_REFUSED');
  }
  return JSON.parse(text);
};

/**
 * Throws the error of an answer. An answer with "success" is an invocation, and the caller reads its error.
 * @param {Record<string, unknown>} output
 */
const checked = (output) => {
  if (output.error && !('success' in output)) throw hostError(output.error);
  return output;
};

/**
 * Saves what a view of a module has submitted, for all its views. Resolves to false if it is not documented that the view saves
 * a value.
 * @param {string} moduleKey
 * @param {string} view empty for the module's own resource
 * @param {unknown} payload
 */
export const saveView = async (moduleKey, view, payload) => {
  if (!view) return false;
  return (await askServer('saved', { moduleKey, view, payload })).saved === true;
};
