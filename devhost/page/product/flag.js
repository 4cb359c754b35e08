// The commands showFlag and closeFlag. A flag is a message of the app at the edge of the product's page.
// Sources: https://developer.atlassian.com/platform/forge/custom-ui-bridge/showFlag/ and the options of @forge/bridge 7.2.0.
import { isRecord } from '../wire.js';
import { make, makeButton, makeCross } from './element.js';
import { HostError } from './hosterror.js';

/** How long a flag with isAutoDismiss stays, in milliseconds. Atlassian does not document its own value. */
const duration = 8000;
const types = ['info', 'success', 'warning', 'error'];

/** @type {Map<string, Flag>} */
const shown = new Map();

/** @type {HTMLElement | undefined} */
let list;

/**
 * Moves the list of flags in front of everything else, and returns it. An open modal dialog makes the rest of the page
 * inert, so the list must be inside the topmost dialog.
 */
export const raiseFlags = () => {
  if (!list) {
    list = make('section', 'flags');
    list.setAttribute('aria-label', 'Flags');
  }
  const dialogs = document.querySelectorAll('dialog[open]');
  const top = dialogs[dialogs.length - 1] ?? document.body;
  if (list.parentElement !== top) top.append(list);
  return list;
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
    // A screen reader reads an alert at once, and a status when the user pauses.
    this.item.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    const text = make('div', '');
    text.append(make('p', 'kind', kind));
    if (title) text.append(make('p', 'flag-title', String(title)));
    if (description) text.append(make('p', 'description', String(description)));
    const buttons = make('p', 'flag-actions');
    for (const action of Array.isArray(actions) ? actions : []) {
      if (!isRecord(action)) continue;
      const { text: label, onClick } = action;
      buttons.append(
        makeButton(String(label ?? ''), 'flag-action', () => {
          // The call fails if the app's page is gone. Then nothing answers the button, and the flag is removed.
          if (typeof onClick === 'function') Promise.resolve(onClick()).catch(() => this.remove());
        }),
      );
    }
    if (buttons.childElementCount > 0) text.append(buttons);
    this.item.append(
      make('span', 'flag-icon'),
      text,
      makeCross('Dismiss', () => this.remove()),
    );
    if (isAutoDismiss === true) this.#dismissLater();
  }

  /** Removes the flag after a while, but not while the user points at it or has the focus in it. */
  #dismissLater() {
    const start = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.remove(), duration);
    };
    const stop = () => clearTimeout(this.#timer);
    this.item.addEventListener('pointerenter', stop);
    this.item.addEventListener('focusin', stop);
    this.item.addEventListener('pointerleave', start);
    this.item.addEventListener('focusout', start);
    start();
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
  if (typeof id !== 'string' && typeof id !== 'number') {
    throw new HostError('A flag needs an id: a string or a number.', 'INVALID_REQUEST');
  }
  return String(id);
};

/**
 * Shows a flag. Replaces the flag with the same ID if there is one.
 * @type {import('./commands.js').Commands[string]}
 */
export const showFlag = async (payload, { note }) => {
  const options = isRecord(payload) ? payload : {};
  note({ request: typeof options.title === 'string' ? options.title : '' });
  const id = idOf(payload);
  const flag = new Flag(id, options);
  const before = shown.get(id);
  const flags = raiseFlags();
  shown.set(id, flag);
  if (before) before.item.replaceWith(flag.item);
  else flags.prepend(flag.item);
  before?.remove();
  return true;
};

/**
 * Removes a flag. Reports whether it was shown.
 * @type {import('./commands.js').Commands[string]}
 */
export const closeFlag = async (payload) => {
  const flag = shown.get(idOf(payload));
  flag?.remove();
  return flag !== undefined;
};
