// What the product's page asks of its own server.
import { keyFromOtherWindow, pageKey } from './pagekey.js';
import { isRecord } from '../wire.js';

/** An error that the server tells. Its code is fixed, its detail is for the developer and not for the app. */
export class HostError extends Error {
  /**
   * @param {string} message
   * @param {string} code
   * @param {string} [detail]
   */
  constructor(message, code, detail = '') {
    super(message);
    this.name = 'Error';
    this.code = code;
    /** Not passed on to the app: the bridge carries name, message, code and stack. */
    this.detail = detail;
  }
}

/** @param {unknown} error */
export const hostError = (error) => {
  const { message, code, detail } = isRecord(error) ? error : {};
  return new HostError(String(message ?? 'An unexpected error happened'), String(code ?? 'INTERNAL'), String(detail ?? ''));
};

/**
 * @param {'token' | 'invoke' | 'context' | 'faults' | 'product' | 'function' | 'graph' | 'recommendations' | 'flags' | 'locale' | 'permissions' | 'realtime/subscribe' | 'realtime/unsubscribe' | 'realtime/publish'} name
 * @param {unknown} input
 * @returns {Promise<Record<string, unknown>>}
 */
export const askServer = async (name, input) => {
  const output = await post(name, input);
  const { error } = output;
  // The key is of this start of forgego, and this window may have none or an old one.
  if (isRecord(error) && error.code === 'KEY_REQUIRED' && (await keyFromOtherWindow())) return checked(await post(name, input));
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
    response = await fetch(`/_host/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forgego-key': pageKey() }, body });
  } catch {
    throw new HostError('The local host does not answer. Is forgego still running?', 'HOST_GONE');
  }
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('application/json')) {
    throw new HostError(text.trim() || `The local host answered ${response.status}.`, 'HOST_REFUSED');
  }
  return JSON.parse(text);
};

/** @param {Record<string, unknown>} output */
const checked = (output) => {
  if (output.error && !('success' in output)) throw hostError(output.error);
  return output;
};

/** @typedef {{jwt: string, expiresAt: number, baseUrl: string}} Token */

/** A token is renewed this much before it expires, in milliseconds, so that it does not expire on its way. */
const margin = 2000;

/**
 * Makes a function that tells whether a token is still good, from the moment it was minted. The remote compares the
 * token's times with its clock, so that a token is of no use any more when the clock has been set, in either direction.
 * @param {Token} token
 */
const freshness = ({ expiresAt }) => {
  const minted = Date.now();
  const offset = minted - performance.now();
  return () => {
    const now = Date.now();
    return now < expiresAt - margin && Math.abs(now - performance.now() - offset) < margin;
  };
};

/**
 * Gives the invocation tokens of one module. Those that the page itself uses are kept until they expire, and never leave
 * the page.
 */
export class Tokens {
  /** @type {Map<string, Promise<Token & {isFresh: () => boolean}>>} */
  #kept = new Map();
  #moduleKey;

  /** @param {string} moduleKey */
  constructor(moduleKey) {
    this.#moduleKey = moduleKey;
  }

  /**
   * The page's own token.
   * @param {string} remoteKey
   * @returns {Promise<Token>}
   */
  async get(remoteKey) {
    const kept = this.#kept.get(remoteKey);
    if (kept) {
      const token = await kept;
      if (token.isFresh()) return token;
    }
    // Another call may have begun to renew it meanwhile; its token serves this call, too.
    const newer = this.#kept.get(remoteKey);
    if (newer && newer !== kept) return newer;
    const minted = this.mint(remoteKey).then((token) => ({ ...token, isFresh: freshness(token) }));
    this.#kept.set(remoteKey, minted);
    minted.catch(() => {
      if (this.#kept.get(remoteKey) === minted) this.#kept.delete(remoteKey);
    });
    return minted;
  }

  /**
   * A new token, of which the page keeps nothing: whoever asks for one can use it for its whole life.
   * @param {string} remoteKey
   * @returns {Promise<Token>}
   */
  async mint(remoteKey) {
    const { jwt, expiresAt, baseUrl } = await askServer('token', { moduleKey: this.#moduleKey, remoteKey });
    return { jwt: String(jwt), expiresAt: Number(expiresAt), baseUrl: String(baseUrl) };
  }
}
