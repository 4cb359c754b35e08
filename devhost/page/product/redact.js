// Text for the traffic list: without tokens and secrets, and short enough to read.
import { isRecord } from '../wire.js';

/** In characters. */
const maxLength = 20_000;

/** A JWT, or the local host's replacement for an Atlassian OAuth token. */
const token = /eyJ[\w-]+\.[\w-]+\.[\w-]*|forgego-local-\w+/g;
const secretName = /^(proxy-)?authorization$|^(set-)?cookie$|^x-forge-oauth-|^jwt$|token|secret|password/i;

/**
 * Parses a JSON text, so that it is easier to read and its members are checked for secrets, too.
 * @param {string} text
 */
const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text.replace(token, '[hidden token]');
  }
};

/** @param {string} text */
export const withoutTokens = (text) =>
  text.replace(token, '[hidden token]').replace(/\b(Bearer|Basic) \S+/gi, '$1 [hidden]');

/**
 * Replaces a value for JSON.stringify.
 * @param {string} key
 * @param {unknown} value
 * @returns {unknown}
 */
const readable = (key, value) => {
  if (secretName.test(key) && typeof value === 'string') return '[hidden]';
  if (key === 'body' && typeof value === 'string' && /^\s*[[{]/.test(value)) return parsed(value);
  if (typeof value === 'string') return withoutTokens(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Blob) return `[${value.constructor.name}, ${value.size} bytes, ${value.type || 'no type'}]`;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return `[${value.constructor.name}, ${value.byteLength} bytes]`;
  }
  // The official client sends each header as a pair.
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && secretName.test(value[0])) {
    return [value[0], '[hidden]'];
  }
  return value;
};

/**
 * Returns a value as JSON with an indent of two spaces, cut after 20,000 characters.
 * @param {unknown} value
 * @returns {string}
 */
export const describe = (value) => {
  if (value === undefined) return 'undefined';
  let text;
  try {
    text = JSON.stringify(value, readable, 2) ?? String(value);
  } catch (error) {
    text = `This value cannot be shown: ${error instanceof Error ? error.message : error}`;
  }
  return text.length > maxLength ? `${text.slice(0, maxLength)}\n… ${text.length - maxLength} more characters` : text;
};

/** The largest size of a value in a report, in UTF-16 units. */
const maxReport = 16 * 1024;

/**
 * Returns a value for a report: without tokens, and as a text that ends early if its JSON is too long.
 * @param {unknown} value
 * @returns {unknown}
 */
export const forReport = (value) => {
  if (value === undefined) return undefined;
  let text;
  try {
    text = JSON.stringify(value, readable);
  } catch (error) {
    return `This value cannot be shown: ${error instanceof Error ? error.message : error}`;
  }
  if (text === undefined) return undefined;
  return text.length > maxReport
    ? `${text.slice(0, maxReport)}… ${text.length - maxReport} more characters`
    : JSON.parse(text);
};

/**
 * Replaces a value for forTest.
 * @param {string} key
 * @param {unknown} value
 * @returns {unknown}
 */
const plain = (key, value) => {
  if (typeof value === 'function' || typeof value === 'bigint') throw new TypeError('JSON cannot hold this value.');
  if (value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    throw new TypeError('JSON cannot hold this value.');
  if (key === 'body' && typeof value === 'string') return plainBody(value);
  return readable(key, value);
};

/** Hides the secrets in a body, which stays a text. @param {string} body */
const plainBody = (body) => {
  const value = parsed(body);
  if (!isRecord(value)) return withoutTokens(body);
  const safe = JSON.stringify(value, readable);
  return safe === JSON.stringify(value) ? body : safe;
};

/**
 * Returns a value as JSON keeps it, without tokens, for a test. Returns undefined if JSON cannot keep it.
 * @param {unknown} value
 * @returns {{value: unknown} | undefined}
 */
export const forTest = (value) => {
  try {
    const text = JSON.stringify(value, plain);
    return { value: text === undefined ? undefined : JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** Returns a value as one short line. @param {unknown} value */
export const describeBriefly = (value) => describe(value).replace(/\s+/g, ' ').slice(0, 200);
