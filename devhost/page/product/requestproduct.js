// The command fetchProduct, for requestJira, requestConfluence and requestBitbucket. The request goes to the local host's
// server. The server answers as forgego.yml says, or sends the request on with the credentials of forgego.yml.
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { encodeForm } from './multipart.js';
import { answerOf, readInit } from './requestremote.js';
import { askServer } from './server.js';

/** @type {import('./commands.js').Commands[string]} */
export const fetchProduct = async (payload, { note }) => {
  const { product, restPath, fetchRequestInit, isMultipartFormData } = isRecord(payload) ? payload : {};
  if (typeof product !== 'string' || typeof restPath !== 'string') {
    throw new HostError('fetchProduct needs a product and the path of its REST API.', 'INVALID_REQUEST');
  }
  // Request treats the method and the body as fetch does. Its address is not used.
  const init = readInit(isRecord(fetchRequestInit) ? fetchRequestInit : {}, isMultipartFormData);
  if (init.body instanceof FormData) init.body = encodeForm(init.body);
  const request = new Request('/', init);
  note({ remote: product, request: `${request.method} ${restPath}` });
  const bytes = new Uint8Array(await request.arrayBuffer());
  const { status, statusText, headers, body, from } = await askServer('product', {
    product,
    method: request.method,
    path: restPath,
    headers: [...request.headers],
    body: bytes.length > 0 ? toBase64(bytes) : null,
  });
  note({ status: `${status} ${statusText} (${from})` });
  return answerOf(
    newResponse(
      Number(status),
      String(statusText),
      /** @type {Record<string, string>} */ (headers),
      String(body ?? ''),
    ),
  );
};

/**
 * @param {number} status
 * @param {string} statusText
 * @param {Record<string, string>} headers
 * @param {string} base64 the body
 */
const newResponse = (status, statusText, headers, base64) => {
  const empty = base64 === '' || status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : fromBase64(base64), { status, statusText, headers });
};

/** @param {string} base64 */
const fromBase64 = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** @param {Uint8Array} bytes */
const toBase64 = (bytes) => {
  let binary = '';
  // In pieces, because the number of arguments of a call is limited.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
};
