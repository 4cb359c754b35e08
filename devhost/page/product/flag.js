// Flags: messages of the app at the edge of the product's page.
// Sources: custom-ui-bridge/showFlag; the options are those of @forge/bridge 7.2.0.
import { HostError } from './server.js';
import { isRecord } from '../wire.js';

/** How long a flag stays that goes away by itself, in milliseconds. What the platform takes is unknown. */
const stay = 8000;
const types = ['info', 'success', 'warning', 'error'];

/** @type {Map<string, Flag>} */
const shown = new Map();

/** @type {HTMLElement | undefined} */
let list;

/** The flags' list, in front of everything else: a dialog makes the rest of the page inert, so it has to be in there. */
export const raiseFlags = () => {
  if (!list) {
    list = document.createElement('section');
    list.className = 'flags';
    list.setAttribute('aria-label', 'Flags');
  }
  const dialogs = document.querySelectorAll('dialog[open]');
  const top = dialogs[dialogs.length - 1] ?? document.body;
  if (list.parentElement !== top) top.append(list);
  return list;
};

/**
 * @param {string} text
 * @param {string} className
 * @param {() => void} run
 */
const button = (text, className, run) => {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  made.addEventListener('click', run);
  return made;
};

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
const words = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

class Flag {
  item = document.createElement('article');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #id;

  /**
   * @param {string} id
   * @param {Record<string, unknown>} options
   */
  constructor(id, { title, description, type, appearance, actions, isAutoDismiss }) {
    this.#id = id;
    const bold = types.includes(String(appearance));
    const kind = bold ? String(appearance) : types.includes(String(type)) ? String(type) : 'info';
    this.item.className = `flag ${kind}${bold ? ' bold' : ''}`;
    // What has gone wrong is said at once, everything else when there is time.
    this.item.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    const text = document.createElement('div');
    text.append(words('p', 'kind', kind));
    if (title) text.append(words('p', 'flag-title', String(title)));
    if (description) text.append(words('p', 'description', String(description)));
    const buttons = words('p', 'flag-actions', '');
    for (const action of Array.isArray(actions) ? actions : []) {
      if (!isRecord(action)) continue;
      const { text: label, onClick } = action;
      buttons.append(
        button(String(label ?? ''), 'flag-action', () => {
          // The app's page may have gone away; then there is nobody to tell.
          if (typeof onClick === 'function') Promise.resolve(onClick()).catch(() => this.remove());
        }),
      );
    }
    if (buttons.childElementCount > 0) text.append(buttons);
    const dismiss = button('', 'dismiss', () => this.remove());
    dismiss.setAttribute('aria-label', 'Dismiss');
    this.item.append(words('span', 'flag-icon', ''), text, dismiss);
    if (isAutoDismiss === true) this.#goAway();
  }

  /** Nobody loses a flag that they are looking at. */
  #goAway() {
    const wait = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.remove(), stay);
    };
    const hold = () => clearTimeout(this.#timer);
    this.item.addEventListener('pointerenter', hold);
    this.item.addEventListener('focusin', hold);
    this.item.addEventListener('pointerleave', wait);
    this.item.addEventListener('focusout', wait);
    wait();
  }

  remove() {
    clearTimeout(this.#timer);
    this.item.remove();
    if (shown.get(this.#id) === this) shown.delete(this.#id);
  }
}

/** @param {unknown} payload */
const idOf = (payload) => {
  const id = isRecord(payload) ? payload.id : undefined;
  if (typeof id !== 'string' && typeof id !== 'number') throw new HostError('A flag needs an id, a text or a number.', 'INVALID_REQUEST');
  return String(id);
};

/** Shows a flag, in the place of one with the same id. @param {unknown} payload */
export const showFlag = (payload) => {
  const id = idOf(payload);
  const flag = new Flag(id, isRecord(payload) ? payload : {});
  const before = shown.get(id);
  const flags = raiseFlags();
  shown.set(id, flag);
  if (before) before.item.replaceWith(flag.item);
  else flags.prepend(flag.item);
  before?.remove();
  return true;
};

/** @param {unknown} payload */
export const closeFlag = (payload) => {
  const flag = shown.get(idOf(payload));
  flag?.remove();
  return flag !== undefined;
};
