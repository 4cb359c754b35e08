// The page's key. If forgego.yml has credentials for a product, forgego prints an address with "#key=…". The server uses
// those credentials only for a page that has the key.
//
// The page removes the key from the address, where somebody could see or copy it. It keeps the key in the session storage
// of this origin while the tab is open. Neither the app's page nor another window can read it there. A window that was
// opened without the key asks the other windows for it.

const storageKey = 'forgego:key';
const channelName = 'forgego:key';

/** How long to wait for an answer of another window, in milliseconds. */
const answerTimeout = 500;

/** Returns the key, or "" if this window has none. */
export const pageKey = () => sessionStorage.getItem(storageKey) ?? '';

/** Receives the questions of other windows. Open only if this window has a key. @type {BroadcastChannel | undefined} */
let channel;

const answerOthers = () => {
  if (channel || !pageKey()) return;
  channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', ({ data }) => {
    if (data?.ask) channel?.postMessage({ key: pageKey() });
  });
};

const takeFromAddress = () => {
  const [, key] = /^#key=(\w+)$/.exec(window.location.hash) ?? [];
  if (!key) return;
  sessionStorage.setItem(storageKey, key);
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  answerOthers();
};

/**
 * Asks the other windows for a key that differs from the key of this window.
 * @returns {Promise<boolean>} whether a window answered with one
 */
export const keyFromOtherWindow = () =>
  new Promise((resolve) => {
    const others = new BroadcastChannel(channelName);
    /** @param {boolean} found */
    const done = (found) => {
      clearTimeout(timer);
      others.close();
      resolve(found);
    };
    const timer = setTimeout(done, answerTimeout, false);
    others.addEventListener('message', ({ data }) => {
      if (typeof data?.key !== 'string' || data.key === pageKey()) return;
      sessionStorage.setItem(storageKey, data.key);
      answerOthers();
      done(true);
    });
    others.postMessage({ ask: true });
  });

takeFromAddress();
answerOthers();
// A user may paste the address with the key into an open page. This listener must be registered before the app's history
// registers its own, so that "#key=…" is not taken for a location of the app.
window.addEventListener('popstate', takeFromAddress);
