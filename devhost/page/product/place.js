// A place in the product that shows a page of the app: the module's own, or a dialog's.

/**
 * @typedef {object} Place
 * @property {string} url the app's page
 * @property {boolean} isDialog
 * @property {{modal?: unknown}} extension what the place adds to the context's extension
 * @property {(command: string, payload?: unknown) => Promise<unknown>} tell sends a command to the app's page
 * @property {(value: unknown, given: boolean) => void} close closes the place; given is whether there is a value
 * @property {Set<() => unknown>} onClose what the app wants to be called when the product closes the place
 * @property {Set<() => void>} leave what has to be undone when the app's page goes away or is loaded again
 */

/**
 * A new place, which tells nobody anything yet.
 * @param {string} url
 * @param {{isDialog?: boolean, extension?: {modal?: unknown}, close: Place['close']}} about
 * @returns {Place}
 */
export const newPlace = (url, { isDialog = false, extension = {}, close }) => ({
  url,
  isDialog,
  extension,
  close,
  tell: () => Promise.reject(new Error('The app’s page is not there yet.')),
  onClose: new Set(),
  leave: new Set(),
});

/** Undoes what the page before has left. @param {Place} place */
export const leavePlace = (place) => {
  for (const undo of place.leave) undo();
  place.leave.clear();
  place.onClose.clear();
};
