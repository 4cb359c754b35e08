// The state of a form of Jira that UI modifications change, and its rules.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/jira-api-bridge/uiModifications/
import { isRecord } from '../wire.js';

/**
 * @typedef {object} Field
 * @property {string} fieldId
 * @property {string} fieldType
 * @property {string} fieldName
 * @property {string} description
 * @property {unknown} value
 * @property {boolean} isVisible
 * @property {boolean} isReadOnly
 * @property {boolean} isRequired
 * @property {unknown} [optionsVisibility]
 */
/** @typedef {{id: string, isVisible: boolean, isActive: boolean}} Tab */

const selectType = 'com.atlassian.jira.plugin.system.customfieldtypes:select';

/** The values of the fields that are set by an id. @type {Record<string, {id: string, [member: string]: string}[]>} */
const options = {
  priority: [
    { id: '1', name: 'Highest' },
    { id: '2', name: 'High' },
    { id: '3', name: 'Medium' },
    { id: '4', name: 'Low' },
    { id: '5', name: 'Lowest' },
  ],
  [selectType]: [
    { id: '10001', value: 'Red' },
    { id: '10002', value: 'Green' },
    { id: '10003', value: 'Blue' },
  ],
};

/** @param {string} fieldId @param {string} fieldType @param {string} fieldName @param {unknown} value @returns {Field} */
const field = (fieldId, fieldType, fieldName, value) => ({
  fieldId,
  fieldType,
  fieldName,
  description: '',
  value,
  isVisible: true,
  isReadOnly: false,
  isRequired: fieldId === 'summary',
});

/** The properties that a change may set, with the name of the method and the type of the value. */
const properties = {
  fieldName: ['setName', 'string'],
  description: ['setDescription', 'string'],
  isVisible: ['setVisible', 'boolean'],
  isReadOnly: ['setReadOnly', 'boolean'],
  isRequired: ['setRequired', 'boolean'],
};

/** A form with some fields of a new issue. */
export class JiraForm {
  /** @type {Field[]} */
  fields = [
    field('summary', 'summary', 'Summary', 'Buy milk'),
    field('description', 'description', 'Description', ''),
    field('priority', 'priority', 'Priority', options.priority[2]),
    field('labels', 'labels', 'Labels', []),
    field('assignee', 'assignee', 'Assignee', null),
    field('customfield_10035', selectType, 'Colour', options[selectType][0]),
  ];
  /** @type {Tab[]} */
  tabs = [
    { id: '10000', isVisible: true, isActive: true },
    { id: '10001', isVisible: true, isActive: false },
  ];
  /** The ids of the fields that may be changed, by the id of the change. @type {Map<unknown, unknown[]>} */
  #registered = new Map();

  /** The state as the app gets it. */
  state() {
    return {
      currentFormState: Object.fromEntries(this.fields.map((field) => [field.fieldId, { ...field }])),
      currentScreenTabsState: this.tabs.map((tab) => ({ ...tab })),
    };
  }

  /** @param {unknown} changeId @param {unknown} fields */
  register(changeId, fields) {
    this.#registered.set(changeId, Array.isArray(fields) ? fields : []);
  }

  /**
   * Applies the app's changes. Returns an error for each refused change.
   * @param {unknown} changeId @param {unknown} fieldsChanges @param {unknown} screenTabsChanges
   */
  submit(changeId, fieldsChanges, screenTabsChanges) {
    /** @type {Record<string, unknown>[]} */
    const errors = [];
    const registered = this.#registered.get(changeId) ?? [];
    for (const [fieldId, change] of Object.entries(isRecord(fieldsChanges) ? fieldsChanges : {})) {
      const field = this.fields.find((other) => other.fieldId === fieldId);
      if (!field || !isRecord(change)) continue;
      const { fieldType } = field;
      if (!registered.includes(fieldId)) {
        errors.push({
          type: 'APPLY_CHANGES_FOR_UNREGISTERED_FIELD',
          fieldId,
          fieldType,
          message: `The field ${fieldId} was changed, but is not among the registered fields.`,
        });
        continue;
      }
      for (const [method, message] of this.#change(field, change)) {
        errors.push({ type: 'FIELD_VALIDATION_FAILED', fieldId, fieldType, method, message });
      }
    }
    const refused = this.#changeTabs(Array.isArray(screenTabsChanges) ? screenTabsChanges.filter(isRecord) : []);
    if (refused) errors.push({ type: 'SCREENTABS_VALIDATION_FAILED', message: refused });
    return errors;
  }

  /** @param {Field} field @param {Record<string, unknown>} change @returns {[string, string][]} methods and problems */
  #change(field, change) {
    /** @type {[string, string][]} */
    const problems = [];
    for (const [name, [method, type]] of Object.entries(properties)) {
      if (change[name] === undefined) continue;
      if (typeof change[name] === type) Object.assign(field, { [name]: change[name] });
      else problems.push([method, `The value must be a ${type}.`]);
    }
    const { value, optionsVisibility } = change;
    if (isRecord(optionsVisibility)) field.optionsVisibility = optionsVisibility;
    if (value === undefined) return problems;
    const known = options[field.fieldType];
    const option = known?.find(({ id }) => id === value);
    if (known && value !== null && !option) {
      problems.push([
        'setValue',
        `There is no option ${JSON.stringify(value)}. The ids are ${known.map(({ id }) => id).join(', ')}.`,
      ]);
    } else if (field.fieldType === 'assignee') field.value = value === null ? null : { accountId: value };
    else field.value = option ?? value;
    return problems;
  }

  /** @param {Record<string, unknown>[]} changes @returns {string} why they are refused, or "" */
  #changeTabs(changes) {
    const after = this.tabs.map((tab) => {
      const change = changes.find(({ id }) => id === tab.id);
      return change ? { ...tab, isVisible: change.isVisible === true, isActive: change.isActive === true } : tab;
    });
    const hidden = after.find(({ isVisible, isActive }) => isActive && !isVisible);
    if (hidden) return `The tab ${hidden.id} is in front, so it cannot be hidden.`;
    this.tabs = after;
    return '';
  }
}
