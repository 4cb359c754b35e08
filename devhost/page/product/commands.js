// The table of the bridge's commands that the local host implements. Any other command is refused by name.
import { isRecord } from '../wire.js';
import { customFieldCommands } from './customfield.js';
import { editorCommands } from './editor.js';
import { eventCommands } from './events.js';
import { fetchRemote } from './fetchremote.js';
import { closeFlag, showFlag } from './flag.js';
import { HostError } from './hosterror.js';
import { invoke } from './invoke.js';
import { jiraDialogCommands } from './jiradialog.js';
import { openModal } from './modal.js';
import { permissionCommands } from './permissions.js';
import { dataCommands } from './productdata.js';
import { realtimeCommands } from './realtime.js';
import { fetchProduct } from './requestproduct.js';
import { getUrl, navigate } from './router.js';
import { rovoCommands } from './rovo.js';
import { askServer } from './server.js';
import { uiModificationCommands } from './uimodifications.js';
import { viewCommands } from './view.js';
import { widgetCommands } from './widget.js';
import { workflowCommands } from './workflowrule.js';

/**
 * What a command needs to know about the call.
 * @typedef {object} Call
 * @property {string} moduleKey the key of the shown module
 * @property {import('./place.js').Place} place the place of the app's page that made the call
 * @property {(place: import('./place.js').Place, options: Show) => () => void} show shows a page of the app in another
 *   place; returns a function that removes the page
 * @property {import('./fit.js').InvocationTokens} tokens the tokens of the view
 * @property {(about: {remote?: string, request?: string, status?: string}) => void} note sets texts of the traffic list
 */

/**
 * How to show a page of the app.
 * @typedef {object} Show
 * @property {string} title the frame's title
 * @property {HTMLElement} into the parent of the frame
 * @property {() => void} [onEscape] called when the user presses Escape in the page and the page does not handle it
 * @property {(size: {width: number, height: number}) => void} [onSize] called when the size of the page's content changes
 */

/** @typedef {Record<string, (payload: unknown, call: Call) => Promise<unknown>>} Commands */

/** @type {Commands} */
const commands = {
  ...viewCommands,
  openModal,
  showFlag,
  closeFlag,
  navigate,
  getUrl,
  ...eventCommands,
  ...realtimeCommands,
  ...permissionCommands,
  ...rovoCommands,
  fetchProduct,
  ...dataCommands,
  ...jiraDialogCommands,
  ...workflowCommands,
  ...customFieldCommands,
  ...uiModificationCommands,
  ...editorCommands,
  ...widgetCommands,
  fetchRemote,

  /**
   * Returns a new token for the app's own requests. The name is that of the mutation by which Atlassian's product page gets
   * its tokens. On Atlassian's sites, apps cannot call it.
   */
  async signInvocationTokenForUI(payload, { tokens, note }) {
    const { remoteKey } = isRecord(payload) ? payload : {};
    if (typeof remoteKey !== 'string') {
      throw new HostError('signInvocationTokenForUI needs the key of a remote.', 'INVALID_REQUEST');
    }
    note({ remote: remoteKey });
    const { jwt, expiresAt, baseUrl } = await tokens.mint(remoteKey);
    return { jwt, expiresAt: String(expiresAt), baseUrl };
  },

  invoke,

  async getContext(_payload, { moduleKey, place }) {
    const context = await askServer('context', { moduleKey, view: place.view });
    const extension = { ...(isRecord(context.extension) ? context.extension : {}), ...place.extension };
    return {
      ...context,
      extension,
      locale: context.locale ?? navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  },
};

/**
 * Performs a command of the app and returns its answer.
 * @param {string} command
 * @param {unknown} payload
 * @param {Call} call
 * @returns {Promise<unknown>}
 */
export const perform = async (command, payload, call) => {
  const known = Object.keys(commands);
  if (!known.includes(command)) {
    const error = new HostError(
      `The local host has no bridge command "${command}". It has ${known.join(', ')}.`,
      'UNKNOWN_COMMAND',
    );
    error.name = 'UnknownCommandError';
    throw error;
  }
  return commands[command](payload, call);
};
