// The command createHistory. The part of the product's address after "#" is the location of the app.
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/view/ and the type of a history in
// @forge/bridge 7.2.0.
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { askUser } from './question.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {{pathname: string, search: string, hash: string, state?: unknown, key: string}} Location */
/** @typedef {'PUSH' | 'REPLACE' | 'POP'} Action */

/** A placeholder, because the URL parser needs an origin. */
const base = 'http://app';

/** Returns the location of the app. */
const currentLocation = () => {
  const text = location.hash.slice(1);
  const url = new URL(text.startsWith('/') ? base + text : `${base}/${text}`);
  const entry = isRecord(history.state) ? history.state : {};
  return {
    pathname: url.pathname,
    search: url.search,
    hash: url.hash,
    ...('state' in entry ? { state: entry.state } : {}),
    key: String(entry.key ?? 'first'),
  };
};

/**
 * Returns the location that the arguments of push and replace mean.
 * @param {unknown} to a path, or the parts of one
 * @param {unknown} state the entry's state, if to is a path
 */
const resolve = (to, state) => {
  const parts = isRecord(to) ? to : {};
  /** @param {unknown} text @param {string} mark */
  const marked = (text, mark) =>
    text === undefined || text === '' || text === mark
      ? ''
      : String(text).startsWith(mark)
        ? String(text)
        : mark + text;
  const path =
    typeof to === 'string'
      ? to
      : String(parts.pathname ?? currentLocation().pathname) + marked(parts.search, '?') + marked(parts.hash, '#');
  const newState = typeof to === 'string' ? state : parts.state;
  const current = base + currentLocation().pathname + currentLocation().search;
  // Two slashes at the start would begin a host name.
  const url = /^[/\\]{2}/.test(path) ? new URL(`${base}/.${path}`) : new URL(path, current);
  if (url.origin !== base) {
    throw new HostError(`The history of the app cannot go to "${path}". It accepts only paths.`, 'INVALID_REQUEST');
  }
  return {
    pathname: url.pathname,
    search: url.search,
    hash: url.hash,
    ...(newState === undefined ? {} : { state: newState }),
    key: crypto.randomUUID().slice(0, 8),
  };
};

/** Returns the index of the browser's current entry. The app's entries count from 0. */
const entryIndex = () => (isRecord(history.state) && typeof history.state.index === 'number' ? history.state.index : 0);

/** The index of the entry that the app has seen last. All histories of the app share it. */
let index = entryIndex();

/**
 * Returns a history for the app's page. It works until the page goes away.
 * @param {Place} place
 */
export const createHistory = (place) => {
  if (place.isDialog) {
    throw new HostError('The local host has a history for the page of a module only, not for a modal.', 'NO_HISTORY');
  }
  /** @type {Set<(location: Location, action: Action) => unknown>} */
  const listeners = new Set();
  /** @type {Set<unknown>} */
  const blocks = new Set();

  /** @param {Action} action */
  const notify = (action) => {
    const at = currentLocation();
    for (const listener of listeners) Promise.resolve(listener(at, action)).catch(() => listeners.delete(listener));
  };

  /**
   * Asks the blocks, and the user if a block has a text. Reports whether all of them allow the step.
   * @param {Location} to
   * @param {Action} action
   */
  const allowed = async (to, action) => {
    for (const block of blocks) {
      const answer = typeof block === 'function' ? await block(to, action) : block;
      const yes =
        typeof answer === 'string' ? await askUser(answer, '', { yes: 'Go on', no: 'Stay' }) : answer !== false;
      if (!yes) return false;
    }
    return true;
  };

  /**
   * @param {'PUSH' | 'REPLACE'} action
   * @param {unknown} to
   * @param {unknown} state
   */
  const move = async (action, to, state) => {
    const next = resolve(to, state);
    if (blocks.size > 0 && !(await allowed(next, action))) return;
    if (action === 'PUSH') index++;
    const entry = { index, key: next.key, ...('state' in next ? { state: next.state } : {}) };
    const address = `#${next.pathname}${next.search}${next.hash}`;
    if (action === 'PUSH') history.pushState(entry, '', address);
    else history.replaceState(entry, '', address);
    notify(action);
  };

  const arrived = () => {
    index = entryIndex();
    notify('POP');
  };

  /** The handlers of the "popstate" events that this history causes itself, in their order. @type {(() => void)[]} */
  const expected = [];

  const onPop = async () => {
    const handler = expected.shift();
    if (handler) {
      handler();
      return;
    }
    const back = index - entryIndex();
    if (blocks.size === 0 || back === 0) {
      arrived();
      return;
    }
    // "popstate" comes after the step. So undo the step, ask, and if all allow it, repeat the step.
    const to = currentLocation();
    expected.push(() => {});
    history.go(back);
    if (!(await allowed(to, 'POP'))) return;
    expected.push(arrived);
    history.go(-back);
  };
  window.addEventListener('popstate', onPop);
  place.cleanups.add(() => {
    window.removeEventListener('popstate', onPop);
    listeners.clear();
    blocks.clear();
  });

  return {
    action: 'POP',
    length: history.length,
    location: currentLocation(),
    /** @param {unknown} to @param {unknown} [state] */
    push: (to, state) => move('PUSH', to, state),
    /** @param {unknown} to @param {unknown} [state] */
    replace: (to, state) => move('REPLACE', to, state),
    /** @param {unknown} n */
    go: (n) => history.go(Number(n)),
    goBack: () => history.back(),
    goForward: () => history.forward(),
    /** @param {unknown} to */
    createHref: (to) => {
      const { pathname, search, hash } = resolve(to, undefined);
      return `#${pathname}${search}${hash}`;
    },
    /** @param {unknown} listener */
    listen: (listener) => {
      if (typeof listener !== 'function') throw new HostError('history.listen needs a function.', 'INVALID_REQUEST');
      const entry = /** @param {Location} at @param {Action} action */ (at, action) => listener(at, action);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
    /** @param {unknown} [prompt] */
    block: (prompt = false) => {
      // Wrapped, because two blocks may have the same text.
      const block = typeof prompt === 'function' ? prompt : () => prompt;
      blocks.add(block);
      return () => {
        blocks.delete(block);
      };
    },
  };
};
