// A place shows one page of the app: in the module's frame, in a view over it, or in a modal dialog.

/**
 * @typedef {object} Place
 * @property {string} url the address of the app's page
 * @property {boolean} isDialog
 * @property {string} view the view of the module whose context the page has; empty for the module's own resource
 * @property {Record<string, unknown>} extension the place's part of the context's extension
 * @property {((value: unknown) => void) | undefined} saved called when the product has saved what the view has submitted;
 *   undefined in a modal dialog, which belongs to a view
 * @property {(command: string, payload?: unknown) => Promise<unknown>} call sends a command to the app's page
 * @property {(value: unknown, hasValue: boolean) => void} close closes the place
 * @property {Set<() => unknown>} onClose the app's callbacks for when the product closes the place
 * @property {Set<() => void>} cleanups the functions to run when the app's page goes away or is loaded again
 * @property {Set<() => void>} dialogs the functions that remove the dialogs that the app's page has opened
 */

/**
 * Returns a place whose page is not connected yet.
 * @param {string} url
 * @param {{isDialog?: boolean, view?: string, extension?: Record<string, unknown>, saved?: Place['saved'], close: Place['close']}} options
 * @returns {Place}
 */
export const newPlace = (url, { isDialog = false, view = '', extension = {}, saved, close }) => ({
  url,
  isDialog,
  view,
  extension,
  saved,
  close,
  call: () => Promise.reject(new Error('The app’s page is not connected yet.')),
  onClose: new Set(),
  cleanups: new Set(),
  dialogs: new Set(),
});

/**
 * Removes what the previous page registered in the place.
 * @param {Place} place
 * @param {{keepDialogs?: boolean}} [options]
 */
export const cleanUp = (place, { keepDialogs = false } = {}) => {
  for (const run of place.cleanups) run();
  place.cleanups.clear();
  place.onClose.clear();
  if (keepDialogs) return;
  for (const remove of place.dialogs) remove();
  place.dialogs.clear();
};
