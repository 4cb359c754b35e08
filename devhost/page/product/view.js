// The commands of the namespace "view", except getContext.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/view/
import { isRecord } from '../wire.js';
import { createHistory } from './history.js';
import { HostError } from './hosterror.js';
import { showNotice } from './notice.js';
import { describeBriefly } from './redact.js';
import { saveView } from './server.js';
import { enableTheming } from './theme.js';

/** @param {unknown} payload */
const detailOf = (payload) => (payload === undefined ? '' : describeBriefly(payload));

/** @type {import('./commands.js').Commands} */
export const viewCommands = {
  async submit(payload, { place, moduleKey }) {
    if (place.saved && (await saveView(moduleKey, place.view, payload))) place.saved(payload);
    else if (place.isDialog) place.close(payload, payload !== undefined);
    else
      showNotice(
        payload === undefined ? 'The app has submitted its view, without a value.' : 'The app has submitted',
        detailOf(payload),
      );
    return true;
  },

  async close(payload, { place }) {
    place.close(payload, payload !== undefined);
    return true;
  },

  async onClose(payload, { place }) {
    if (typeof payload !== 'function') throw new HostError('view.onClose needs a function.', 'INVALID_REQUEST');
    place.onClose.add(() => payload());
    return true;
  },

  async open() {
    showNotice('The app asked to open its view. The view is already open.');
    return true;
  },

  async refresh(payload) {
    showNotice('The product would reload the data of its page.', detailOf(payload));
    return true;
  },

  async reload() {
    window.location.reload();
  },

  createHistory: async (_payload, { place }) => createHistory(place),

  async enableTheming(_payload, { place }) {
    await enableTheming(place);
  },

  async changeWindowTitle(payload, { note }) {
    if (typeof payload !== 'string') throw new HostError('The title of a window must be a string.', 'INVALID_REQUEST');
    note({ request: payload });
    document.title = payload;
  },

  async emitReadyEvent() {
    showNotice('The app reported that it is ready.');
  },

  /** Returns nothing: the app is not inside a UI Kit Frame. */
  async getFrameDispatch() {},
};
