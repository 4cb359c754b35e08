// A view that is open over the module's own: the dialog in which a field or a macro is edited, or its place. It covers the
// module only, so that the developer can use the rest of the page meanwhile.
import { isRecord } from '../wire.js';
import { element, make } from './element.js';
import { raiseFlags } from './flag.js';
import { setViewport } from './frameheight.js';
import { dialogHeader } from './modal.js';
import { cleanUp, newPlace } from './place.js';

/** @typedef {import('./place.js').Place} Place */
/** @typedef {{view: string, url: string, title: string, inline: boolean, viewport: import('./frameheight.js').Viewport}} Over */

/**
 * Returns the view to open, or undefined.
 * @param {HTMLIFrameElement} iframe
 * @returns {Over | undefined}
 */
export const overOf = (iframe) => (iframe.dataset.over ? JSON.parse(iframe.dataset.over) : undefined);

/** Makes the address and the menu those of the module itself. */
const leaveAddress = () => {
  const url = new URL(window.location.href);
  url.searchParams.delete('view');
  history.replaceState(history.state, '', url);
  for (const link of document.querySelectorAll('.side a')) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    if (link.search === url.search && !link.hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
};

/**
 * Opens a view and returns its place.
 * @param {Over} over
 * @param {object} options
 * @param {HTMLIFrameElement} options.iframe the module's own frame, which an inline view hides
 * @param {import('./commands.js').Call['show']} options.show
 * @param {() => void} options.closed
 * @returns {Place}
 */
export const openOver = ({ view, url, title, inline, viewport }, { iframe, show, closed }) => {
  const stage = element('stage', HTMLElement);
  const box = make(inline ? 'div' : 'dialog', inline ? 'over inline' : 'over');
  let open = true;
  /** @param {boolean} byUser */
  const close = (byUser) => {
    if (!open) return;
    open = false;
    if (byUser) for (const run of place.onClose) Promise.resolve(run()).catch(() => {});
    disconnect();
    cleanUp(place);
    box.remove();
    iframe.hidden = false;
    leaveAddress();
    raiseFlags();
    closed();
  };
  const place = newPlace(url, {
    isDialog: !inline,
    view,
    close: () => close(true),
    saved: (payload) => {
      // Only a macro's configuration can stay open.
      if (!isRecord(payload) || payload.keepEditing !== true) close(false);
    },
  });
  const body = make('div', 'box');
  if (!inline) setViewport(body, viewport);
  body.append(dialogHeader(title, '', url, () => close(true)));
  box.append(body);
  box.setAttribute('aria-label', title);
  if (inline) {
    iframe.hidden = true;
    iframe.after(box);
  } else {
    stage.append(box);
  }
  const disconnect = show(place, {
    title,
    into: body,
    onSize: ({ height }) => {
      const frame = body.querySelector('iframe');
      if (frame && (inline || viewport.size === 'resizable')) frame.style.height = `${height}px`;
    },
  });
  if (box instanceof HTMLDialogElement) box.show();
  return place;
};
