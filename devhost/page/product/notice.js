// The notice: one line above the app that says what the product would do now.
import { element, make, makeButton, makeCross } from './element.js';

/**
 * Shows a notice in place of the one before.
 * @param {string} text
 * @param {string} [detail] text in another font, such as an address
 * @param {{text: string, run: () => void}} [action] adds a button
 */
export const showNotice = (text, detail = '', action) => {
  const line = element('notice', HTMLElement);
  const hide = () => {
    line.hidden = true;
  };
  const words = make('p', '', text);
  if (detail) words.append(' ', make('code', '', detail));
  /** @type {HTMLElement[]} */
  const parts = [words];
  if (action) {
    parts.push(
      makeButton(action.text, '', () => {
        hide();
        action.run();
      }),
    );
  }
  line.hidden = false;
  line.replaceChildren(...parts, makeCross('Dismiss', hide));
};
