// The pages of the app that are shown now: in the module's frame and in modals. Each one can be refreshed after a change.
import { isRecord } from '../wire.js';
import { onFlags } from './flag.js';
import { connectFrame } from './frame.js';
import { cleanUp } from './place.js';
import { Reloader } from './reloader.js';
import { resourceAt, resourceURLs } from './resources.js';

/** @typedef {import('./place.js').Place} Place */

/**
 * @typedef {object} AppPage
 * @property {() => Promise<unknown>} keep resolves to the page's state, for a reload of the product's page
 * @property {() => void} reload
 * @property {(paths: string[]) => Promise<void>} exchangeStyles
 * @property {() => string} resource returns the key of the shown resource
 */

/** @type {Set<AppPage>} */
const pages = new Set();

/** Returns the items of a state. @param {unknown} state */
const itemsOf = (state) => (isRecord(state) && Array.isArray(state.items) ? state.items : []);

/**
 * Shows a page of the app in an iframe and connects it.
 * @param {HTMLIFrameElement} iframe must not be in the document yet
 * @param {Place} place
 * @param {object} options
 * @param {import('../wire.js').Handler} options.handler answers the app's commands
 * @param {(state: import('./frame.js').FrameState) => void} options.onState
 * @param {Record<string, (payload: unknown) => void>} options.signals
 * @param {unknown} [options.state] the state to restore at first
 */
export const connectPage = (iframe, place, { handler, onState, signals, state: firstState }) => {
  const connection = connectFrame(
    iframe,
    new URL(place.url).origin,
    handler,
    (state) => {
      if (state === 'connected') {
        // If we reload the page, the user's dialogs stay open.
        cleanUp(place, { keepDialogs: reloader.isLoading });
        reloader.connected();
        // The page leaves F6 to the browser while there are none.
        place.cleanups.add(onFlags((hasFlags) => connection.call('flags', hasFlags).catch(() => {})));
      }
      onState(state);
    },
    signals,
    () => reloader.loaded(),
  );
  place.call = connection.call;
  iframe.addEventListener('forgego:return', () => connection.call('focus').catch(() => {}));

  const reloader = new Reloader(
    {
      leave: async () => {
        onState('loading');
        // The state must be here before the next page connects, so it is not the answer of "reload".
        const state = await connection.call('keep');
        connection.call('reload').catch(() => {}); // The page goes away before it answers.
        return state;
      },
      // The browser's history gets no entry.
      replace: () => iframe.contentWindow?.location.replace(place.url),
      restore: (state) => {
        // The app's page must not take the focus from this page.
        const items = itemsOf(state).filter((item) => item?.what !== 'focus' || document.activeElement === iframe);
        connection.call('restore', items).catch(() => {});
      },
    },
    firstState,
  );

  /** @type {AppPage} */
  const page = {
    keep: () => connection.call('keep'),
    reload: () => reloader.request(),
    async exchangeStyles(paths) {
      const folder = new URL(resourceURLs().get(page.resource()) ?? '', place.url).pathname;
      const names = paths.map((name) => folder + name);
      // A page that loads may have got the old file already.
      if (reloader.isLoading || (await connection.call('styles', names).catch(() => true)) === true) reloader.request();
    },
    resource: () => resourceAt(place.url),
  };
  pages.add(page);
  return {
    ...connection,
    keep: page.keep,
    reload: page.reload,
    close: () => {
      pages.delete(page);
      connection.close();
    },
  };
};

/**
 * Refreshes the pages of a resource.
 * @param {string} part "styles" or "app"
 * @param {string} resource empty for all
 * @param {string[]} paths
 */
export const refreshPages = (part, resource, paths) => {
  for (const page of pages) {
    if (resource && page.resource() !== resource) continue;
    if (part === 'styles' && paths.length > 0) page.exchangeStyles(paths);
    else page.reload();
  }
};
