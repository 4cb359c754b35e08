// The product's data apart from its REST API: the Teamwork Graph, recommended users, the object store, feature flags.
import { isRecord } from '../wire.js';
import { HostError } from './hosterror.js';
import { askServer } from './server.js';

/** @type {import('./commands.js').Commands} */
export const dataCommands = {
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

  /** The app announces what it will do with its object store. The local host only lists the call. */
  async trackObjectStoreAction(payload, { note }) {
    const { action } = isRecord(payload) ? payload : {};
    note({ request: String(action) });
  },

  async initFeatureFlags(payload, { note }) {
    const { config } = isRecord(payload) ? payload : {};
    const flags = await askServer('flags', {});
    const count = Object.keys(isRecord(flags.feature_flags) ? flags.feature_flags : {}).length;
    note({
      request: isRecord(config) ? String(config.environment) : '',
      status: `${count} flag${count === 1 ? '' : 's'} (forgego.yml)`,
    });
    return flags;
  },
};
