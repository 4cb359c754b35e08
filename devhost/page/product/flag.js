// The commands showFlag and closeFlag. A flag is a message of the app at the edge of the product's page.
// Sources: https://developer.atlassian.com/platform/forge/custom-ui-bridge/showFlag/ and the options of @forge/bridge 7.2.0.
//
// F6 moves the focus to the flags and back, also from the app's page. Flags that go away by themselves stay while the pointer
// or the focus is in one of them. A click leaves the focus where it is, because it may be in a dialog of the app, and no key
// would reach that dialog any more. A flag that goes away with the focus in it returns the focus for the same reason.
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
/** What had the focus before the flags. @type {Element | null} */
let before = null;
/** Whether the pointer and the focus are in the flags. */
const inside = { pointer: false, focus: false };
/** @type {Set<(hasFlags: boolean) => void>} */
const listeners = new Set();

/** @param {Partial<typeof inside>} change */
const setInside = (change) => {
  Object.assign(inside, change);
  for (const flag of shown.values()) flag.dismissLater();
};

const makeList = () => {
  const made = make('section', 'flags');
  made.setAttribute('aria-label', 'Flags');
  made.setAttribute('aria-keyshortcuts', 'F6');
  made.addEventListener('pointerenter', () => setInside({ pointer: true }));
  made.addEventListener('pointerleave', () => setInside({ pointer: false }));
  made.addEventListener('focusin', ({ relatedTarget }) => {
    if (inside.focus) return;
    if (relatedTarget instanceof Element) before = relatedTarget;
    setInside({ focus: true });
  });
  made.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && made.contains(relatedTarget))) setInside({ focus: false });
  });
  made.addEventListener('mousedown', (event) => {
    if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
  });
  return made;
};

/**
 * Moves the list of flags in front of everything else, and returns it. An open modal dialog makes the rest of the page
 * inert, so the list must be inside the topmost dialog.
 */
export const raiseFlags = () => {
  list ??= makeList();
  const dialogs = document.querySelectorAll('dialog[open]');
  const top = dialogs[dialogs.length - 1] ?? document.body;
  if (list.parentElement !== top) top.append(list);
  return list;
};

/** Moves the focus from the flags to where it was, or else to the app's page. */
const returnFocus = () => {
  const page = list?.parentElement?.querySelector('iframe');
  const target = before?.isConnected && before !== document.body ? before : page;
  before = null;
  if (!(target instanceof HTMLElement)) return;
  target.focus();
  // The page in a frame has lost its own focus.
  if (target instanceof HTMLIFrameElement) target.dispatchEvent(new Event('forgego:return'));
};

/** Moves the focus to the newest flag, or from the flags back. Reports whether there are flags. */
export const toggleFlags = () => {
  if (!list || shown.size === 0) return false;
  if (list.contains(document.activeElement)) {
    returnFocus();
  } else {
    before = document.activeElement;
    list.querySelector('button')?.focus();
  }
  return true;
};

/** Lets F6 reach the flags. */
export const startFlags = () =>
  document.addEventListener('keydown', (event) => {
    if (event.key === 'F6' && !event.defaultPrevented && toggleFlags()) event.preventDefault();
  });

/** Registers a listener that hears now, and after each change, whether there are flags. @param {(hasFlags: boolean) => void} listener */
export const onFlags = (listener) => {
  listeners.add(listener);
  listener(shown.size > 0);
  return () => listeners.delete(listener);
};

const tell = () => {
  for (const listener of listeners) listener(shown.size > 0);
};

class Flag {
  item = document.createElement('div');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #id;
  #isAutoDismiss;

  /**
   * @param {string} id
   * @param {Record<string, unknown>} options
   */
  constructor(id, { title, description, type, appearance, actions, isAutoDismiss }) {
    this.#id = id;
    this.#isAutoDismiss = isAutoDismiss === true;
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
    this.dismissLater();
  }

  /** Removes the flag after a while, if the app wants that and the user is not in the flags. */
  dismissLater() {
    clearTimeout(this.#timer);
    if (!this.#isAutoDismiss || inside.pointer || inside.focus) return;
    this.#timer = setTimeout(() => this.remove(), duration);
  }

  remove() {
    clearTimeout(this.#timer);
    const hadFocus = this.item.contains(document.activeElement);
    if (shown.get(this.#id) === this) shown.delete(this.#id);
    if (hadFocus) returnFocus();
    this.item.remove();
    // Nothing tells that the pointer has left what is gone.
    if (shown.size === 0) setInside({ pointer: false, focus: false });
    tell();
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
  const old = shown.get(id);
  const flags = raiseFlags();
  shown.set(id, flag);
  if (old) old.item.replaceWith(flag.item);
  else flags.prepend(flag.item);
  old?.remove();
  if (!inside.pointer && !inside.focus) flags.scrollTop = 0;
  tell();
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
