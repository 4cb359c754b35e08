// The panel "Bridge": the list of the app's calls and of its page's errors, newest last.
import { element, make } from './element.js';
import { describe, withoutTokens } from './redact.js';

/** The list keeps this many calls. */
const maxEntries = 200;

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
  /** The result to show for a successful call. A command may set another text. */
  #status = 'done';

  /**
   * @param {string} command
   * @param {unknown} payload
   */
  constructor(command, payload) {
    const summary = document.createElement('summary');
    summary.append(make('span', 'command', command), this.#remote, this.#request, this.#result, this.#time);
    // The payload is formatted now, because the app may change the object later.
    const sent = make('pre', '', describe(payload));
    for (const [pre, label] of /** @type {[HTMLElement, string][]} */ ([
      [sent, `Payload of ${command}`],
      [this.#answer, `Answer to ${command}`],
    ])) {
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

  /** Sets texts of the line. @param {{remote?: string, request?: string, status?: string}} about */
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
    // Texts of several lines, such as a stack trace, stand outside the JSON, so that they keep their lines and can be copied.
    const longMessage = message.includes('\n');
    const longDetail = detail?.includes('\n');
    const parts = describe({
      error: name,
      message: longMessage ? undefined : message,
      code,
      detail: (!longDetail && detail) || undefined,
    });
    const answer = [longMessage && message, parts, longDetail && withoutTokens(detail ?? '')]
      .filter(Boolean)
      .join('\n\n');
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

/**
 * Returns a line for an error of the app's page.
 * @param {{name: string, text: string, count: number}} error
 */
const errorLine = ({ name, text, count }) => {
  const [first] = text.split('\n');
  const summary = document.createElement('summary');
  const result = make('span', 'result failed', `✕ ${first}`);
  result.title = first;
  summary.append(
    make('span', 'command', 'error'),
    make('span', 'remote', count > 1 ? `${count} times` : ''),
    make('span', 'request', name),
    result,
    make('span', 'time'),
  );
  const pre = make('pre', '', text);
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', 'Text of the error');
  const body = make('div', 'both single');
  body.append(pre);
  const details = document.createElement('details');
  details.append(summary, body);
  const item = make('li', 'page-error');
  item.append(details);
  return item;
};

export class Traffic {
  #list = element('traffic-list', HTMLOListElement);
  #empty = element('traffic-empty', HTMLElement);
  #columns = element('traffic-columns', HTMLElement);
  #body = element('traffic-body', HTMLElement);
  #state = element('traffic-state', HTMLElement);
  /** Whether to scroll to the newest line. Ends when the user scrolls away from it or opens a line. */
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

  /** Sets the text beside the title. @param {string} text */
  set state(text) {
    this.#state.textContent = text;
  }

  /**
   * Adds a call.
   * @param {string} command
   * @param {unknown} payload
   */
  add(command, payload) {
    const entry = new Entry(command, payload);
    this.#append(entry.item);
    return entry;
  }

  /** Adds an error of the app's page. @param {{name: string, text: string, count: number}} error */
  addError(error) {
    this.#append(errorLine(error));
  }

  /** @param {HTMLLIElement} item */
  #append(item) {
    this.#list.append(item);
    while (this.#list.children.length > maxEntries) this.#list.firstElementChild?.remove();
    this.#showEmpty();
  }

  #showEmpty() {
    const empty = this.#list.children.length === 0;
    this.#empty.hidden = !empty;
    this.#columns.hidden = empty;
  }
}
