// The bridge in the app's page. The server puts wire.js in front of this file and both into one function, and the
// script first into the head of the app's pages:
//
//   <script src="/_bridge/bridge.js" data-host="ORIGIN OF THE PRODUCT'S PAGE">
//
// It sets globalThis.__bridge = { callBridge, __SEMVER } as Atlassian's own script does, unless there is one.
//
// The handshake has to withstand
//   - messages from other windows: frames inside the app, pages that embed or have opened it, extensions;
//   - an app that is shown by a page that is not the local host, or by none;
//   - a reload: the window stays the same object while the page in it is another one, so that an answer to the page
//     before may arrive in the page after;
//   - a script that answers in the product's place: no other origin can, and the product's page runs its own scripts only;
//   - calls made before it is complete, and a host that never answers.
//
// Its steps:
//   1. The app's page sends { type: 'forgego:hello', nonce } to window.parent, for the product's origin only.
//   2. The product's page takes it from its iframe's window and the app's origin only. It closes the channel of the page
//      before, with everything that waits on it, makes a new one, and sends { type: 'forgego:welcome', nonce } with one
//      port, for the app's origin only.
//   3. The app's page takes that from window.parent and the product's origin only, and only with its own nonce.
//   4. Everything else goes over the port. Calls made before are sent now, in their order.
//   5. Without an answer within 5 s they are rejected; a later call begins anew.
import { BridgeError, Peer, isRecord } from '../wire.js';

const handshakeTime = 5000;
const host = (document.currentScript instanceof HTMLScriptElement && document.currentScript.dataset.host) || '';

/**
 * @param {Peer} peer
 * @returns {void}
 */
const shakeHands = (peer) => {
  if (window.parent === window) {
    peer.close(new BridgeError('NO_HOST', `This page is not inside a product. Open the app at ${host} instead.`));
    return;
  }
  const nonce = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const done = () => {
    clearTimeout(timer);
    window.removeEventListener('message', receive);
  };
  /** @param {MessageEvent} event */
  const receive = (event) => {
    if (event.source !== window.parent || event.origin !== host) return;
    const welcome = isRecord(event.data) && event.data.type === 'forgego:welcome' && event.data.nonce === nonce;
    const port = event.ports[0];
    if (!welcome || !port) return;
    done();
    peer.attach(port);
  };
  const timer = setTimeout(() => {
    done();
    peer.close(
      new BridgeError('BRIDGE_TIMEOUT', `The page around the app did not answer the bridge within 5 seconds. The app has to be shown by ${host}; load that page again.`),
    );
  }, handshakeTime);
  window.addEventListener('message', receive);
  window.parent.postMessage({ type: 'forgego:hello', nonce }, host);
};

/** The style sheet of the product's theme. A constructed one is no inline style, so that the app's policy allows it. */
const themeSheet = new CSSStyleSheet();

/**
 * Has the page look as the product does: by the attributes that Forge documents, and the design tokens.
 * @param {unknown} theme
 */
const applyTheme = (theme) => {
  const { colorMode, theme: names, css } = isRecord(theme) ? theme : {};
  const root = document.documentElement;
  root.dataset.colorMode = String(colorMode);
  root.dataset.theme = String(names);
  themeSheet.replaceSync(String(css));
  // First, so that the app's own rules win.
  if (!document.adoptedStyleSheets.includes(themeSheet)) document.adoptedStyleSheets = [themeSheet, ...document.adoptedStyleSheets];
};

/**
 * Tells the product how large the page's content is, now and whenever that changes.
 * @param {Peer} peer
 */
const watchSize = (peer) => {
  const watch = () => {
    const { body } = document;
    const tell = () => {
      const { marginTop, marginRight, marginBottom, marginLeft } = getComputedStyle(body);
      const [top, right, bottom, left] = [marginTop, marginRight, marginBottom, marginLeft].map((length) => parseFloat(length) || 0);
      const size = { width: Math.ceil(body.scrollWidth + left + right), height: Math.ceil(body.scrollHeight + top + bottom) };
      peer.call('forgego:size', size).catch(() => observer.disconnect());
    };
    const observer = new ResizeObserver(tell);
    observer.observe(body);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch, { once: true });
  else watch();
};

const open = () => {
  const peer = new Peer((command, payload) => {
    if (command === 'theme') return applyTheme(payload);
    if (command === 'watchSize') return watchSize(peer);
    throw new BridgeError('UNKNOWN_COMMAND', `The app's page has no command "${command}".`);
  });
  shakeHands(peer);
  return peer;
};

/** @type {typeof globalThis & {__bridge?: unknown}} */
const global = globalThis;

if (!global.__bridge) {
  let peer = open();
  /**
   * @param {string} command
   * @param {unknown} [payload]
   */
  const callBridge = async (command, payload) => {
    if (typeof command !== 'string') throw new TypeError('callBridge needs the name of a command.');
    if (peer.closed) peer = open();
    return peer.call(command, payload);
  };
  // The product's page does not see a key that is pressed in here, and Escape may close a dialog around the app.
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !peer.closed) peer.call('forgego:escape', undefined).catch(() => {});
  });
  global.__bridge = { callBridge, __SEMVER: '0.0.0-forgego' };
}
