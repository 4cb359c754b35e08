// The commands of Rovo.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/rovo/
import { isRecord } from '../wire.js';
import { showNotice } from './notice.js';
import { permissionState } from './permissions.js';

/** @type {import('./commands.js').Commands} */
export const rovoCommands = {
  /** Atlassian does not document what openRovo answers on a site without Rovo. The local host always opens it. */
  async openRovo(payload, { note }) {
    const { agentName, agentKey, prompt } = isRecord(payload) ? payload : {};
    const agent = agentName === undefined ? 'Rovo' : `the agent “${agentName}”`;
    showNotice(
      `The chat with ${agent}${agentKey === undefined ? '' : ` (key ${agentKey})`} would open now.`,
      prompt === undefined ? '' : String(prompt),
    );
    note({ request: agentName === undefined ? 'default agent' : String(agentName) });
    return true;
  },

  isRovoEnabled: async () => (await permissionState()).rovo,
};
