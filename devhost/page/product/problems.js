// Shows over the app what the developer must correct, such as a front end that does not build. The app's last version keeps
// running underneath.
import { isRecord } from '../wire.js';
import { element, make, makeButton } from './element.js';
import { askServer } from './server.js';
import { onReconnect, receive } from './socket.js';
import { splitAt } from './sourceline.js';

/** @typedef {{file: string, line: number, column: number, message: string, source: string}} Place */
/** @typedef {{title: string, text: string, places: Place[]}} Problem */

/** How long a button says that it has copied, in milliseconds. */
const copiedTime = 2000;

/** @param {unknown} value @returns {Place} */
const readPlace = (value) => {
  const { file, line, column, message, source } = isRecord(value) ? value : {};
  return {
    file: String(file ?? ''),
    line: Number(line ?? 0),
    column: Number(column ?? 0),
    message: String(message ?? ''),
    source: String(source ?? ''),
  };
};

/** @param {unknown} value @returns {Problem} */
const readProblem = (value) => {
  const { title, text, places } = isRecord(value) ? value : {};
  return {
    title: String(title ?? ''),
    text: String(text ?? ''),
    places: Array.isArray(places) ? places.map(readPlace) : [],
  };
};

/** Returns the place as editors and terminals write it. @param {Place} place */
const address = ({ file, line, column }) => [file, line || '', (line && column) || ''].filter(Boolean).join(':');

/** Returns a region that can be scrolled with the keyboard. @param {string} className @param {string} label */
const scrollable = (className, label) => {
  const pre = make('pre', className);
  pre.tabIndex = 0;
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', label);
  return pre;
};

export class ProblemsOverlay {
  #root = element('problems', HTMLElement);
  #list = element('problems-list', HTMLElement);
  #summary = element('problems-summary', HTMLElement);
  #home = this.#root.parentElement;
  /** The problems that are shown, as JSON. */
  #shown = '[]';

  constructor() {
    element('problems-hide', HTMLButtonElement).addEventListener('click', () => this.hide());
    // A click leaves the focus in the app's field.
    this.#root.addEventListener('mousedown', (event) => {
      if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) this.hide();
    });
    receive('problems', ({ payload }) => this.#show(Array.isArray(payload) ? payload.map(readProblem) : []));
    new MutationObserver(() => this.#raise()).observe(document.body, { childList: true }); // Modals come and go there.
    // The host sends the present problems over a new connection, if there are any.
    onReconnect(() => this.#show([]));
  }

  hide() {
    if (this.#root.hidden) return;
    const hadFocus = this.#root.contains(document.activeElement);
    this.#root.hidden = true;
    // Announced again when it comes back.
    this.#summary.textContent = '';
    if (hadFocus) document.querySelector('iframe')?.focus();
  }

  /** Moves into the topmost modal, because the page under it cannot be used. */
  #raise() {
    const dialog = [...document.querySelectorAll('dialog.modal[open] .stage')].at(-1);
    const parent = dialog ?? this.#home;
    if (parent !== this.#root.parentElement) parent?.append(this.#root);
  }

  /** @param {Problem[]} problems */
  #show(problems) {
    if (problems.length === 0) {
      this.hide();
      this.#shown = '[]';
      this.#list.replaceChildren();
      return;
    }
    // A page that shows them already keeps the focus and the scroll position in the list.
    const text = JSON.stringify(problems);
    if (text !== this.#shown) this.#list.replaceChildren(...problems.map((problem) => this.#problem(problem)));
    this.#shown = text;
    this.#raise();
    this.#root.hidden = false;
    this.#summary.textContent = problems.length === 1 ? problems[0].title : `${problems.length} problems`;
  }

  /** @param {Problem} problem */
  #problem({ title, text, places }) {
    const item = make('article', 'problem');
    item.append(make('h3', '', title));
    if (places.length > 0) {
      const list = make('ol', '');
      list.append(...places.map((place) => this.#place(place)));
      item.append(list);
    }
    if (text) {
      const pre = scrollable('problem-text', `Details of ${title}`);
      pre.textContent = text;
      item.append(pre);
    }
    return item;
  }

  /** @param {Place} place */
  #place(place) {
    const item = make('li', '');
    const line = make('p', 'problem-place');
    const copy = makeButton(address(place), 'problem-copy', async () => {
      await navigator.clipboard.writeText(address(place)).then(
        () => status.replaceChildren('Copied'),
        () => status.replaceChildren('The browser does not allow copying'),
      );
      setTimeout(() => status.replaceChildren(), copiedTime);
    });
    copy.title = 'Copy this place';
    const status = make('span', 'problem-status');
    status.setAttribute('role', 'status');
    line.append(copy);
    if (element('main', HTMLElement).dataset.editor !== undefined) {
      const open = makeButton('Open', 'problem-open', () => {
        const { file, line: row, column } = place;
        askServer('open', { file, line: row, column }).catch(({ code, message }) => {
          if (code !== 'HOST_REFUSED') status.textContent = message; // An older host has no editor.
        });
      });
      open.setAttribute('aria-label', `Open ${address(place)} in the editor`);
      line.append(open);
    }
    line.append(status);
    item.append(line);
    if (place.message) item.append(make('p', 'problem-message', place.message));
    if (place.source) {
      const source = scrollable('problem-source', `Line ${place.line} of ${place.file}`);
      const [before, marked, after] = splitAt(place.source.replace(/\s+$/, ''), place.column);
      const indent = /^\s*/.exec(before)?.[0].length ?? 0;
      source.append(before.slice(indent), ...(marked ? [make('mark', '', marked)] : []), after);
      item.append(source);
    }
    return item;
  }
}
