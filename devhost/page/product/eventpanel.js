// The panel "Events": sends the events that a product sends to apps, as events.on of @forge/bridge receives them.
// Sources: jira-issue-panel, jira-dashboard-gadget and automation-action, below
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
import { isRecord } from '../wire.js';
import { element, make } from './element.js';
import { fire } from './events.js';
import { askServer } from './server.js';

/** @typedef {Record<string, unknown>} Members */

/**
 * The documented events, and an example of each one's payload for a place.
 * @type {Record<string, (context: {accountId: unknown, issue: Members, project: Members, gadget: Members}) => unknown>}
 */
export const productEvents = {
  JIRA_ISSUE_CHANGED: ({ accountId, issue, project }) => ({
    issueId: issue.id ?? '10001',
    projectId: project.id ?? '10000',
    changes: [{ changeType: 'updated', atlassianId: accountId }],
  }),
  JIRA_DASHBOARD_GADGET_REFRESH: ({ gadget }) => ({ origin: 'gadget', gadgetId: gadget.id ?? '10004' }),
  AUTOMATION_ACTION_SUBMIT: () => undefined,
  AUTOMATION_ACTION_VALIDATE_RULE_EVENT: () => ({ isValidating: true }),
};

/** @param {unknown} value @returns {Members} */
const members = (value) => (isRecord(value) ? value : {});

/**
 * Connects the panel.
 * @param {string} moduleKey
 * @param {() => string} view returns the view whose context the payloads begin with
 */
export const startEventPanel = (moduleKey, view) => {
  const name = element('event-name', HTMLSelectElement);
  const payload = element('event-payload', HTMLTextAreaElement);
  const state = element('event-state', HTMLElement);
  name.append(...Object.keys(productEvents).map((event) => make('option', '', event)));

  const begin = async () => {
    const context = await askServer('context', { moduleKey, view: view() });
    const { issue, project, gadget } = members(context.extension);
    const example = productEvents[name.value]({
      accountId: context.accountId,
      issue: members(issue),
      project: members(project),
      gadget: members(gadget),
    });
    payload.value = example === undefined ? '' : JSON.stringify(example, null, 2);
  };
  /** @param {unknown} error */
  const fail = (error) => {
    state.textContent = error instanceof Error ? error.message : String(error);
  };

  name.addEventListener('change', () => {
    state.textContent = '';
    begin().catch(fail);
  });
  element('events', HTMLDetailsElement).addEventListener('toggle', () => {
    if (payload.value === '') begin().catch(fail);
  });
  element('events-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    let value;
    try {
      value = payload.value.trim() === '' ? undefined : JSON.parse(payload.value);
    } catch (error) {
      fail(`The payload is not JSON: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const count = fire(name.value, value);
    state.textContent = `${count === 1 ? '1 listener' : `${count} listeners`} of this page got the event.`;
  });
};
