// The key in the address that forgego prints, "#key=…", where forgego.yml has credentials for a product. The server sends
// requests with those credentials only for a page that has the key. The page takes it out of the address, where somebody
// could see or copy it, and keeps it as long as the tab is open: in this origin's session storage, which neither the app's
// page can read nor another window. A window that was opened without the key asks the others for it.

const item = 'forgego:key';
const channelName = 'forgego:key';

/** How long other windows have to answer, in milliseconds. */
const patience = 500;

export const pageKey = () => sessionStorage.getItem(item) ?? '';

/** Listens to windows that ask, once there is a key to tell. @type {BroadcastChannel | undefined} */
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
  sessionStorage.setItem(item, key);
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  answerOthers();
};

/**
 * Asks the other windows for a key that this one has not.
 * @returns {Promise<boolean>} whether there is one
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
    const timer = setTimeout(done, patience, false);
    others.addEventListener('message', ({ data }) => {
      if (typeof data?.key !== 'string' || data.key === pageKey()) return;
      sessionStorage.setItem(item, data.key);
      answerOthers();
      done(true);
    });
    others.postMessage({ ask: true });
  });

takeFromAddress();
answerOthers();
// The address is given to a page that is open already. Before others that listen take it for one of the app's.
window.addEventListener('popstate', takeFromAddress);
