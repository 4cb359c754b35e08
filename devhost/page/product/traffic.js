// The panel "Bridge": the list of the app's calls, of the requests that its page makes itself, and of its page's errors,
// newest last.
import { isRecord } from '../wire.js';
import { CallEntry } from './callentry.js';
import { element } from './element.js';
import { ErrorEntry } from './errorentry.js';
import { Filter } from './filter.js';
import { RequestEntry } from './requestentry.js';

/** @typedef {import('./entry.js').Entry} Entry */

/** The texts beside the title. @type {Record<import('./frame.js').FrameState, string>} */
const states = {
  loading: 'Loading the app…',
  connected: 'Connected',
  without: 'The page in the frame has not loaded the bridge.',
};

/** The list keeps this many entries. */
const maxEntries = 200;

export class Traffic {
  #list = element('traffic-list', HTMLOListElement);
  #empty = element('traffic-empty', HTMLElement);
  #columns = element('traffic-columns', HTMLElement);
  #body = element('traffic-body', HTMLElement);
  #tools = element('traffic-tools', HTMLElement);
  #count = element('traffic-count', HTMLElement);
  #dropped = element('traffic-dropped', HTMLElement);
  #state = element('traffic-state', HTMLElement);
  /** @type {import('./frame.js').FrameState} */
  #frameState = 'loading';
  #hostProblem = '';
  /** Oldest first. @type {Entry[]} */
  #entries = [];
  #filter = new Filter(() => this.#show());
  /** Whether to scroll to the newest line. Ends when the user scrolls away from it or opens a line. */
  #following = true;

  constructor() {
    const body = this.#body;
    let before = 0;
    body.addEventListener('scroll', () => {
      // A line may have grown since this page scrolled. That is not the user's doing.
      if (body.scrollTop + body.clientHeight >= body.scrollHeight - 4) this.#following = true;
      else if (body.scrollTop < before) this.#following = false;
      before = body.scrollTop;
    });
    this.#list.addEventListener('click', () => {
      this.#following = false;
    });
    new ResizeObserver(() => {
      if (this.#following) body.scrollTop = body.scrollHeight;
    }).observe(this.#list);
    const toggle = element('traffic-toggle', HTMLButtonElement);
    toggle.addEventListener('click', () => {
      const open = toggle.getAttribute('aria-expanded') !== 'true';
      toggle.setAttribute('aria-expanded', String(open));
      this.#body.hidden = !open;
      this.#tools.hidden = !open;
    });
    element('traffic-clear', HTMLButtonElement).addEventListener('click', () => {
      this.#list.replaceChildren();
      this.#entries = [];
      this.#dropped.hidden = true;
      this.#following = true;
      this.#show();
    });
    this.#show();
  }

  /** Sets the state of the app's page. @param {import('./frame.js').FrameState} state */
  set frameState(state) {
    this.#frameState = state;
    this.#showState();
  }

  /** Sets what is wrong with the host, or "". @param {string} problem */
  set hostProblem(problem) {
    this.#hostProblem = problem;
    this.#showState();
  }

  #showState() {
    const text = this.#hostProblem || states[this.#frameState];
    this.#state.className = this.#hostProblem || this.#frameState === 'without' ? 'failed' : '';
    // Only a change, because screen readers read it out.
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  /**
   * Adds a call.
   * @param {string} command
   * @param {unknown} payload
   */
  add(command, payload) {
    const entry = new CallEntry(command, payload);
    this.#append(entry);
    return entry;
  }

  /** Adds an error of the app's page. @param {{name: string, text: string, count: number}} error */
  addError(error) {
    this.#append(new ErrorEntry(error));
  }

  /**
   * Adds a request that the app's page has made itself, or updates its line.
   * @param {unknown} event the host's message, whose form devhost.Event describes
   */
  showRequest(event) {
    if (!isRecord(event) || event.type !== 'request') return;
    const request = /** @type {import('./requestentry.js').RequestEvent} */ (
      /** @type {unknown} */ ({ ...event, request: String(event.request), status: String(event.status) })
    );
    const known = this.#entries.findLast((entry) => entry instanceof RequestEntry && entry.isOf(request));
    if (known instanceof RequestEntry) known.update(request);
    else this.#append(new RequestEntry(request));
  }

  /** @param {Entry} entry */
  #append(entry) {
    entry.onChange = () => this.#show(entry);
    this.#list.append(entry.item);
    this.#entries.push(entry);
    if (this.#entries.length > maxEntries) {
      this.#entries.shift()?.item.remove();
      this.#dropped.hidden = false;
    }
    this.#show(entry);
  }

  /** Shows the entries that match the filter. @param {Entry} [only] the one that has changed; without it all */
  #show(only) {
    for (const entry of only ? [only] : this.#entries) entry.item.hidden = !this.#filter.matches(entry);
    const total = this.#entries.length;
    const shown = this.#entries.filter(({ item }) => !item.hidden).length;
    this.#count.textContent = `${shown} of ${total}`;
    this.#columns.hidden = shown === 0;
    this.#empty.hidden = shown > 0;
    this.#empty.textContent =
      total > 0
        ? 'No entry matches the filter.'
        : 'There is nothing yet. The app’s calls over the bridge, the requests of its page to remotes, and its page’s errors appear here, newest last.';
  }
}
