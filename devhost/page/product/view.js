// What the app asks of the product's page around it: its view, dialogs, flags, the router, the theme.
// Sources: apis-reference/ui-api-bridge/view, modal, router, showFlag; design-tokens-and-theming.
import { openModal } from './dialog.js';
import { closeFlag, showFlag } from './flag.js';
import { createHistory } from './history.js';
import { getUrl, navigate } from './router.js';
import { notice } from './notice.js';
import { describe } from './redact.js';
import { HostError } from './server.js';
import { enableTheming } from './theme.js';
import { isRecord } from '../wire.js';

/** A value as a person reads it in one line. @param {unknown} value */
const brief = (value) => (value === undefined ? '' : describe(value).replace(/\s+/g, ' ').slice(0, 200));

/** @type {import('./commands.js').Commands} */
export const uiCommands = {
  async submit(payload, { place }) {
    if (place.isDialog) place.close(payload, payload !== undefined);
    else notice(payload === undefined ? 'The app has submitted its view, without a value.' : 'The app has submitted', brief(payload));
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
    notice('The app has asked for its view to be opened. It is open.');
    return true;
  },

  async refresh(payload) {
    notice('The product would fetch the data of its page again.', brief(payload));
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
    if (typeof payload !== 'string') throw new HostError('The title of a window is a text.', 'INVALID_REQUEST');
    note({ request: payload });
    document.title = payload;
  },

  async emitReadyEvent() {
    notice('The app says that it is ready.');
  },

  /** No Frame of UI Kit is around the app, so there is no dispatch. */
  async getFrameDispatch() {},

  async openModal(payload, call) {
    const { resource } = isRecord(payload) ? payload : {};
    call.note({ request: typeof resource === 'string' ? resource : '' });
    return openModal(payload, call);
  },

  async showFlag(payload, { note }) {
    const { title } = isRecord(payload) ? payload : {};
    note({ request: typeof title === 'string' ? title : '' });
    return showFlag(payload);
  },

  closeFlag: async (payload) => closeFlag(payload),
  navigate,
  getUrl,
};
