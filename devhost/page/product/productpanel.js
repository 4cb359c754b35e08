// Panels above the app for what the product would show around it: a form, a field, an editor, a widget.
import { element, make, makeButton } from './element.js';

/** @typedef {import('./place.js').Place} Place */

/**
 * Adds a panel, which stays until the app's page goes away.
 * @param {Place} place
 * @param {string} title
 * @param {string} about what of it is simulated
 */
export const openPanel = (place, title, about) => {
  const panel = make('details', 'product');
  panel.open = true;
  panel.append(make('summary', '', title), make('p', 'empty', about));
  element('products', HTMLElement).append(panel);
  const remove = () => {
    place.cleanups.delete(remove);
    panel.remove();
  };
  place.cleanups.add(remove);
  return panel;
};

/**
 * Returns a function that returns the state of a place, and makes it at the first call after the app's page was loaded.
 * @template T
 * @param {(place: Place, moduleKey: string) => T} create
 * @returns {(place: Place, moduleKey: string) => T}
 */
export const perPlace = (create) => {
  /** @type {WeakMap<Place, T>} */
  const states = new WeakMap();
  return (place, moduleKey) => {
    const known = states.get(place);
    if (known) return known;
    const state = create(place, moduleKey);
    states.set(place, state);
    const forget = () => {
      place.cleanups.delete(forget);
      states.delete(place);
    };
    place.cleanups.add(forget);
    return state;
  };
};

/**
 * Makes a line with a label and a field.
 * @template {HTMLElement} T
 * @param {string} label
 * @param {T} field
 */
export const makeField = (label, field) => {
  const line = make('label', 'product-field');
  line.append(make('span', '', label), field);
  return line;
};

/**
 * Makes a text area with JSON.
 * @param {unknown} value
 */
export const makeJSON = (value) => {
  const area = make('textarea', 'product-json');
  area.value = JSON.stringify(value, null, 2);
  area.rows = Math.min(8, area.value.split('\n').length + 1);
  area.spellcheck = false;
  return area;
};

/** Makes the line that says what has happened. */
export const makeStatus = () => {
  const status = make('p', 'product-status');
  status.setAttribute('role', 'status');
  return status;
};

/**
 * Makes a button. While run has not ended, the button does nothing. Its error is shown as the status.
 * @param {string} text
 * @param {HTMLElement} status
 * @param {() => Promise<string>} run returns the new status
 */
export const makeAction = (text, status, run) => {
  const button = makeButton(text, '', () => {
    button.disabled = true;
    status.textContent = '';
    run()
      .catch((error) => String(error instanceof Error ? error.message : error))
      .then((outcome) => {
        status.textContent = outcome;
        button.disabled = false;
      });
  });
  return button;
};
