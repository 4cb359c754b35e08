// The line of a request that the app's page has made to a remote itself. The host reports what it has seen on the way:
// devhost.EventRequest.
import { Entry } from './entry.js';
import { withoutTokens } from './redact.js';

/**
 * @typedef {object} RequestEvent
 * @property {string} remote
 * @property {string} request the method and the target
 * @property {number} number
 * @property {string} status "open", "failed", "canceled" or the answer's status
 * @property {string} [text]
 * @property {string} [origin]
 * @property {number} [ms]
 */

export class RequestEntry extends Entry {
  #isOpen = true;
  #remote;
  #number;
  #request;

  /** @param {RequestEvent} event */
  constructor(event) {
    super(event.status === 'open' ? 'stream' : 'request', 'direct request', [
      { title: '', label: 'About the request' },
    ]);
    this.#remote = event.remote;
    this.#number = event.number;
    this.#request = event.request;
    this.describe({ remote: event.remote, request: withoutTokens(event.request) });
    this.update(event);
  }

  /**
   * Reports whether an event is about this request. A number is used again after a restart, but not while the request is
   * open.
   * @param {RequestEvent} event
   */
  isOf({ remote, number, request }) {
    return remote === this.#remote && number === this.#number && request === this.#request && this.#isOpen;
  }

  /** Shows a later event about the same request. @param {RequestEvent} event */
  update({ remote, request, status, text = '', origin = '', ms = 0 }) {
    this.#isOpen = status === 'open';
    const lines = [`${withoutTokens(request)}`, `to the remote ${remote}, from a page of ${origin}`];
    this.write(0, [...lines, text && withoutTokens(text)].filter(Boolean).join('\n'));
    if (status === 'open') this.finish('pending', text);
    else if (status === 'failed') this.finish('failed', withoutTokens(text), ms);
    else if (status === 'canceled') this.finish('ok', 'the page has left', ms);
    else this.finish(/^[45]/.test(status) ? 'failed' : 'ok', status, ms);
  }
}
