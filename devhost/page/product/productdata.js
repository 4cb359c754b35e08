// What the product knows: its REST API, stored objects, flags of features.
import { fetchProduct } from './requestproduct.js';
import { HostError, askServer } from './server.js';
import { isRecord } from '../wire.js';

/** @type {import('./commands.js').Commands} */
export const dataCommands = {
  fetchProduct,

  async requestTeamworkGraph(payload, { note }) {
    const { query } = isRecord(payload) ? payload : {};
    if (typeof query !== 'string') throw new HostError('requestTeamworkGraph needs a query.', 'INVALID_REQUEST');
    note({ request: query.trim().split('\n')[0] });
    const { answer, from } = await askServer('graph', { query });
    note({ status: `done (${from})` });
    return answer;
  },

  async fetchUserRecommendations(payload, { note }) {
    const { query } = isRecord(payload) ? payload : {};
    note({ request: typeof query === 'string' ? query : '' });
    const { answer, from } = await askServer('recommendations', {});
    note({ status: `done (${from})` });
    return answer;
  },

  /** Tells the product what the app is about to do with its object store; the list of calls shows it. */
  async trackObjectStoreAction(payload, { note }) {
    const { action } = isRecord(payload) ? payload : {};
    note({ request: String(action) });
  },

  async initFeatureFlags(payload, { note }) {
    const { config } = isRecord(payload) ? payload : {};
    const flags = await askServer('flags', {});
    const count = Object.keys(isRecord(flags.feature_flags) ? flags.feature_flags : {}).length;
    note({ request: isRecord(config) ? String(config.environment) : '', status: `${count} flag${count === 1 ? '' : 's'} (forgego.yml)` });
    return flags;
  },
};
