// One line of the panel "Bridge", with what it shows when it is opened.
import { make } from './element.js';

/** @typedef {'call' | 'request' | 'stream' | 'error'} Kind */

/**
 * A text below the line.
 * @typedef {object} Block
 * @property {string} title empty if the text is the only one
 * @property {string} label the name of its region, for screen readers
 */

export class Entry {
  item = document.createElement('li');
  /** @type {Kind} */
  kind;
  isFailed = false;
  /** Called when the line has changed. */
  onChange = () => {};
  #command;
  #remote = make('span', 'remote');
  #request = make('span', 'request');
  #result = make('span', 'result pending', '… waiting');
  #time = make('span', 'time');
  /** @type {HTMLElement[]} */
  #texts = [];
  #body;

  /**
   * @param {Kind} kind
   * @param {string} command the name of the call
   * @param {Block[]} blocks
   */
  constructor(kind, command, blocks) {
    this.kind = kind;
    this.#command = make('span', 'command', command);
    const summary = document.createElement('summary');
    summary.append(this.#command, this.#remote, this.#request, this.#result, this.#time);
    this.#body = make('div', blocks.length > 1 ? 'both' : 'both single');
    for (const { title, label } of blocks) {
      const text = make('pre', '');
      text.tabIndex = 0;
      text.setAttribute('role', 'region');
      text.setAttribute('aria-label', label);
      this.#texts.push(text);
      const block = make('div', '');
      if (title) block.append(make('h3', '', title));
      block.append(text);
      this.#body.append(block);
    }
    const details = document.createElement('details');
    details.append(summary, this.#body);
    this.item.append(details);
  }

  /** Sets texts of the line. @param {{remote?: string, request?: string}} about */
  describe({ remote, request }) {
    if (remote) this.#remote.textContent = remote;
    if (request) {
      this.#request.textContent = request;
      this.#request.title = request;
    }
    this.onChange();
  }

  /** Sets the text of a block. @param {number} index @param {string} text */
  write(index, text) {
    this.#texts[index].textContent = text;
  }

  /** Adds an element below the texts. @param {HTMLElement} node */
  append(node) {
    this.#body.append(node);
  }

  /**
   * Shows the result.
   * @param {'ok' | 'failed' | 'pending'} state
   * @param {string} text
   * @param {number | undefined} [milliseconds] how long it took
   */
  finish(state, text, milliseconds) {
    this.isFailed = state === 'failed';
    this.#result.className = `result ${state}`;
    this.#result.textContent = `${{ ok: '✓', failed: '✕', pending: '…' }[state]} ${text}`;
    this.#result.title = text;
    if (milliseconds !== undefined) this.#time.textContent = `${Math.round(milliseconds)} ms`;
    this.onChange();
  }

  /** Reports whether a text occurs in the line or below it. @param {string} text in lower case */
  contains(text) {
    return [this.#command, this.#remote, this.#request, this.#result, ...this.#texts].some((node) =>
      node.textContent?.toLowerCase().includes(text),
    );
  }
}
