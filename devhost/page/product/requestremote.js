// requestRemote as the product's page performs it: with the page's own fetch, so that the remote's CORS is real.
import { HostError } from './server.js';
import { isRecord } from '../wire.js';

/** @typedef {{remoteKey: string, path: string, init: RequestInit}} RemoteRequest */
/** @typedef {{body: string, headers: Record<string, string>, status: number, statusText: string, isAttachment: boolean}} RemoteAnswer */

/** The members of the app's RequestInit that the page passes on. Credentials are never sent, and CORS is never off. */
const passedOn = /** @type {const} */ (['cache', 'integrity', 'keepalive', 'redirect', 'referrerPolicy']);

/**
 * Reads the payload of the command fetchRemote, as the official client sends it.
 * @param {unknown} payload
 * @returns {RemoteRequest}
 */
export const readRequest = (payload) => {
  const { remoteKey, fetchRequestInit, isMultipartFormData } = isRecord(payload) ? payload : {};
  if (typeof remoteKey !== 'string') throw new HostError('requestRemote needs the key of a remote.', 'INVALID_REQUEST');
  const given = isRecord(fetchRequestInit) ? fetchRequestInit : {};
  return { remoteKey, path: String(given.path ?? ''), init: readInit(given, isMultipartFormData) };
};

/**
 * Reads what the official client sends of a RequestInit.
 * @param {Record<string, unknown>} given fetchRequestInit
 * @param {unknown} isMultipartFormData
 */
export const readInit = (given, isMultipartFormData) => {
  /** @type {RequestInit} */
  const init = { credentials: 'omit', mode: 'cors', headers: readHeaders(given.headers) };
  for (const name of passedOn) if (given[name] !== undefined) Object.assign(init, { [name]: given[name] });
  // As it was written: fetch itself makes "post" POST and leaves "patch" alone.
  if (given.method !== undefined) init.method = String(given.method);
  // The official client says "" where there is no body, and fetch refuses even that for HEAD.
  if (isMultipartFormData) {
    init.body = formData(String(given.body));
    // fetch names the boundary that it makes; the payload's type was that of the JSON text.
    /** @type {Headers} */ (init.headers).delete('content-type');
  } else if (given.body !== undefined && given.body !== null && given.body !== '') {
    init.body = /** @type {BodyInit} */ (given.body);
  }
  return init;
};

/**
 * The app's headers, without its own authorization: that header is where the invocation token goes. What Atlassian's
 * page does with the app's own is not known; sending both would give the remote neither.
 * @param {unknown} given
 */
const readHeaders = (given) => {
  const headers = new Headers(/** @type {HeadersInit} */ (given ?? []));
  headers.delete('authorization');
  return headers;
};

/**
 * Rebuilds a form from the official client's JSON: a file is a data URL in a field whose name begins with "file", and
 * its name and type are in two fields beside it.
 * @param {string} json
 */
const formData = (json) => {
  const fields = JSON.parse(json);
  const form = new FormData();
  const files = Object.keys(fields).filter((name) => name.startsWith('file') && `__${name}Name` in fields);
  const beside = new Set(files.flatMap((name) => [`__${name}Name`, `__${name}Type`]));
  for (const [name, value] of Object.entries(fields)) {
    if (beside.has(name)) continue;
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
 * A file's type may have commas of its own; base64 has none.
 * @param {string} dataURL
 */
const bytesOf = (dataURL) => {
  const comma = dataURL.lastIndexOf(',');
  return Uint8Array.from(atob(comma < 0 ? '' : dataURL.slice(comma + 1)), (character) => character.charCodeAt(0));
};

/**
 * The path is appended to the base URL as it is. It must lead neither to another origin, because the token would go
 * there, nor out of the base URL's own path. internal/weburl has the same rule in Go.
 * @param {string} baseUrl
 * @param {string} path
 */
export const remoteURL = (baseUrl, path) => {
  const base = new URL(baseUrl);
  const refuse = (/** @type {string} */ to) => new HostError(`The path "${path}" does not lead to ${to}`, 'INVALID_REQUEST');
  const url = URL.canParse(baseUrl + path) ? new URL(baseUrl + path) : undefined;
  if (url?.origin !== base.origin || url.username || url.password) throw refuse(`${base.origin}; begin it with a slash.`);
  if (url.pathname !== base.pathname && !url.pathname.startsWith(base.pathname.replace(/\/?$/, '/'))) {
    throw refuse(`${base.href}; it leads out of the path of the base URL.`);
  }
  return url.href;
};

/**
 * @param {RemoteRequest} request
 * @param {import('./server.js').Token} token
 * @returns {Promise<RemoteAnswer>} rejects with fetch's own TypeError if the remote cannot be reached or refuses CORS
 */
export const send = async ({ path, init }, { jwt, baseUrl }) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${jwt}`);
  return answerOf(await fetch(remoteURL(baseUrl, path), { ...init, headers }));
};

/**
 * Gives a response as it crosses the bridge.
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
  return type === '' || type.startsWith('text/') || /^application\/(json|xml|javascript|x-www-form-urlencoded|x-ndjson|graphql|yaml)$|\+(json|xml)$/.test(type);
};

/**
 * Text crosses as a string only if the string gives the same bytes again.
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
 * The official client takes what is behind the first comma for the bytes and the type from the headers, so that a type
 * with a comma must not be in the URL.
 * @param {ArrayBuffer} bytes
 * @returns {Promise<string>} empty for no bytes
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
