// Jira's own dialogs, which show an issue or create issues, and the refresh of the issue view.
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/viewIssueModal/ and
// https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/createIssueModal/
import { isRecord } from '../wire.js';
import { make, makeButton } from './element.js';
import { raiseFlags } from './flag.js';
import { HostError } from './hosterror.js';
import { showNotice } from './notice.js';
import { makeField } from './productpanel.js';

/** @param {unknown} payload @returns {{context: Record<string, unknown>, onClose: unknown}} */
const optionsOf = (payload) => {
  const data = isRecord(payload) && isRecord(payload.data) ? payload.data : {};
  return { context: isRecord(data.context) ? data.context : {}, onClose: data.onClose };
};

/**
 * Shows a dialog.
 * @param {import('./place.js').Place} opener
 * @param {string} title
 * @param {HTMLElement[]} content
 * @param {(close: (argument?: unknown) => void) => HTMLElement[]} buttons
 * @param {unknown} onClose the app's function
 * @param {unknown} dismissed its argument if the user closes the dialog by Escape
 */
const showDialog = (opener, title, content, buttons, onClose, dismissed) => {
  const dialog = document.createElement('dialog');
  dialog.className = 'question jira';
  const remove = () => {
    opener.dialogs.delete(remove);
    dialog.remove();
    raiseFlags();
  };
  /** @param {unknown} [argument] */
  const close = (argument) => {
    if (!opener.dialogs.has(remove)) return;
    remove();
    if (typeof onClose !== 'function') return;
    Promise.resolve(argument === undefined ? onClose() : onClose(argument)).catch(() => {});
  };
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    close(dismissed);
  });
  const box = make('div', 'box');
  const actions = make('p', 'actions');
  actions.append(...buttons(close));
  box.append(make('h2', '', title), ...content, actions);
  dialog.append(box);
  dialog.setAttribute('aria-label', title);
  document.body.append(dialog);
  opener.dialogs.add(remove);
  dialog.showModal();
  raiseFlags();
};

/** @type {import('./commands.js').Commands} */
export const jiraDialogCommands = {
  async openIssueViewModal(payload, { place, note }) {
    const { context, onClose } = optionsOf(payload);
    if (typeof context.issueKey !== 'string' || context.issueKey === '') {
      throw new HostError('The dialog of an issue needs an issueKey.', 'INVALID_REQUEST');
    }
    note({ request: context.issueKey });
    showDialog(
      place,
      `Issue ${context.issueKey}`,
      [make('p', '', 'Jira shows this issue here. The local host has no issues.')],
      (close) => [makeButton('Close', 'main', () => close())],
      onClose,
      undefined,
    );
    return true;
  },

  async openIssueCreateModal(payload, { place }) {
    const { context, onClose } = optionsOf(payload);
    const ids = make('input', '');
    ids.value = '10042';
    ids.autocomplete = 'off';
    const values = make('pre', 'detail', JSON.stringify(context, null, 2));
    const create = () => ids.value.split(/[\s,]+/).filter(Boolean);
    /** @param {string[]} list */
    const created = (list) => ({ payload: list.map((issueId) => ({ issueId })) });
    showDialog(
      place,
      'Create an issue',
      [
        make('p', '', 'Jira shows its form here, which starts with these values. The local host creates no issue.'),
        values,
        makeField('Ids of the issues that the app is told', ids),
      ],
      (close) => [
        makeButton('Create', 'main', () => close(created(create()))),
        makeButton('Cancel', '', () => close(created([]))),
      ],
      onClose,
      created([]),
    );
    return true;
  },

  async refreshIssueView() {
    showNotice('Jira would fetch the issue around the app again.');
    return true;
  },
};
