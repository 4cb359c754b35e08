// The form of a workflow rule: the product's buttons around the app's page.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/workflowRules/
import { isRecord } from '../wire.js';
import { make } from './element.js';
import { HostError } from './hosterror.js';
import { makeAction, makeStatus, openPanel, perPlace } from './productpanel.js';
import { saveView } from './server.js';

const maxConfig = 100_000;

/** @param {string} text */
const isJSON = (text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const ruleOf = perPlace((place, moduleKey) => {
  /** @type {{configure: () => unknown}} */
  const rule = { configure: () => undefined };
  const panel = openPanel(
    place,
    'Workflow rule',
    'Jira has the buttons Add and Update around this form. Both ask the app for the configuration of the rule.',
  );
  const status = makeStatus();
  const saved = make('pre', 'detail');
  const save = makeAction('Save the rule', status, async () => {
    const config = await rule.configure();
    if (config === undefined || config === null) return 'The app returned nothing, so the form stays open.';
    if (typeof config !== 'string') throw new Error(`The configuration must be a text, and is a ${typeof config}.`);
    if (new TextEncoder().encode(config).length > maxConfig) {
      throw new Error('The configuration has more than 100 kB, which Jira refuses for a post function.');
    }
    if (!isJSON(config)) throw new Error(`The configuration is not JSON: ${config.slice(0, 100)}`);
    saved.textContent = config;
    if (place.saved && (await saveView(moduleKey, place.view, config))) place.saved(config);
    return 'Saved';
  });
  panel.append(save, status, saved);
  return rule;
});

/** @type {import('./commands.js').Commands} */
export const workflowCommands = {
  async setWorkflowRuleConfigurationCallback(payload, { place, moduleKey }) {
    const configure = isRecord(payload) && isRecord(payload.data) ? payload.data.onConfigure : undefined;
    if (typeof configure !== 'function') {
      throw new HostError('workflowRules.onConfigure needs a function.', 'INVALID_REQUEST');
    }
    ruleOf(place, moduleKey).configure = () => configure();
    return true;
  },
};
