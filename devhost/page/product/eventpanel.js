// The panel "Events": sends the events that a product sends to apps, as events.on of @forge/bridge receives them, and calls the
// functions of the app's triggers.
// Sources: jira-issue-panel, jira-dashboard-gadget and automation-action, below
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/
import { isRecord } from '../wire.js';
import { element, make } from './element.js';
import { fire } from './events.js';
import { askServer } from './server.js';
import { examplePayload } from './triggers.js';

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
  const result = element('event-result', HTMLElement);
  const send = element('event-send', HTMLButtonElement);
  // Before the triggers, so that an event is chosen first.
  name.prepend(...Object.keys(productEvents).map((event) => make('option', '', event)));
  name.selectedIndex = 0;

  /** Returns the chosen trigger, or nothing for an event. */
  const trigger = () => {
    const option = name.selectedOptions[0];
    return option?.dataset.trigger ? option : undefined;
  };

  const begin = async () => {
    const { accountId, cloudId, extension } = await askServer('context', { moduleKey, view: view() });
    const { issue, project, gadget, content, space } = members(extension);
    const place = {
      accountId,
      cloudId,
      issue: members(issue),
      project: members(project),
      gadget: members(gadget),
      content: members(content),
      space: members(space),
    };
    const option = trigger();
    const example = option ? examplePayload(option, place) : productEvents[name.value](place);
    payload.value = example === undefined ? '' : JSON.stringify(example, null, 2);
  };
  /** @param {string} text @param {string} [returned] */
  const show = (text, returned = '') => {
    state.textContent = text;
    result.textContent = returned;
    result.hidden = !returned;
  };
  /** @param {unknown} error */
  const fail = (error) => show(error instanceof Error ? error.message : String(error));

  /** @param {HTMLOptionElement} option @param {unknown} value */
  const call = async (option, value) => {
    show('The function runs…');
    send.disabled = true;
    try {
      const { from, result: returned } = await askServer('trigger', { key: option.value, payload: value });
      show(`${from} has returned:`, returned === undefined ? 'undefined' : JSON.stringify(returned, null, 2));
    } finally {
      send.disabled = false;
    }
  };

  name.addEventListener('change', () => {
    show('');
    send.textContent = trigger() ? 'Call' : 'Send';
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
    const option = trigger();
    if (option) {
      call(option, value).catch(fail);
      return;
    }
    const count = fire(name.value, value);
    show(`${count === 1 ? '1 listener' : `${count} listeners`} of this page got the event.`);
  });
};
