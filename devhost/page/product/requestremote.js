// Requests to remotes: how they are read and sent, and how responses are returned. fetchremote.js and requestproduct.js use
// it.
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';

/** @typedef {{remoteKey: string, path: string, init: RequestInit}} RemoteRequest */
/** @typedef {{body: string, headers: Record<string, string>, status: number, statusText: string, isAttachment: boolean}} RemoteAnswer */

/** The members of the app's RequestInit that the page copies. It never sends credentials and never turns CORS off. */
const copied = /** @type {const} */ (['cache', 'integrity', 'keepalive', 'redirect', 'referrerPolicy']);

/**
 * Reads the payload that the official client sends with fetchRemote.
 * @param {unknown} payload
 * @returns {RemoteRequest}
 */
export const readRequest = (payload) => {
  const { remoteKey, fetchRequestInit, isMultipartFormData } = isRecord(payload) ? payload : {};
  if (typeof remoteKey !== 'string') throw new HostError('requestRemote needs the key of a remote.', 'INVALID_REQUEST');
  const init = isRecord(fetchRequestInit) ? fetchRequestInit : {};
  return { remoteKey, path: String(init.path ?? ''), init: readInit(init, isMultipartFormData) };
};

/**
 * Returns the RequestInit for fetch.
 * @param {Record<string, unknown>} sent the fetchRequestInit of the official client
 * @param {unknown} isMultipartFormData
 */
export const readInit = (sent, isMultipartFormData) => {
  /** @type {RequestInit} */
  const init = { credentials: 'omit', mode: 'cors', headers: readHeaders(sent.headers) };
  for (const name of copied) if (sent[name] !== undefined) Object.assign(init, { [name]: sent[name] });
  // The method is not normalized here: fetch makes "post" POST and does not change "patch".
  if (sent.method !== undefined) init.method = String(sent.method);
  if (isMultipartFormData) {
    init.body = readForm(String(sent.body));
    // The payload has the type of the JSON text. fetch sets the form's type, with the boundary.
    /** @type {Headers} */ (init.headers).delete('content-type');
  } else if (sent.body !== undefined && sent.body !== null && sent.body !== '') {
    // The official client sends "" if there is no body. fetch refuses even an empty body for HEAD.
    init.body = /** @type {BodyInit} */ (sent.body);
  }
  return init;
};

/**
 * Returns the app's headers without "authorization", which carries the invocation token. Atlassian does not document what
 * its product page does with that header.
 * @param {unknown} sent
 */
const readHeaders = (sent) => {
  const headers = new Headers(/** @type {HeadersInit} */ (sent ?? []));
  headers.delete('authorization');
  return headers;
};

/**
 * Reads a form from the official client's JSON. A file is a data URL in a field whose name begins with "file". Two more
 * fields hold the file's name and type.
 * @param {string} json
 */
const readForm = (json) => {
  const fields = JSON.parse(json);
  const form = new FormData();
  const files = Object.keys(fields).filter((name) => name.startsWith('file') && `__${name}Name` in fields);
  const descriptions = new Set(files.flatMap((name) => [`__${name}Name`, `__${name}Type`]));
  for (const [name, value] of Object.entries(fields)) {
    if (descriptions.has(name)) continue;
    if (!files.includes(name)) {
      form.append(name, String(value));
      continue;
    }
    const blob = new Blob([bytesOf(String(value))], { type: String(fields[`__${name}Type`] ?? '') });
    form.append(name, blob, String(fields[`__${name}Name`]));
  }
  return form;
};

/**
 * Returns the bytes of a data URL. Its type may contain commas, but base64 does not, so the last comma counts.
 * @param {string} dataURL
 */
const bytesOf = (dataURL) => {
  const comma = dataURL.lastIndexOf(',');
  return Uint8Array.from(atob(comma < 0 ? '' : dataURL.slice(comma + 1)), (character) => character.charCodeAt(0));
};

/**
 * Appends the path to the base URL and returns the result. Throws if the result has another origin, because the token
 * would be sent there, or if it is outside the base URL's path. internal/weburl has the same rule in Go.
 * @param {string} baseUrl
 * @param {string} path
 */
export const remoteURL = (baseUrl, path) => {
  const base = new URL(baseUrl);
  const refusal = (/** @type {string} */ rest) =>
    new HostError(`The path "${path}" does not lead to ${rest}`, 'INVALID_REQUEST');
  const url = URL.canParse(baseUrl + path) ? new URL(baseUrl + path) : undefined;
  if (url?.origin !== base.origin || url.username || url.password) {
    throw refusal(`${base.origin}; begin it with a slash.`);
  }
  if (url.pathname !== base.pathname && !url.pathname.startsWith(base.pathname.replace(/\/?$/, '/'))) {
    throw refusal(`${base.href}; it leads out of the path of the base URL.`);
  }
  return url.href;
};

/**
 * @param {RemoteRequest} request
 * @param {import('./fit.js').Token} token
 * @returns {Promise<RemoteAnswer>} rejects with fetch's own TypeError if the remote cannot be reached or refuses CORS
 */
export const send = async ({ path, init }, { jwt, baseUrl }) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${jwt}`);
  return answerOf(await fetch(remoteURL(baseUrl, path), { ...init, headers }));
};

/**
 * Returns the bridge's form of a response.
 * @param {Response} response
 * @returns {Promise<RemoteAnswer>}
 */
export const answerOf = async (response) => {
  const bytes = await response.arrayBuffer();
  const contentType = response.headers.get('content-type') ?? '';
  const text = isText(contentType) ? decodeText(bytes) : undefined;
  return {
    body: text ?? (await toDataURL(bytes)),
    headers: Object.fromEntries(response.headers),
    status: response.status,
    statusText: response.statusText,
    isAttachment: text === undefined,
  };
};

/** @param {string} contentType */
const isText = (contentType) => {
  const type = contentType.split(';')[0].trim().toLowerCase();
  return (
    type === '' ||
    type.startsWith('text/') ||
    /^application\/(json|xml|javascript|x-www-form-urlencoded|x-ndjson|graphql|yaml)$|\+(json|xml)$/.test(type)
  );
};

/**
 * Returns the text of valid UTF-8, with a byte order mark if there is one. Returns undefined for other bytes, because a
 * string could not hold them.
 * @param {ArrayBuffer} bytes
 */
const decodeText = (bytes) => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * Returns the bytes as a data URL without the response's type. The official client decodes what follows the first comma and
 * takes the type from the headers. So the URL must not contain a type with a comma.
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>} empty if there are no bytes
 */
const toDataURL = (bytes) =>
  new Promise((resolve, reject) => {
    if (bytes.byteLength === 0) {
      resolve('');
      return;
    }
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
