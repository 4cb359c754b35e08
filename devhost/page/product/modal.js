// The command openModal: a dialog with a page of the app.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/modal/
import { isRecord } from '../wire.js';
import { make, makeCross } from './element.js';
import { raiseFlags } from './flag.js';
import { HostError } from './hosterror.js';
import { cleanUp, newPlace } from './place.js';
import { resourceURLs } from './resources.js';

/** @typedef {import('./place.js').Place} Place */

const sizes = ['small', 'medium', 'large', 'xlarge', 'max', 'fullscreen', 'resizable'];

/**
 * Returns the address of the page to show.
 * @param {unknown} resource "KEY", "KEY/ENTRY", or empty for the opener's page
 * @param {Place} opener
 */
const pageOf = (resource, opener) => {
  if (resource === null || resource === undefined || resource === '') return opener.url;
  const [key, entry, ...rest] = String(resource).split('/');
  const urls = resourceURLs();
  const url = urls.get(key);
  if (!url || rest.length > 0 || entry === '') {
    throw new HostError(
      `manifest.yml has no resource "${resource}" for a modal. It has ${[...urls.keys()].join(', ')}.`,
      'UNKNOWN_RESOURCE',
    );
  }
  return url + (entry ? `${encodeURIComponent(entry)}.html` : '');
};

/**
 * @param {HTMLDialogElement} dialog
 * @param {unknown} size
 */
const setSize = (dialog, size) => {
  if (typeof size === 'string' && sizes.includes(size)) {
    dialog.classList.add(size);
    return;
  }
  const { width, height } = isRecord(size) ? size : {};
  if (
    typeof width !== 'string' ||
    !CSS.supports('width', width) ||
    (height !== undefined && (typeof height !== 'string' || !CSS.supports('height', height)))
  ) {
    throw new HostError(
      `A modal has no size ${JSON.stringify(size)}. It has ${sizes.join(', ')}, or {width, height} in lengths of CSS.`,
      'INVALID_REQUEST',
    );
  }
  dialog.classList.add('custom');
  dialog.style.width = width;
  if (height) dialog.style.height = String(height);
};

/**
 * Makes the bar with title, icon and a close button. A dialog has it only if the app sets a title or an icon.
 * @param {unknown} title
 * @param {unknown} icon
 * @param {string} base the address to which the icon's address is relative
 * @param {() => void} close
 */
export const dialogHeader = (title, icon, base, close) => {
  const bar = document.createElement('header');
  if (icon) {
    const image = document.createElement('img');
    image.alt = '';
    image.src = URL.canParse(String(icon), base) ? new URL(String(icon), base).href : '';
    bar.append(image);
  }
  bar.append(make('h2', '', String(title)), makeCross('Close', close));
  return bar;
};

/**
 * Calls close if a click both begins and ends beside the dialog.
 * @param {HTMLDialogElement} dialog
 * @param {() => void} close
 */
const onOverlayClick = (dialog, close) => {
  let begun = false;
  dialog.addEventListener('pointerdown', ({ target }) => {
    begun = target === dialog;
  });
  dialog.addEventListener('click', ({ target }) => {
    if (begun && target === dialog) close();
  });
};

/**
 * Opens a dialog with a page of the app.
 * @type {import('./commands.js').Commands[string]}
 */
export const openModal = async (payload, { place: opener, show, note }) => {
  const options = isRecord(payload) ? payload : {};
  note({ request: typeof options.resource === 'string' ? options.resource : '' });
  const { title, icon, onClose } = options;
  const dialog = document.createElement('dialog');
  dialog.className = 'modal';
  setSize(dialog, options.size ?? 'medium');
  const url = pageOf(options.resource, opener);

  let open = true;
  /** @type {Place['close']} */
  const close = (value, hasValue) => {
    if (!open) return;
    open = false;
    opener.dialogs.delete(openerGone);
    disconnect();
    cleanUp(place);
    dialog.close();
    dialog.remove();
    raiseFlags();
    if (typeof onClose === 'function') Promise.resolve(hasValue ? onClose(value) : onClose()).catch(() => {});
  };
  const closeByUser = () => close(undefined, false);
  const place = newPlace(url, {
    isDialog: true,
    view: opener.view,
    extension: { modal: options.context ?? {} },
    close,
  });
  // Does not call onClose, because it went away with the opener's page.
  const openerGone = () => {
    open = false;
    disconnect();
    cleanUp(place);
    dialog.remove();
    raiseFlags();
  };

  const box = make('div', 'box');
  if (title || icon) box.append(dialogHeader(title ?? '', icon, opener.url, closeByUser));
  dialog.setAttribute('aria-label', String(title || 'Modal of the app'));
  dialog.append(box);
  const onEscape = () => {
    if (options.closeOnEscape !== false) closeByUser();
  };
  // The dialog gets Escape if the product's page has the focus. Otherwise the app's page reports it.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    onEscape();
  });
  // A second Escape would close the dialog even if "cancel" is prevented.
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onEscape();
  });
  if (options.closeOnOverlayClick !== false) onOverlayClick(dialog, closeByUser);
  const onSize = options.size === 'resizable' ? resizer(dialog) : undefined;
  document.body.append(dialog);
  const disconnect = show(place, { title: String(title || 'Modal of the app'), into: box, onEscape, onSize });
  opener.dialogs.add(openerGone);
  dialog.showModal();
  raiseFlags();
  return true;
};

/**
 * Returns a function that sets the frame's size to the size of the app's page. The style sheet limits it.
 * @param {HTMLDialogElement} dialog
 */
const resizer =
  (dialog) =>
  (/** @type {{width: number, height: number}} */ { width, height }) => {
    const frame = dialog.querySelector('iframe');
    if (!frame) return;
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
  };
