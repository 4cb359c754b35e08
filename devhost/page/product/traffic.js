// The panel "Bridge": what the app has asked of the product, newest last.
import { element } from './element.js';
import { describe, withoutTokens } from './redact.js';

/** The list keeps this many calls. */
const most = 200;

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
const make = (tag, className, text = '') => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

/** One line of the list. */
class Entry {
  item = document.createElement('li');
  #started = performance.now();
  #remote = make('span', 'remote');
  #request = make('span', 'request');
  #result = make('span', 'result pending', '… waiting');
  #time = make('span', 'time');
  #answer = make('pre', '', 'Waiting for the answer.');
  #details = document.createElement('details');
  /** Set by the command when it knows more than that it succeeded. */
  #status = 'done';

  /**
   * @param {string} command
   * @param {unknown} payload
   */
  constructor(command, payload) {
    const summary = document.createElement('summary');
    summary.append(make('span', 'command', command), this.#remote, this.#request, this.#result, this.#time);
    // Written when the call is made: the app may reuse the object.
    const sent = make('pre', '', describe(payload));
    for (const [pre, label] of /** @type {[HTMLElement, string][]} */ ([[sent, `Payload of ${command}`], [this.#answer, `Answer to ${command}`]])) {
      pre.tabIndex = 0;
      pre.setAttribute('role', 'region');
      pre.setAttribute('aria-label', label);
    }
    const both = make('div', 'both');
    const left = make('div', '');
    left.append(make('h3', '', 'Payload'), sent);
    const right = make('div', '');
    right.append(make('h3', '', 'Answer'), this.#answer);
    both.append(left, right);
    this.#details.append(summary, both);
    this.item.append(this.#details);
  }

  /** @param {{remote?: string, request?: string, status?: string}} about */
  note({ remote, request, status }) {
    if (remote) this.#remote.textContent = remote;
    if (request) {
      this.#request.textContent = request;
      this.#request.title = request;
    }
    if (status) this.#status = status;
  }

  /** @param {unknown} answer */
  succeed(answer) {
    const failed = /^[45]/.test(this.#status);
    this.#finish(failed ? 'failed' : 'ok', this.#status, describe(answer));
  }

  /** @param {unknown} error */
  fail(error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    const { code, detail } = /** @type {{code?: unknown, detail?: string}} */ (error ?? {});
    const lines = message.includes('\n');
    // Such as a stack trace, which JSON would have on one line.
    const trace = detail?.includes('\n');
    const parts = describe({ error: name, message: lines ? undefined : message, code, detail: (!trace && detail) || undefined });
    // A text of several lines may have some that are to be copied.
    const answer = [lines && message, parts, trace && withoutTokens(detail ?? '')].filter(Boolean).join('\n\n');
    this.#finish('failed', name === 'Error' ? message : `${name}: ${message}`, answer);
  }

  /**
   * @param {'ok' | 'failed'} state
   * @param {string} result
   * @param {string} answer
   */
  #finish(state, result, answer) {
    this.#result.className = `result ${state}`;
    this.#result.textContent = `${state === 'ok' ? '✓' : '✕'} ${result}`;
    this.#result.title = result;
    this.#time.textContent = `${Math.round(performance.now() - this.#started)} ms`;
    this.#answer.textContent = answer;
  }
}

export class Traffic {
  #list = element('traffic-list', HTMLOListElement);
  #empty = element('traffic-empty', HTMLElement);
  #columns = element('traffic-columns', HTMLElement);
  #body = element('traffic-body', HTMLElement);
  #state = element('traffic-state', HTMLElement);
  /** Whether the newest line is kept in view: until someone scrolls away from it or opens a line. */
  #following = true;

  constructor() {
    const body = this.#body;
    body.addEventListener('scroll', () => {
      this.#following = body.scrollTop + body.clientHeight >= body.scrollHeight - 4;
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
    });
    element('traffic-clear', HTMLButtonElement).addEventListener('click', () => {
      this.#list.replaceChildren();
      this.#following = true;
      this.#showEmpty();
    });
  }

  /** @param {string} text */
  set state(text) {
    this.#state.textContent = text;
  }

  /**
   * @param {string} command
   * @param {unknown} payload
   */
  add(command, payload) {
    const entry = new Entry(command, payload);
    this.#list.append(entry.item);
    while (this.#list.children.length > most) this.#list.firstElementChild?.remove();
    this.#showEmpty();
    return entry;
  }

  #showEmpty() {
    const empty = this.#list.children.length === 0;
    this.#empty.hidden = !empty;
    this.#columns.hidden = empty;
  }
}
