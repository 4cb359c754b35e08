// What forgego tunnel adds to the app's pages: it loads them again after a change, shows problems over them, and reports
// their errors. Between the page and forgego is Atlassian's forge tunnel. The page's policy allows requests to its own
// origin, so the changes arrive as server-sent events from there.
//
// Browsers open at most six connections to an origin. So a page that nobody sees closes its connection, and compares
// versions when it is seen again.
import { collectErrors } from '../app/errors.js';
import { keepState, reloadPage, restoreState, startKeeping } from '../app/keep.js';
import { exchangeStyles } from '../app/styles.js';
import { withoutTokens } from '../product/redact.js';
import { isRecord } from '../wire.js';
import { ProblemsOverlay } from './overlay.js';

const keptName = 'forgego:kept';
/** How long to wait for a server that does not answer, in milliseconds. */
const retryTime = 1000;

const script = document.currentScript;
const address = new URL(script instanceof HTMLScriptElement ? script.src : location.href);
let version = address.searchParams.get('version') ?? '';
/** @param {string} name */
const at = (name) => new URL(name, address).href;

/** Returns what the page before kept, and forgets it. */
const takeKept = () => {
  try {
    const text = sessionStorage.getItem(keptName);
    sessionStorage.removeItem(keptName);
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined; // The frame may not store anything.
  }
};

const reload = () => {
  try {
    sessionStorage.setItem(keptName, JSON.stringify(keepState()));
  } catch {
    // The page is loaded again without what the user typed.
  }
  reloadPage();
};

const overlay = new ProblemsOverlay(at('overlay.css'));
/** @type {EventSource | undefined} */
let events;

/** @param {unknown} message */
const receive = async (message) => {
  if (!isRecord(message)) return;
  if (Array.isArray(message.problems)) overlay.show(message.problems);
  if (message.version === version) return;
  const isNext = message.after === version;
  if (isNext && Array.isArray(message.styles)) {
    version = String(message.version);
    if (!(await exchangeStyles(message.styles.map(String)))) return;
  }
  reload();
};

const connect = () => {
  if (document.hidden || events) return;
  events = new EventSource(at('events'));
  events.onmessage = ({ data }) => receive(JSON.parse(data));
  // After some failures a browser does not connect again by itself, such as when forge tunnel answers that our server is not
  // running.
  events.onerror = () => {
    disconnect();
    setTimeout(connect, retryTime);
  };
};

const disconnect = () => {
  events?.close();
  events = undefined;
};

startKeeping();
const kept = takeKept();
if (kept?.url === location.href) restoreState(kept.items);
collectErrors((errors) => {
  const body = JSON.stringify(errors.map(({ name, text, count }) => ({ name, text: withoutTokens(text), count })));
  fetch(at('errors'), { method: 'POST', body, headers: { 'content-type': 'application/json' } }).catch(() => {});
});
document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
// A page in the browser's cache of pages must not hold a connection.
window.addEventListener('pagehide', disconnect);
window.addEventListener('pageshow', connect);
connect();
