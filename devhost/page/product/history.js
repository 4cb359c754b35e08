// The history of the app's page: the part of the product's address behind "#" is the app's.
// Sources: apis-reference/ui-api-bridge/view, and the type of a history in @forge/bridge 7.2.0.
import { ask } from './dialog.js';
import { HostError } from './server.js';
import { isRecord } from '../wire.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {{pathname: string, search: string, hash: string, state?: unknown, key: string}} Location */
/** @typedef {'PUSH' | 'REPLACE' | 'POP'} Action */

/** Where the app is, without an origin of its own. */
const base = 'http://app';

/** @returns {Location} */
const here = () => {
  const text = location.hash.slice(1);
  const url = new URL(text.startsWith('/') ? base + text : `${base}/${text}`);
  const entry = isRecord(history.state) ? history.state : {};
  return { pathname: url.pathname, search: url.search, hash: url.hash, ...('state' in entry ? { state: entry.state } : {}), key: String(entry.key ?? 'first') };
};

/**
 * The location that push and replace are given: a path, or its parts.
 * @param {unknown} to
 * @param {unknown} state
 */
const target = (to, state) => {
  const parts = isRecord(to) ? to : {};
  /** @param {unknown} text @param {string} mark */
  const marked = (text, mark) => (text === undefined || text === '' || text === mark ? '' : String(text).startsWith(mark) ? String(text) : mark + text);
  const path = typeof to === 'string' ? to : String(parts.pathname ?? here().pathname) + marked(parts.search, '?') + marked(parts.hash, '#');
  const given = typeof to === 'string' ? state : parts.state;
  // Two slashes would begin a host's name.
  const at = base + here().pathname + here().search;
  const url = /^[/\\]{2}/.test(path) ? new URL(`${base}/.${path}`) : new URL(path, at);
  if (url.origin !== base) throw new HostError(`The history of an app has no "${path}". It has paths of its own only.`, 'INVALID_REQUEST');
  return { pathname: url.pathname, search: url.search, hash: url.hash, ...(given === undefined ? {} : { state: given }), key: crypto.randomUUID().slice(0, 8) };
};

/** The number of the entry that the browser is at: those of an app count from 0. */
const entryIndex = () => (isRecord(history.state) && typeof history.state.index === 'number' ? history.state.index : 0);

/** The entry at which the app is. An app may ask for several histories, which are of the same entries. */
let index = entryIndex();

/**
 * Gives the app a history until its page goes away.
 * @param {Place} place
 */
export const createHistory = (place) => {
  if (place.isDialog) throw new HostError('The local host keeps a history for the page of a module, not for a modal.', 'NO_HISTORY');
  /** @type {Set<(location: Location, action: Action) => unknown>} */
  const listeners = new Set();
  /** @type {Set<unknown>} */
  const blocks = new Set();

  /** @param {Action} action */
  const tell = (action) => {
    const at = here();
    for (const listener of listeners) Promise.resolve(listener(at, action)).catch(() => listeners.delete(listener));
  };

  /**
   * Whether nothing that blocks has the user stay.
   * @param {Location} to
   * @param {Action} action
   */
  const allowed = async (to, action) => {
    for (const block of blocks) {
      const said = typeof block === 'function' ? await block(to, action) : block;
      const may = typeof said === 'string' ? await ask(said, '', { yes: 'Go on', no: 'Stay' }) : said !== false;
      if (!may) return false;
    }
    return true;
  };

  /**
   * @param {'PUSH' | 'REPLACE'} action
   * @param {unknown} to
   * @param {unknown} state
   */
  const move = async (action, to, state) => {
    const next = target(to, state);
    if (blocks.size > 0 && !(await allowed(next, action))) return;
    if (action === 'PUSH') index++;
    const entry = { index, key: next.key, ...('state' in next ? { state: next.state } : {}) };
    const address = `#${next.pathname}${next.search}${next.hash}`;
    if (action === 'PUSH') history.pushState(entry, '', address);
    else history.replaceState(entry, '', address);
    tell(action);
  };

  const arrived = () => {
    index = entryIndex();
    tell('POP');
  };

  /** What the next pop means, if it is this history's own doing. @type {(() => void)[]} */
  const expected = [];

  const onPop = async () => {
    const own = expected.shift();
    if (own) {
      own();
      return;
    }
    const by = index - entryIndex();
    if (blocks.size === 0 || by === 0) {
      arrived();
      return;
    }
    // The browser has gone already: back, ask, and then there once more.
    const to = here();
    expected.push(() => {});
    history.go(by);
    if (!(await allowed(to, 'POP'))) return;
    expected.push(arrived);
    history.go(-by);
  };
  window.addEventListener('popstate', onPop);
  place.leave.add(() => {
    window.removeEventListener('popstate', onPop);
    listeners.clear();
    blocks.clear();
  });

  return {
    action: 'POP',
    length: history.length,
    location: here(),
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
      const { pathname, search, hash } = target(to, undefined);
      return `#${pathname}${search}${hash}`;
    },
    /** @param {unknown} listener */
    listen: (listener) => {
      if (typeof listener !== 'function') throw new HostError('history.listen needs a function.', 'INVALID_REQUEST');
      const own = /** @param {Location} at @param {Action} action */ (at, action) => listener(at, action);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    /** @param {unknown} [prompt] */
    block: (prompt = false) => {
      // A value of its own, because two may have the same text.
      const own = typeof prompt === 'function' ? prompt : () => prompt;
      blocks.add(own);
      return () => {
        blocks.delete(own);
      };
    },
  };
};
