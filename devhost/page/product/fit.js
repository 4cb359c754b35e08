// Forge invocation tokens (FITs): the product page requests them from the server and renews them.
import { askServer } from './server.js';

/** @typedef {{jwt: string, expiresAt: number, baseUrl: string}} Token expiresAt is in milliseconds since 1970 */
/** @typedef {Token & {isFresh: () => boolean, isRefused: boolean}} CachedToken */

/** The page renews a token this long before it expires, in milliseconds, so that it does not expire in transit. */
const margin = 2000;

/**
 * Returns a function that reports whether a newly minted token is still fresh. The remote compares the token's times with
 * its own clock. So if this machine's clock is set forward or back, the token is no longer fresh.
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

/** The invocation tokens of one view of a module. The page caches the tokens for its own requests. They never leave the page. */
export class InvocationTokens {
  /** @type {Map<string, Promise<CachedToken>>} */
  #cached = new Map();
  #shown;

  /** @param {{moduleKey: string, view: string}} shown */
  constructor(shown) {
    this.#shown = shown;
  }

  /**
   * Returns a fresh token for the page's own requests.
   * @param {string} remoteKey
   * @returns {Promise<CachedToken>}
   */
  async get(remoteKey) {
    const cached = this.#cached.get(remoteKey);
    if (cached) {
      const token = await cached;
      if (token.isFresh()) return token;
    }
    // Another call may have started to renew the token meanwhile. This call shares it.
    const newer = this.#cached.get(remoteKey);
    if (newer && newer !== cached) return newer;
    const minted = this.mint(remoteKey).then((token) => ({
      ...token,
      isFresh: freshness(token),
      isRefused: false,
    }));
    this.#cached.set(remoteKey, minted);
    minted.catch(() => {
      if (this.#cached.get(remoteKey) === minted) this.#cached.delete(remoteKey);
    });
    return minted;
  }

  /**
   * Drops a token that the remote has refused, and returns another one. Returns undefined if the remote has refused that one
   * too: then the reason is not the token, and a new one would be refused like it.
   * @param {string} remoteKey
   * @param {CachedToken} refused
   * @returns {Promise<CachedToken | undefined>}
   */
  async replace(remoteKey, refused) {
    if (refused.isRefused) return undefined;
    const cached = this.#cached.get(remoteKey);
    if (cached && (await cached.catch(() => undefined)) === refused && this.#cached.get(remoteKey) === cached)
      this.#cached.delete(remoteKey);
    return this.get(remoteKey);
  }

  /**
   * Returns a new token that is not cached, so that the caller can use it for its whole life.
   * @param {string} remoteKey
   * @returns {Promise<Token>}
   */
  async mint(remoteKey) {
    const { jwt, expiresAt, baseUrl } = await askServer('token', { ...this.#shown, remoteKey });
    return { jwt: String(jwt), expiresAt: Number(expiresAt), baseUrl: String(baseUrl) };
  }
}
