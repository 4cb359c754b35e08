/**
 * Returns the element with an ID. Throws if the page does not have it.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export const element = (id, kind) => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no element "${id}".`);
  return found;
};

/**
 * Makes an element with a text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [text]
 */
export const make = (tag, className, text = '') => {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
};

/**
 * Makes a button.
 * @param {string} text
 * @param {string} className
 * @param {() => void} onClick
 */
export const makeButton = (text, className, onClick) => {
  const button = make('button', className, text);
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
};

/**
 * Makes a button with a cross.
 * @param {string} label the button's name for screen readers
 * @param {() => void} onClick
 */
export const makeCross = (label, onClick) => {
  const button = makeButton('', 'dismiss', onClick);
  button.setAttribute('aria-label', label);
  return button;
};
