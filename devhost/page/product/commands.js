// The commands of the bridge that the local host has, those of events.js, data.js and ui.js among them. A command that is
// not here is refused by name.
import { dataCommands } from './productdata.js';
import { eventCommands } from './events.js';
import { invokeFunction } from './functions.js';
import { readRequest, send } from './requestremote.js';
import { HostError, askServer, hostError } from './server.js';
import { uiCommands } from './view.js';
import { isRecord } from '../wire.js';

/**
 * What a command has to do with.
 * @typedef {object} Call
 * @property {string} moduleKey the module that is shown
 * @property {import('./place.js').Place} place where the app's page that asks is shown
 * @property {(place: import('./place.js').Place, about: Show) => () => void} show shows a page of the app in another place;
 *   what it gives takes the page away
 * @property {import('./server.js').Tokens} tokens
 * @property {(about: {remote?: string, request?: string, status?: string}) => void} note what the traffic list shows
 */

/**
 * How a page of the app is shown.
 * @typedef {object} Show
 * @property {string} title the frame's name
 * @property {HTMLElement} into the element that the frame is put into
 * @property {() => void} [onEscape] called when Escape is pressed in the page and the page does not use it
 * @property {(size: {width: number, height: number}) => void} [onSize] called when the size of the page's content changes
 */

/** @typedef {Record<string, (payload: unknown, call: Call) => Promise<unknown>>} Commands */

/** @type {Commands} */
const commands = {
  ...uiCommands,
  ...eventCommands,
  ...dataCommands,

  async fetchRemote(payload, { tokens, note }) {
    const request = readRequest(payload);
    note({ remote: request.remoteKey, request: `${request.init.method ?? 'GET'} ${request.path || '/'}` });
    const answer = await send(request, await tokens.get(request.remoteKey));
    note({ status: `${answer.status} ${answer.statusText}`.trim() });
    return answer;
  },

  /**
   * Gives the app a new token on each call, for requests that it makes itself. The command is named after the mutation by
   * which Atlassian's product page gets its tokens; there, apps cannot ask for one.
   */
  async signInvocationTokenForUI(payload, { tokens, note }) {
    const { remoteKey } = isRecord(payload) ? payload : {};
    if (typeof remoteKey !== 'string') throw new HostError('signInvocationTokenForUI needs the key of a remote.', 'INVALID_REQUEST');
    note({ remote: remoteKey });
    const { jwt, expiresAt, baseUrl } = await tokens.mint(remoteKey);
    return { jwt, expiresAt: String(expiresAt), baseUrl };
  },

  async invoke(payload, call) {
    const input = isRecord(payload) ? payload : {};
    if (input.invokeType === undefined) return invokeFunction(input, call);
    if (input.invokeType === 'ui-remote-fetch') return invokeEndpoint('invokeRemote', input, call);
    if (input.invokeType === 'ui-container-fetch') return invokeEndpoint('invokeService', input, call);
    throw new HostError(`The local host has no invocations of the type "${input.invokeType}". It performs invoke, invokeRemote and invokeService.`, 'UNSUPPORTED_INVOKE');
  },

  async getContext(_payload, { moduleKey, place }) {
    const context = await askServer('context', { moduleKey });
    const extension = { ...(isRecord(context.extension) ? context.extension : {}), ...place.extension };
    return { ...context, extension, locale: context.locale ?? navigator.language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  },
};

/**
 * @param {'invokeRemote' | 'invokeService'} name
 * @param {Record<string, unknown>} input
 * @param {Call} call
 */
const invokeEndpoint = async (name, { path, method, headers, body, invokeType }, { moduleKey, note }) => {
  note({ request: `${method} ${path}` });
  if (typeof path !== 'string') throw new HostError(`${name} needs a path.`, 'INVALID_REQUEST');
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value !== 'string') throw new HostError(`The header "${name}" of ${name} is not a string.`, 'INVALID_REQUEST');
  }
  const { success, payload, error, to } = await askServer('invoke', { moduleKey, invokeType, input: { path, method: String(method), headers, body } });
  if (to) note({ remote: String(to) });
  if (!success) throw hostError(error);
  note({ status: String(isRecord(payload) && payload.status) });
  return { success, payload };
};

/**
 * @param {string} command
 * @param {unknown} payload
 * @param {Call} call
 * @returns {Promise<unknown>}
 */
export const perform = async (command, payload, call) => {
  const known = Object.keys(commands);
  if (!known.includes(command)) {
    const error = new HostError(`The local host has no bridge command "${command}". It has ${known.join(', ')}.`, 'UNKNOWN_COMMAND');
    error.name = 'UnknownCommandError';
    throw error;
  }
  return commands[command](payload, call);
};
