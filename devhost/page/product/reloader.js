// Loads a page of the app again and again while its files change.

/** How long the page may take to answer what it wants to keep, and how long it counts as loading, in milliseconds. */
const answerTime = 10_000;
const loadTime = 5000;

/**
 * @typedef {object} Steps
 * @property {() => Promise<unknown>} leave makes the page reload itself; resolves to its state
 * @property {() => void} replace loads the page again from outside
 * @property {(state: unknown) => void} restore sends the state to the new page
 */

/**
 * Reloads one page and carries its state over. Requests that arrive while the page loads become one more reload at the end,
 * so that many quick changes do not keep the page from starting.
 */
export class Reloader {
  #steps;
  /** The state that the page has not confirmed yet. @type {unknown} */
  #state;
  #isLoading = true;
  /** Whether the next page that connects is the one that this object has loaded. */
  #expectsPage = true;
  #again = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Steps} steps
   * @param {unknown} [state] the state for the page that loads now
   */
  constructor(steps, state) {
    this.#steps = steps;
    this.#state = state;
    this.#limit();
  }

  /** Whether the page loads now. */
  get isLoading() {
    return this.#isLoading;
  }

  /** Reloads the page, now or as soon as it has loaded. */
  async request() {
    if (this.#isLoading) {
      this.#again = true;
      return;
    }
    this.#isLoading = true;
    this.#expectsPage = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(reject, answerTime);
    });
    try {
      this.#state = await Promise.race([this.#steps.leave(), late]);
    } catch {
      // The page has no bridge, has crashed, or is busy. What it kept at last is restored.
      this.#steps.replace();
    }
    clearTimeout(timer);
    this.#limit();
  }

  /** Call it when a page has connected. */
  connected() {
    if (!this.#expectsPage) return;
    // If it took longer than loadTime, it counts as loaded already.
    this.#expectsPage = this.#isLoading;
    if (this.#state !== undefined) this.#steps.restore(this.#state);
  }

  /** Call it when a page has loaded. */
  loaded() {
    this.#expectsPage = false;
    this.#goOn();
  }

  #goOn() {
    clearTimeout(this.#timer);
    this.#isLoading = false;
    if (!this.#again) return;
    this.#again = false;
    this.request();
  }

  /** A page that waits for a slow image, for example, can be reloaded, too. */
  #limit() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#goOn(), loadTime);
  }
}
