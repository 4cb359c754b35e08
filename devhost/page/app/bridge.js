// The bridge in the app's page. The server bundles this file and what it imports as one classic script. It adds the script to
// the app's pages, as the first element of the head:
//
//   <script src="/_bridge/bridge.js" data-host="ORIGIN OF THE PRODUCT'S PAGE">
//
// The script sets globalThis.__bridge = { callBridge, __SEMVER }, as Atlassian's own script does, unless it is already set.
//
// The handshake must withstand:
//   - messages from other windows: frames inside the app, pages that embed or opened it, extensions;
//   - an app that is not inside the local host's page;
//   - a reload: the window object stays the same, so an answer to the previous page may arrive in the next page;
//   - a script that answers instead of the product: other origins cannot, and the product's page runs only its own scripts;
//   - calls before the handshake is complete, and a host that never answers.
//
// The steps:
//   1. The app's page sends { type: 'forgego:hello', nonce } to window.parent, for the product's origin only.
//   2. The product's page accepts it only from its iframe's window and the app's origin. It closes the previous page's
//      channel, which rejects the calls pending on it. Then it makes a new channel and sends
//      { type: 'forgego:welcome', nonce } with one port, for the app's origin only.
//   3. The app's page accepts that only from window.parent, from the product's origin, and with its own nonce.
//   4. Everything else is sent over the port. Earlier calls are sent now, in their order.
//   5. Without an answer within 5 s, the calls are rejected. A later call starts a new handshake.
import { BridgeError, Peer, isRecord } from '../wire.js';
import { watchFirstCalls } from './early.js';
import { collectErrors } from './errors.js';
import { keepState, reloadPage, restoreState, startKeeping } from './keep.js';
import { reportLoaded } from './loaded.js';
import { exchangeStyles } from './styles.js';

/** In milliseconds. */
const handshakeTimeout = 5000;
const host = (document.currentScript instanceof HTMLScriptElement && document.currentScript.dataset.host) || '';

/**
 * Performs the handshake. Attaches the port to the peer, or closes the peer if there is no answer.
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
      new BridgeError(
        'BRIDGE_TIMEOUT',
        `The page around the app did not answer the bridge within 5 seconds. The app must be shown by ${host}. Load that page again.`,
      ),
    );
  }, handshakeTimeout);
  window.addEventListener('message', receive);
  window.parent.postMessage({ type: 'forgego:hello', nonce }, host);
};

/** The style sheet of the product's theme. It is a constructed one, because the app's policy may forbid inline styles. */
const themeSheet = new CSSStyleSheet();

/**
 * When the attributes of a theme are set again, in milliseconds. Code such as useThemeObserver of @atlaskit/tokens reads them
 * when it renders, and begins to observe them later. If they are set in between, it would not learn of them.
 */
const themeAgain = [0, 50, 150, 500, 1500, 5000];

/**
 * Sets the attributes that Forge documents for a theme, and the design tokens.
 * @param {unknown} theme
 */
const applyTheme = (theme) => {
  const { colorMode, theme: names, css } = isRecord(theme) ? theme : {};
  const root = document.documentElement;
  root.dataset.colorMode = String(colorMode);
  root.dataset.theme = String(names);
  // Setting an attribute to the value that it has is a change for those who observe it.
  const again = () => root.setAttribute('data-color-mode', root.dataset.colorMode ?? '');
  for (const time of themeAgain) setTimeout(again, time);
  themeSheet.replaceSync(String(css));
  // First, so that the app's own rules win.
  if (!document.adoptedStyleSheets.includes(themeSheet)) {
    document.adoptedStyleSheets = [themeSheet, ...document.adoptedStyleSheets];
  }
};

/**
 * Returns the margin below an element, or below what ends it if that is larger: such margins collapse.
 * @param {Element} element
 * @returns {number}
 */
const marginBelow = (element) => {
  const own = parseFloat(getComputedStyle(element).marginBottom) || 0;
  const last = [...element.children].reverse().find((child) => child.getClientRects().length > 0);
  const gap = last ? element.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom : 1;
  return last && Math.abs(gap) < 1 ? Math.max(own, marginBelow(last)) : own;
};

/**
 * Sends the size of the page's content to the product, now and whenever it changes.
 * @param {Peer} peer
 */
const watchSize = (peer) => {
  const watch = () => {
    const { body } = document;
    const scrollBar = () => window.innerHeight - document.documentElement.clientHeight;
    let reportedBar = 0;
    const report = () => {
      const { left, top } = body.getBoundingClientRect();
      const { marginRight } = getComputedStyle(body);
      reportedBar = scrollBar();
      const size = {
        width: Math.ceil(body.scrollWidth + left + window.scrollX + (parseFloat(marginRight) || 0)),
        // With the scroll bar of a page that is too wide.
        height: Math.ceil(body.scrollHeight + top + window.scrollY + marginBelow(body) + reportedBar),
      };
      peer.call('forgego:size', size).catch(() => observer.disconnect());
    };
    const observer = new ResizeObserver(report);
    observer.observe(body);
    window.addEventListener('resize', () => {
      if (scrollBar() !== reportedBar) report();
    });
    // A body as high as the window, which @atlaskit/css-reset makes, does not grow with its content. What is in it does.
    const observeContent = () => {
      for (const child of body.children) observer.observe(child);
    };
    observeContent();
    new MutationObserver(observeContent).observe(body, { childList: true });
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch, { once: true });
  else watch();
};

/** What has or had the focus here. A page loses it when the focus moves to another page, such as the one around it. */
let lastFocus = new WeakRef(document.documentElement);
window.addEventListener('focusin', (event) => {
  const [target] = event.composedPath();
  if (target instanceof HTMLElement) lastFocus = new WeakRef(target);
});
const focusAgain = () => lastFocus.deref()?.focus({ preventScroll: true });

/** Whether the product's page shows flags, which F6 reaches. */
let hasFlags = false;
/** @param {boolean} has */
const setFlags = (has) => {
  hasFlags = has;
};

/** Starts a handshake and returns the peer, which queues calls until the handshake is complete. */
const open = () => {
  const peer = new Peer((command, payload) => {
    if (command === 'theme') return applyTheme(payload);
    if (command === 'watchSize') return watchSize(peer);
    if (command === 'styles') return exchangeStyles(/** @type {string[]} */ (payload));
    if (command === 'keep') return keepState();
    if (command === 'reload') return reloadPage();
    if (command === 'flags') return setFlags(payload === true);
    if (command === 'focus') return focusAgain();
    if (command === 'restore') return restoreState(/** @type {import('./keep.js').Item[]} */ (payload));
    throw new BridgeError('UNKNOWN_COMMAND', `The app's page has no command "${command}".`);
  });
  shakeHands(peer);
  return peer;
};

/** @type {typeof globalThis & {__bridge?: unknown}} */
const global = globalThis;

if (!global.__bridge) {
  startKeeping();
  let peer = open();
  collectErrors((errors) => {
    if (!peer.closed) peer.call('forgego:errors', errors).catch(() => {});
  });
  reportLoaded((loaded) => {
    if (!peer.closed) peer.call('forgego:loaded', loaded).catch(() => {});
  });
  const watch = watchFirstCalls((found) => {
    if (!peer.closed) peer.call('forgego:early', found).catch(() => {});
  });
  /**
   * @param {string} command
   * @param {unknown} [payload]
   */
  const callBridge = async (command, payload) => {
    if (typeof command !== 'string') throw new TypeError('callBridge needs the name of a command.');
    if (peer.closed) peer = open();
    const answer = peer.call(command, payload);
    watch(command, payload, answer);
    return answer;
  };
  // Escape may close a dialog around the app, and F6 moves the focus to its flags, but the product's page does not get key
  // events of this page.
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented && !peer.closed) {
      peer.call('forgego:escape', undefined).catch(() => {});
    }
    if (event.key === 'F6' && hasFlags && !event.defaultPrevented && !peer.closed) {
      event.preventDefault();
      peer.call('forgego:flags', undefined).catch(() => {});
    }
  });
  global.__bridge = { callBridge, __SEMVER: '0.0.0-forgego' };
}
