// Reads and sets the fields of the app's page: what a user can type, choose or check.

/** @typedef {string | boolean | string[]} FieldValue */

/** Types of input elements that hold nothing, or nothing that may be kept. A script cannot set the files of a field. */
const otherTypes = ['password', 'file', 'hidden', 'submit', 'button', 'reset', 'image'];
/** Values of "autocomplete" for confidential values. */
const confidential = /\b(current-password|new-password|one-time-code|cc-\w+)/;

/**
 * Reports whether an element is a field whose value is kept over a reload.
 * @param {unknown} element
 * @returns {element is HTMLElement}
 */
export const isField = (element) => {
  if (element instanceof HTMLInputElement)
    return !otherTypes.includes(element.type) && !confidential.test(element.autocomplete);
  if (element instanceof HTMLTextAreaElement) return !confidential.test(element.autocomplete);
  return element instanceof HTMLSelectElement || (element instanceof HTMLElement && element.isContentEditable);
};

/** Reports whether a field is a checkbox or a radio button. @param {Element} field @returns {field is HTMLInputElement} */
export const isCheckable = (field) =>
  field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio');

/** Returns the tag and type of a field. @param {HTMLElement} field */
export const kindOf = (field) => (field instanceof HTMLInputElement ? `input ${field.type}` : field.localName);

/** @param {HTMLElement} field @returns {FieldValue} */
export const valueOf = (field) => {
  if (isCheckable(field)) return field.checked;
  if (field instanceof HTMLSelectElement) return [...field.selectedOptions].map(({ value }) => value);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field.value;
  return field.innerHTML;
};

/** @param {FieldValue} a @param {FieldValue} b */
export const sameValue = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Sets a property by the browser's own setter. React replaces the setter of an element, and then ignores the event for a
 * value that it has seen already.
 * @param {HTMLElement} field
 * @param {string} name
 * @param {unknown} value
 */
const setNatively = (field, name, value) =>
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), name)?.set?.call(field, value);

/**
 * Sets the value of a field. If a select element does not have the options yet, its value stays another one.
 * @param {HTMLElement} field
 * @param {FieldValue} value
 */
export const setValue = (field, value) => {
  if (isCheckable(field)) setNatively(field, 'checked', value);
  else if (field instanceof HTMLSelectElement) {
    if (!Array.isArray(value) || !value.every((wanted) => [...field.options].some((option) => option.value === wanted)))
      return;
    for (const option of field.options) option.selected = value.includes(option.value);
  } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)
    setNatively(field, 'value', value);
  else field.innerHTML = String(value);
};

/** Whether this is Firefox, the only engine with a slash after the word. */
export const isFirefox = /Gecko\/\d/.test(navigator.userAgent);

/** Tells the program that the user has changed a field, so that it takes the value. @param {HTMLElement} field */
export const tellProgram = (field) => {
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
};
