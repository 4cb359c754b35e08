// The commands of the bridge that the local host has, those of events.js, data.js and ui.js among them. A command that is
// not here is refused by name.
import { dataCommands } from './data.js';
import { eventCommands } from './events.js';
import { readRequest, send } from './remote.js';
import { HostError, askServer, hostError } from './server.js';
import { uiCommands } from './ui.js';
import { isRecord } from './wire.js';

/**
 * What a command has to do with.
 * @typedef {object} Call
 * @property {string} moduleKey the module that is shown
 * @property {import('./server.js').Tokens} tokens
 * @property {(about: {remote?: string, request?: string, status?: string}) => void} note what the traffic list shows
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
    if (input.invokeType === 'ui-remote-fetch') return invokeRemote(input, call);
    if (input.invokeType !== undefined) {
      throw new HostError(`The local host has no invocations of the type "${input.invokeType}". It performs invokeRemote and requestRemote.`, 'UNSUPPORTED_INVOKE');
    }
    const key = String(input.functionKey);
    call.note({ request: key });
    throw new HostError(
      `The local host runs no Forge functions, so invoke("${key}") has nothing to call. Use requestRemote or invokeRemote, or try this part on a site with "forge tunnel".`,
      'FUNCTIONS_UNAVAILABLE',
    );
  },

  async getContext(_payload, { moduleKey }) {
    const context = await askServer('context', { moduleKey });
    return { ...context, locale: navigator.language, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  },
};

/**
 * @param {Record<string, unknown>} input
 * @param {Call} call
 */
const invokeRemote = async ({ path, method, headers, body }, { moduleKey, note }) => {
  note({ request: `${method} ${path}` });
  if (typeof path !== 'string') throw new HostError('invokeRemote needs a path.', 'INVALID_REQUEST');
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value !== 'string') throw new HostError(`The header "${name}" of invokeRemote is not a string.`, 'INVALID_REQUEST');
  }
  const { success, payload, error, remote } = await askServer('invoke', { moduleKey, input: { path, method: String(method), headers, body } });
  if (remote) note({ remote: String(remote) });
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
