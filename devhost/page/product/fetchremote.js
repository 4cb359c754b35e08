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
  const started = performance.now();
  const answer = await send(request, token).catch(async (error) => {
    // The browser does not say why its fetch fails. The app gets what it would get from a product; the rest is for the
    // developer.
    const detail = error instanceof TypeError && (await diagnose(request, performance.now() - started));
    throw detail ? Object.assign(error, { detail }) : error;
  });
  note({ status: `${answer.status} ${answer.statusText}`.trim() });
  return answer;
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
 * @returns {Promise<string>} empty if the host does not know it
 */
const diagnose = async ({ remoteKey, path, init }, ms) => {
  const { method } = init;
  const headers = namesToAllow(new Headers(init.headers));
  const answer = await askServer('diagnosis', { remoteKey, method, path, headers, ms: Math.ceil(ms) }).catch(
    () => ({}),
  );
  return String(/** @type {Record<string, unknown>} */ (answer).text ?? '');
};
