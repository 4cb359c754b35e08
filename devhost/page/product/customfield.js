// The data of a custom field, which UI modifications of any app may change. What Jira does is known from the types of
// @forge/jira-bridge 0.40.1 only.
import { HostError } from './hosterror.js';
import { makeAction, makeField, makeJSON, makeStatus, openPanel, perPlace } from './productpanel.js';

/** @typedef {(data: {fieldValue: unknown}) => unknown} OnData */

const fieldOf = perPlace((place) => {
  const field = {
    /** @type {unknown} */ value: null,
    /** @type {Set<OnData>} */ listeners: new Set(),
  };
  const panel = openPanel(
    place,
    'Custom field',
    'UI modifications may change the value of the field. Set it here to see what the app does.',
  );
  const value = makeJSON(field.value);
  const status = makeStatus();
  const change = makeAction('Change the value', status, async () => {
    field.value = JSON.parse(value.value);
    await Promise.all([...field.listeners].map((tell) => tell({ fieldValue: field.value })));
    return `${field.listeners.size === 1 ? '1 handler' : `${field.listeners.size} handlers`} of the app got the value.`;
  });
  panel.append(makeField('Value as JSON', value), change, status);
  return field;
});

/** @type {import('./commands.js').Commands} */
export const customFieldCommands = {
  async getCustomFieldInternalAPI(_payload, { place, moduleKey }) {
    const field = fieldOf(place, moduleKey);
    return {
      actions: {
        /** @param {unknown} listener */
        async onFieldDataChange(listener) {
          if (typeof listener !== 'function') {
            throw new HostError('customFieldApi.getFieldData needs a function.', 'INVALID_REQUEST');
          }
          field.listeners.add((data) => listener(data));
          Promise.resolve(listener({ fieldValue: field.value })).catch(() => {});
        },
        /** The app's client reports its errors. The list of calls has them already. */
        async onBridgeError() {},
      },
    };
  },
};
