// Text for the eyes of whoever looks at the traffic: no tokens, and not more than one can read.

/** In characters. */
const longest = 20_000;

/** A JWT, or one of the server's stand-ins for Atlassian's OAuth tokens. */
const token = /eyJ[\w-]+\.[\w-]+\.[\w-]*|forgego-local-\w+/g;
const secretName = /^(proxy-)?authorization$|^(set-)?cookie$|^x-forge-oauth-|^jwt$|token|secret|password/i;

/**
 * A JSON text is easier to read as what it says, and its own members are looked at for secrets, too.
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
export const withoutTokens = (text) => text.replace(token, '[hidden token]').replace(/\b(Bearer|Basic) \S+/gi, '$1 [hidden]');

/**
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
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `[${value.constructor.name}, ${value.byteLength} bytes]`;
  // A header as a pair, the way the official client sends them.
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && secretName.test(value[0])) return [value[0], '[hidden]'];
  return value;
};

/**
 * @param {unknown} value
 * @returns {string} JSON with two spaces, cut after 20,000 characters
 */
export const describe = (value) => {
  if (value === undefined) return 'undefined';
  let text;
  try {
    text = JSON.stringify(value, readable, 2) ?? String(value);
  } catch (error) {
    text = `This cannot be shown: ${error instanceof Error ? error.message : error}`;
  }
  return text.length > longest ? `${text.slice(0, longest)}\n… ${text.length - longest} more characters` : text;
};
