// The command invoke, which performs invoke, invokeRemote and invokeService.
import { isRecord } from '../wire.js';
import { HostError, hostError } from './hosterror.js';
import { askServer } from './server.js';

/** @typedef {import('./commands.js').Call} Call */

/** @type {import('./commands.js').Commands[string]} */
export const invoke = async (payload, call) => {
  const input = isRecord(payload) ? payload : {};
  if (input.invokeType === undefined) return invokeFunction(input, call);
  if (input.invokeType === 'ui-remote-fetch') return invokeEndpoint('invokeRemote', input, call);
  if (input.invokeType === 'ui-container-fetch') return invokeEndpoint('invokeService', input, call);
  throw new HostError(
    `The local host has no invocations of the type "${input.invokeType}". It performs invoke, invokeRemote and invokeService.`,
    'UNSUPPORTED_INVOKE',
  );
};

/** Atlassian's limit for one user, in calls per minute. The local host reports it but does not enforce it. */
const limit = 1200;
const minute = 60_000;

/** When the calls of the last minute were made, by performance.now, because Date.now can be set. @type {number[]} */
let recent = [];

/** Counts a call and returns the state of the limit, as the documentation of invoke describes it. */
const countCall = () => {
  const now = performance.now();
  recent = [...recent.filter((time) => time > now - minute), now];
  return {
    rateLimitValue: limit,
    rateLimitRemaining: Math.max(0, limit - recent.length),
    rateLimitReset: Math.ceil((Date.now() + recent[0] + minute - now) / 1000),
  };
};

/**
 * Performs invoke. The server calls the app's handler, or what forgego.yml names instead.
 * @param {Record<string, unknown>} input
 * @param {Call} call
 */
const invokeFunction = async ({ functionKey, payload, metadata }, { moduleKey, place, note }) => {
  const key = String(functionKey);
  note({ remote: 'resolver', request: key });
  const rateLimitProperties = countCall();
  const { result, from } = await askServer('function', {
    moduleKey,
    view: place.view,
    functionKey: key,
    payload,
    origin: new URL(place.url).origin,
  });
  note({ status: `done (${from})` });
  if (!isRecord(metadata)) return result;
  return { body: result, metadata: metadata.rateLimitProperties ? { rateLimitProperties } : {} };
};

/**
 * @param {'invokeRemote' | 'invokeService'} name
 * @param {Record<string, unknown>} input
 * @param {Call} call
 */
const invokeEndpoint = async (name, { path, method, headers, body, invokeType }, { moduleKey, place, note }) => {
  note({ request: `${method} ${path}` });
  if (typeof path !== 'string') throw new HostError(`${name} needs a path.`, 'INVALID_REQUEST');
  for (const [header, value] of Object.entries(headers ?? {})) {
    if (typeof value !== 'string') {
      throw new HostError(`The header "${header}" of ${name} is not a string.`, 'INVALID_REQUEST');
    }
  }
  const { success, payload, error, to } = await askServer('invoke', {
    moduleKey,
    view: place.view,
    invokeType,
    input: { path, method: String(method), headers, body },
  });
  if (to) note({ remote: String(to) });
  if (!success) throw hostError(error);
  note({ status: String(isRecord(payload) && payload.status) });
  return { success, payload };
};
