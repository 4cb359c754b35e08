// Shows over the app's page what the developer must correct. It is a shadow tree with a style sheet of its own, which the
// page's policy allows, because it has the page's origin.
import { isRecord } from '../wire.js';

/** @param {string} name @param {string} text @param {string} [className] */
const make = (name, text, className = '') => {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) node.className = className;
  return node;
};

/** @param {unknown} value */
const text = (value) => String(value ?? '');

/** Returns a place as editors and terminals write it, with the message and the line. @param {unknown} place */
const placeOf = (place) => {
  const { file, line, column, message, source } = isRecord(place) ? place : {};
  const item = make('li', '');
  item.append(make('code', [file, line, column].filter(Boolean).map(text).join(':')), make('span', text(message)));
  if (source) item.append(make('pre', text(source).trim()));
  return item;
};

/** @param {unknown} problem */
const problemOf = (problem) => {
  const { title, text: details, places } = isRecord(problem) ? problem : {};
  const article = make('article', '');
  article.append(make('h2', text(title)));
  if (Array.isArray(places) && places.length > 0) {
    const list = make('ul', '');
    list.append(...places.map(placeOf));
    article.append(list);
  }
  if (details) article.append(make('pre', text(details)));
  return article;
};

export class ProblemsOverlay {
  #address;
  /** @type {HTMLElement | undefined} */
  #root;
  #shown = '';

  /** @param {string} address of the style sheet */
  constructor(address) {
    this.#address = address;
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#root && !event.defaultPrevented) this.#hide();
    });
  }

  #hide() {
    this.#root?.remove();
    this.#root = undefined;
  }

  /** @param {unknown[]} problems */
  show(problems) {
    const shown = JSON.stringify(problems);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#hide();
    if (problems.length === 0) return;
    const root = document.createElement('forgego-problems');
    const tree = root.attachShadow({ mode: 'open' });
    const sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = this.#address;
    const dialog = make('section', '');
    dialog.setAttribute('role', 'alert');
    const hide = make('button', 'Hide (Esc)');
    hide.addEventListener('click', () => this.#hide());
    dialog.append(hide, ...problems.map(problemOf));
    tree.append(sheet, dialog);
    this.#root = root;
    // The page may still be loading. The root element exists, because this script is in it.
    document.documentElement.append(root);
  }
}
