// Dialogs: those that the app opens, with a page of its own inside, and those in which the product asks the user.
// Source: apis-reference/ui-api-bridge/modal.
import { raiseFlags } from './flag.js';
import { leavePlace, newPlace } from './place.js';
import { HostError } from './server.js';
import { isRecord } from '../wire.js';

/** @typedef {import('./place.js').Place} Place */

const sizes = ['small', 'medium', 'large', 'xlarge', 'max', 'fullscreen', 'resizable'];

/**
 * @param {unknown} resource "KEY", "KEY/ENTRY", or nothing for the caller's
 * @param {Place} opener
 */
const pageOf = (resource, opener) => {
  if (resource === null || resource === undefined || resource === '') return opener.url;
  const [key, entry, ...rest] = String(resource).split('/');
  const known = (document.querySelector('main')?.dataset.resources ?? '').split(' ').filter(Boolean);
  if (!known.includes(key) || rest.length > 0 || entry === '') {
    throw new HostError(`manifest.yml has no resource "${resource}" for a modal. It has ${known.join(', ')}.`, 'UNKNOWN_RESOURCE');
  }
  return new URL(`/${key}/${entry ? `${encodeURIComponent(entry)}.html` : ''}`, opener.url).href;
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
  if (typeof width !== 'string' || !CSS.supports('width', width) || (height !== undefined && (typeof height !== 'string' || !CSS.supports('height', height)))) {
    throw new HostError(`A modal has no size ${JSON.stringify(size)}. It has ${sizes.join(', ')}, or {width, height} in lengths of CSS.`, 'INVALID_REQUEST');
  }
  dialog.classList.add('custom');
  dialog.style.width = width;
  if (height) dialog.style.height = String(height);
};

/**
 * The bar with title and icon, which a dialog has only if the app gives one.
 * @param {unknown} title
 * @param {unknown} icon
 * @param {string} base
 * @param {() => void} close
 */
const header = (title, icon, base, close) => {
  const bar = document.createElement('header');
  if (icon) {
    const image = document.createElement('img');
    image.alt = '';
    image.src = URL.canParse(String(icon), base) ? new URL(String(icon), base).href : '';
    bar.append(image);
  }
  const heading = document.createElement('h2');
  heading.textContent = String(title);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'dismiss';
  button.setAttribute('aria-label', 'Close');
  button.addEventListener('click', close);
  bar.append(heading, button);
  return bar;
};

/** Has a click beside the dialog, begun there too, call close. @param {HTMLDialogElement} dialog @param {() => void} close */
const onOverlay = (dialog, close) => {
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
 * @param {unknown} payload
 * @param {import('./commands.js').Call} call
 */
export const openModal = (payload, { place: opener, show }) => {
  const options = isRecord(payload) ? payload : {};
  const { title, icon, onClose } = options;
  const dialog = document.createElement('dialog');
  dialog.className = 'modal';
  setSize(dialog, options.size ?? 'medium');
  const url = pageOf(options.resource, opener);

  let open = true;
  /** @type {Place['close']} */
  const close = (value, given) => {
    if (!open) return;
    open = false;
    opener.leave.delete(gone);
    disconnect();
    leavePlace(place);
    dialog.close();
    dialog.remove();
    raiseFlags();
    if (typeof onClose === 'function') Promise.resolve(given ? onClose(value) : onClose()).catch(() => {});
  };
  const byUser = () => close(undefined, false);
  const place = newPlace(url, { isDialog: true, extension: { modal: options.context ?? {} }, close });
  const gone = () => {
    // The page that opened it is gone, and its onClose with it.
    open = false;
    disconnect();
    leavePlace(place);
    dialog.remove();
    raiseFlags();
  };

  const box = document.createElement('div');
  box.className = 'box';
  if (title || icon) box.append(header(title ?? '', icon, opener.url, byUser));
  dialog.setAttribute('aria-label', String(title || 'Modal of the app'));
  dialog.append(box);
  const byEscape = () => {
    if (options.closeOnEscape !== false) byUser();
  };
  // Escape is the dialog's where the focus is in the product's page, and the app's page passes it on where it is in there.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    byEscape();
  });
  // A second Escape would close it whatever cancel says.
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    byEscape();
  });
  if (options.closeOnOverlayClick !== false) onOverlay(dialog, byUser);
  const sized = options.size === 'resizable' ? resizable(dialog) : undefined;
  document.body.append(dialog);
  const disconnect = show(place, { title: String(title || 'Modal of the app'), into: box, onEscape: byEscape, onSize: sized });
  opener.leave.add(gone);
  dialog.showModal();
  raiseFlags();
  return true;
};

/**
 * Has the dialog take the size of what is in it, as the app's page tells it; the style sheet has its limits.
 * @param {HTMLDialogElement} dialog
 */
const resizable = (dialog) => (/** @type {{width: number, height: number}} */ { width, height }) => {
  const frame = dialog.querySelector('iframe');
  if (!frame) return;
  frame.style.width = `${width}px`;
  frame.style.height = `${height}px`;
};

/**
 * Asks the user something.
 * @param {string} question
 * @param {string} detail
 * @param {{yes: string, no: string}} answers
 * @returns {Promise<boolean>}
 */
export const ask = (question, detail, answers) =>
  new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'question';
    const box = document.createElement('div');
    box.className = 'box';
    const heading = document.createElement('h2');
    heading.textContent = question;
    heading.id = 'question';
    const code = document.createElement('p');
    code.className = 'detail';
    code.textContent = detail;
    const buttons = document.createElement('p');
    buttons.className = 'actions';
    /** @param {boolean} said */
    const end = (said) => {
      dialog.remove();
      raiseFlags();
      resolve(said);
    };
    for (const [text, said] of /** @type {[string, boolean][]} */ ([[answers.yes, true], [answers.no, false]])) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = text;
      if (said) button.className = 'main';
      button.addEventListener('click', () => end(said));
      buttons.append(button);
    }
    dialog.addEventListener('cancel', () => end(false));
    box.append(heading, code, buttons);
    dialog.append(box);
    dialog.setAttribute('aria-labelledby', heading.id);
    document.body.append(dialog);
    dialog.showModal();
    raiseFlags();
  });
