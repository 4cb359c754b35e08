// Shows what has changed: the host says which part, and this page refreshes it. See devhost/reload.go for the message.
import { isRecord } from '../wire.js';
import { refreshPages } from './apppage.js';
import { carry } from './carry.js';
import { receive, windowName } from './socket.js';
import { outdated, versionsOf } from './versions.js';

/** How long the app's page may take to answer, in milliseconds. */
const answerTime = 10_000;

/** The panels of the page's header. */
const panels = () =>
  [...document.querySelectorAll('details.faults')].filter((panel) => panel instanceof HTMLDetailsElement);
const trafficToggle = () => document.getElementById('traffic-toggle');

/**
 * Reloads the whole page.
 * @param {() => Promise<unknown>} keep resolves to the state of the app's page
 * @param {boolean} restarted whether the reason is a restart of the host
 */
const reloadAll = async (keep, restarted) => {
  const state = await Promise.race([keep(), new Promise((resolve) => setTimeout(resolve, answerTime))]).catch(
    () => undefined,
  );
  carry({
    state,
    hasFocus: document.activeElement instanceof HTMLIFrameElement,
    open: panels().flatMap(({ id, open }) => (open ? [id] : [])),
    traffic: trafficToggle()?.getAttribute('aria-expanded') === 'true',
    restarted,
  });
  window.location.reload();
};

/** Shows the page's own panels as they were. @param {import('./carry.js').Carried} carried */
export const restorePanels = ({ open, traffic }) => {
  for (const panel of panels()) panel.open = open.includes(panel.id);
  if (!traffic) trafficToggle()?.click();
};

/**
 * Begins to receive changes.
 * @param {() => Promise<unknown>} keep resolves to the state of the app's page
 */
export const startRefresh = (keep) => {
  let shown = versionsOf(document.querySelector('main')?.dataset.versions);
  let isLeaving = false;
  const leave = (restarted = false) => {
    if (isLeaving) return;
    isLeaving = true;
    reloadAll(keep, restarted);
  };
  receive('refresh', ({ payload }) => {
    if (!isRecord(payload) || isLeaving) return;
    if (payload.part === 'product') {
      leave();
      return;
    }
    shown.app = Number(payload.version);
    refreshPages(
      String(payload.part),
      String(payload.resource ?? ''),
      Array.isArray(payload.paths) ? payload.paths.map(String) : [],
    );
  });
  // A change may have come while this window was not connected.
  receive('versions', ({ payload }) => {
    const now = versionsOf(payload);
    const part = outdated(shown, now);
    if (part === 'product' || part === 'restart') {
      leave(part === 'restart');
      return;
    }
    shown = now;
    if (part === 'app') refreshPages('app', '', []);
  });
  windowName().catch(() => {}); // The socket connects again by itself.
};
