// Reports the app's calls and errors to the host, which shows them in the terminal. The host's side is devhost/event.go.
import { forReport, withoutTokens } from './redact.js';
import { askServer } from './server.js';

/**
 * @typedef {object} Event
 * @property {'call' | 'pageError' | 'early'} type
 * @property {string} name
 * @property {string} [status]
 * @property {string} [text]
 * @property {string} [module]
 * @property {string} [remote]
 * @property {string} [request]
 * @property {number} [ms]
 * @property {number} [count]
 * @property {unknown} [payload]
 * @property {unknown} [answer]
 */

/** How long events are collected, in milliseconds, and the largest size of a batch, in UTF-16 units of its JSON. */
const pause = 50;
const maxBatch = 60_000;
/** The largest size of a text, in UTF-16 units. */
const maxText = 16 * 1024;
/** How many events may wait. A page in an endless loop must not fill the memory. */
const maxWaiting = 1000;

/** Returns the text of an error, and its detail, which the app does not get. @param {unknown} error */
const errorText = (error) => {
  if (!(error instanceof Error)) return String(error);
  const { name, message, detail } = /** @type {Error & {detail?: string}} */ (error);
  return `${name === 'Error' ? '' : `${name}: `}${message}${detail ? `\n${detail}` : ''}`;
};

export class Reporter {
  /** The JSON of the events that wait. @type {string[]} */
  #waiting = [];
  #isSending = false;
  #isOn;
  #module;

  /** @param {string} moduleKey @param {boolean} isOn whether the host wants reports */
  constructor(moduleKey, isOn) {
    this.#module = moduleKey;
    this.#isOn = isOn;
  }

  /**
   * Begins the report of a call. Call the methods of the result as those of the list of calls.
   * @param {string} command
   * @param {unknown} payload
   */
  call(command, payload) {
    const started = performance.now();
    /** @type {{remote?: string, request?: string, status?: string}} */
    const about = {};
    // Now, because a command may change the payload.
    const sent = this.#isOn ? forReport(payload) : undefined;
    /** @param {'ok' | 'failed'} status @param {string | undefined} text @param {unknown} [answer] */
    const finish = (status, text, answer) => {
      const { remote, request } = about;
      this.#add({
        type: 'call',
        name: command,
        status,
        text,
        remote,
        request: request && withoutTokens(request),
        ms: Math.round((performance.now() - started) * 10) / 10,
        payload: sent,
        answer,
      });
    };
    return {
      /** @param {typeof about} more */
      note: (more) => {
        for (const [name, value] of Object.entries(more)) if (value) Object.assign(about, { [name]: value });
      },
      /** @param {unknown} answer */
      succeed: (answer) => {
        if (this.#isOn) finish(/^[45]/.test(about.status ?? '') ? 'failed' : 'ok', about.status, forReport(answer));
      },
      /** @param {unknown} error */
      fail: (error) => finish('failed', errorText(error)),
    };
  }

  /** @param {{name: string, text: string}} found the page's path, and what its data-early could be */
  early({ name, text }) {
    this.#add({ type: 'early', name, text });
  }

  /** @param {{name: string, text: string, count: number}} error */
  pageError({ name, text, count }) {
    this.#add({ type: 'pageError', name, text, count: count > 1 ? count : undefined });
  }

  /** @param {Event} event */
  #add(event) {
    if (!this.#isOn || this.#waiting.length >= maxWaiting) return;
    const text = event.text && withoutTokens(event.text);
    this.#waiting.push(
      JSON.stringify({
        ...event,
        module: this.#module,
        text: text && text.length > maxText ? `${text.slice(0, maxText)}…` : text,
      }),
    );
    if (!this.#isSending) this.#send();
  }

  async #send() {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      let size = 0;
      const count = this.#waiting.findIndex((event) => (size += event.length) > maxBatch);
      // An event alone is never too large.
      const batch = this.#waiting.splice(0, count < 0 ? this.#waiting.length : Math.max(count, 1));
      await askServer('report', { events: batch.map((event) => JSON.parse(event)) }).catch(() => {}); // The host is away.
    }
    this.#isSending = false;
  }
}
