// The object by which UI modifications change a form of Jira, and a panel that shows the form.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/
import { isRecord } from '../wire.js';
import { make } from './element.js';
import { HostError } from './hosterror.js';
import { JiraForm } from './jiraform.js';
import { makeField, makeStatus, openPanel, perPlace } from './productpanel.js';

/** @typedef {(argument: unknown) => unknown} Listener */
/** @typedef {import('./jiraform.js').Field} Field */

const modifications = [{ id: 'local-1', data: '{}' }];

const formOf = perPlace((place) => {
  const form = new JiraForm();
  const shown = {
    form,
    changes: 0,
    /** @type {Set<Listener>} */ onChange: new Set(),
    /** @type {Set<Listener>} */ onError: new Set(),
    /** @param {unknown} changeId @param {unknown} fieldsChanges @param {unknown} screenTabsChanges */
    submit(changeId, fieldsChanges, screenTabsChanges) {
      const errors = form.submit(changeId, fieldsChanges, screenTabsChanges);
      draw();
      if (errors.length === 0) return;
      status.textContent = errors.map(({ message }) => message).join(' ');
      for (const tell of shown.onError) Promise.resolve(tell({ errors })).catch(() => {});
    },
  };
  const panel = openPanel(
    place,
    'Form',
    'A form as Jira shows it for a new issue, with the changes of the app. Change a field to see what the app does. The fields are examples.',
  );
  const list = make('div', 'product-form');
  const tabs = make('p', 'empty');
  const status = makeStatus();
  panel.append(list, tabs, status);

  /** @param {Field} field @param {string} text */
  const change = async (field, text) => {
    field.value = typeof field.value === 'string' ? text : JSON.parse(text);
    for (const tell of shown.onChange) {
      shown.changes += 1;
      await tell({
        changedFieldId: field.fieldId,
        changeId: `change-${shown.changes}`,
        uiModifications: modifications,
        ...form.state(),
      });
    }
  };
  const draw = () => {
    const rows = form.fields.map((field) => {
      const input = make('input', '');
      input.value = typeof field.value === 'string' ? field.value : JSON.stringify(field.value);
      input.disabled = field.isReadOnly;
      input.dataset.field = field.fieldId;
      input.autocomplete = 'off';
      input.addEventListener('change', () => {
        status.textContent = '';
        change(field, input.value).catch((error) => {
          status.textContent = String(error instanceof Error ? error.message : error);
        });
      });
      const state = [
        field.isRequired && 'required',
        field.isReadOnly && 'read-only',
        !field.isVisible && 'hidden',
        field.optionsVisibility && `options ${JSON.stringify(field.optionsVisibility)}`,
        field.description,
      ];
      const row = make('div', field.isVisible ? 'product-row' : 'product-row hidden-field');
      row.append(makeField(field.fieldName, input), make('span', 'empty', state.filter(Boolean).join(' · ')));
      return row;
    });
    list.replaceChildren(...rows);
    tabs.textContent = `Tabs: ${form.tabs
      .map(({ id, isVisible, isActive }) => `${id}${isActive ? ' (in front)' : ''}${isVisible ? '' : ' (hidden)'}`)
      .join(', ')}`;
  };
  draw();
  return shown;
});

/** @param {Set<Listener>} listeners */
const subscribe = (listeners) => async (/** @type {unknown} */ listener) => {
  if (typeof listener !== 'function') throw new HostError('A subscription needs a function.', 'INVALID_REQUEST');
  listeners.add((argument) => listener(argument));
};

/** @type {import('./commands.js').Commands} */
export const uiModificationCommands = {
  async getUiModificationsInternalAPI(_payload, { place, moduleKey }) {
    const shown = formOf(place, moduleKey);
    shown.changes += 1;
    return {
      data: { onInitChangeId: `init-${shown.changes}`, uiModifications: modifications },
      actions: {
        getOnInitData: async () => shown.form.state(),
        /** @param {unknown} payload */
        async registerFields(payload) {
          const { fields, changeId } = isRecord(payload) ? payload : {};
          shown.form.register(changeId, fields);
        },
        /** @param {unknown} payload */
        async submit(payload) {
          const { fieldsChanges, screenTabsChanges, changeId } = isRecord(payload) ? payload : {};
          shown.submit(changeId, fieldsChanges, screenTabsChanges);
        },
        subscribeToChanges: subscribe(shown.onChange),
        subscribeToErrors: subscribe(shown.onError),
        /** The app's client reports its errors. The list of calls has them already. */
        async onBridgeError() {},
      },
    };
  },
};
