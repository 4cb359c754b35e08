// The command fetchRemote, for requestRemote. The product page sends the request with its own fetch, as on Atlassian's
// sites, so that the remote's CORS headers take effect.
import { readRequest, send } from './requestremote.js';
import { askServer } from './server.js';

/** @typedef {import('./requestremote.js').RemoteRequest} RemoteRequest */

/** @type {import('./commands.js').Commands[string]} */
export const fetchRemote = async (payload, { tokens, note }) => {
  const request = readRequest(payload);
  note({ remote: request.remoteKey, request: `${request.init.method ?? 'GET'} ${request.path || '/'}` });
  const token = await tokens.get(request.remoteKey);
  let answer = await sendOrExplain(request, token);
  let repeated = '';
  if (answer.status === 401) {
    // The signing key has changed: "Revoke tokens", or another start of the host. If there is no new token, the answer stays.
    const next = await tokens.replace(request.remoteKey, token).catch(() => undefined);
    if (next) {
      answer = await sendOrExplain(request, next);
      next.isRefused = answer.status === 401;
      repeated = ', sent again with a new token after 401';
    }
  }
  note({ status: `${answer.status} ${answer.statusText}`.trim() + repeated });
  return answer;
};

/**
 * Sends a request. The browser does not say why its fetch fails. The app gets what it would get from a product; the detail
 * is for the developer.
 * @param {RemoteRequest} request
 * @param {import('./fit.js').Token} token
 */
const sendOrExplain = async (request, token) => {
  const started = performance.now();
  try {
    return await send(request, token);
  } catch (error) {
    const detail = error instanceof TypeError && (await diagnose(request, performance.now() - started));
    throw detail ? Object.assign(error, { detail }) : error;
  }
};

/** Those names of header fields for which a browser asks no permission, if the value is plain. */
const safelisted = new Set(['accept', 'accept-language', 'content-language']);
const plainTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

/**
 * Returns the names of the header fields for which the browser asks the remote's permission.
 * Source: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 * @param {Headers} headers
 */
export const namesToAllow = (headers) => [
  'authorization',
  ...[...headers]
    .filter(([name, value]) =>
      value.length > 128 ? true : name === 'content-type' ? !plainTypes.test(value) : !safelisted.has(name),
    )
    .map(([name]) => name),
];

/**
 * Asks the host why a request got no answer. The host does not repeat the request.
 * @param {RemoteRequest} request
 * @param {number} ms how long it took
 * @returns {Promise<string>} empty if the host does not know it. If the host cannot be asked, it says why
 */
const diagnose = async ({ remoteKey, path, init }, ms) => {
  const { method } = init;
  const headers = namesToAllow(new Headers(init.headers));
  try {
    const { text } = await askServer('diagnosis', { remoteKey, method, path, headers, ms: Math.ceil(ms) });
    return String(text ?? '');
  } catch (error) {
    const { code, message } = /** @type {import('./hosterror.js').HostError} */ (error);
    return code === 'HOST_GONE' ? message : '';
  }
};
