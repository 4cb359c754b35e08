// A widget on a dashboard in Atlassian Home, which is in Forge's early access program.
// Source: https://developer.atlassian.com/platform/forge/apis-reference/dashboard-bridge-apis/widget-edit/
import { isRecord } from '../wire.js';
import { make } from './element.js';
import { HostError } from './hosterror.js';
import { makeAction, makeField, makeStatus, openPanel, perPlace } from './productpanel.js';
import { saveView } from './server.js';

/** @typedef {(...args: unknown[]) => unknown} Handler */

const widgetOf = perPlace((place, moduleKey) => {
  const panel = openPanel(
    place,
    'Dashboard widget (EAP)',
    'Atlassian Home has the button Save around the widget’s edit view. In which order it calls the app’s handlers is not documented.',
  );
  const config = make('pre', 'detail', '{}');
  const preview = make('pre', 'detail', 'none');
  const saved = make('pre', 'detail', 'nothing');
  const status = makeStatus();
  const fail = make('input', '');
  fail.type = 'checkbox';
  const widget = {
    /** @type {Record<string, unknown>} */ config: {},
    /** @type {Partial<Record<'onSave' | 'onProductSave' | 'onSaveError', Handler>>} */ handlers: {},
    /** @param {Record<string, unknown>} to */
    update(to) {
      widget.config = to;
      config.textContent = JSON.stringify(to, null, 2);
    },
    preview,
  };
  const save = async () => {
    const { onSave, onProductSave } = widget.handlers;
    const result = await onProductSave?.(widget.config);
    if (fail.checked) throw new Error('The dashboard could not save the widget.');
    if (isRecord(result)) saved.textContent = JSON.stringify(result, null, 2);
    await onSave?.(widget.config, 'widget-1');
    if (isRecord(result) && place.saved && (await saveView(moduleKey, place.view, result))) place.saved(result);
    return isRecord(result) ? 'Saved' : 'The app did not return a configuration, so the dashboard saved nothing.';
  };
  const button = makeAction('Save', status, () =>
    save().catch(async (error) => {
      await widget.handlers.onSaveError?.(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }),
  );
  panel.append(
    makeField('Configuration', config),
    makeField('Saved in the dashboard', saved),
    makeField('Preview', preview),
    makeField('Let the next save fail', fail),
    button,
    status,
  );
  return widget;
});

/** @param {unknown} config @returns {Record<string, unknown>} */
const checked = (config) => {
  if (isRecord(config)) return config;
  throw new HostError('The configuration of a widget must be an object.', 'INVALID_REQUEST');
};

/** @type {import('./commands.js').Commands} */
export const widgetCommands = {
  async getWidgetEditApi(_payload, { place, moduleKey }) {
    const widget = widgetOf(place, moduleKey);
    /** @param {'onSave' | 'onProductSave' | 'onSaveError'} name */
    const set = (name) => async (/** @type {unknown} */ handler) => {
      if (typeof handler !== 'function') throw new HostError(`${name} needs a function.`, 'INVALID_REQUEST');
      widget.handlers[name] = (...args) => handler(...args);
    };
    return {
      onSave: set('onSave'),
      onProductSave: set('onProductSave'),
      onSaveError: set('onSaveError'),
      /** @param {unknown} config */
      async updateConfig(config) {
        widget.update(checked(config));
      },
    };
  },

  async getWidgetApi(_payload, { place, moduleKey }) {
    const widget = widgetOf(place, moduleKey);
    return {
      /** @param {unknown} config */
      async setPreviewConfig(config) {
        widget.preview.textContent = JSON.stringify(checked(config), null, 2);
      },
    };
  },
};
