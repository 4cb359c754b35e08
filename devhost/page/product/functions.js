// invoke: the app's functions do not run here, so that forgego.yml says what answers for them.
import { askServer } from './server.js';
import { isRecord } from '../wire.js';

/** Atlassian's limit for one user, in calls a minute. It is told to an app that asks for it, and not enforced here. */
const limit = 1200;
const minute = 60_000;

/** When the calls of the last minute were made, by the clock that is never set. @type {number[]} */
let recent = [];

/** Counts a call, and gives the limit's state as the documentation of invoke has it. */
const count = () => {
  const now = performance.now();
  recent = [...recent.filter((time) => time > now - minute), now];
  return {
    rateLimitValue: limit,
    rateLimitRemaining: Math.max(0, limit - recent.length),
    rateLimitReset: Math.ceil((Date.now() + recent[0] + minute - now) / 1000),
  };
};

/**
 * @param {Record<string, unknown>} input the payload of the command invoke
 * @param {import('./commands.js').Call} call
 */
export const invokeFunction = async ({ functionKey, payload, metadata }, { moduleKey, note }) => {
  const key = String(functionKey);
  note({ remote: 'resolver', request: key });
  const rateLimitProperties = count();
  const { result, from } = await askServer('function', { moduleKey, functionKey: key, payload });
  note({ status: `done (${from})` });
  if (!isRecord(metadata)) return result;
  return { body: result, metadata: metadata.rateLimitProperties ? { rateLimitProperties } : {} };
};
