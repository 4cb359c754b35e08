// The line above the app that says what the product would do now.
import { element } from './element.js';

/**
 * @param {string} text
 * @param {string} [detail] what stands behind it in another font, such as an address
 * @param {{text: string, run: () => void}} [action]
 */
export const notice = (text, detail = '', action) => {
  const line = element('notice', HTMLElement);
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'dismiss';
  close.setAttribute('aria-label', 'Dismiss');
  close.addEventListener('click', () => {
    line.hidden = true;
  });
  const words = document.createElement('p');
  words.append(text);
  if (detail) {
    const code = document.createElement('code');
    code.textContent = detail;
    words.append(' ', code);
  }
  /** @type {HTMLElement[]} */
  const parts = [words];
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.text;
    button.addEventListener('click', () => {
      line.hidden = true;
      action.run();
    });
    parts.push(button);
  }
  line.hidden = false;
  line.replaceChildren(...parts, close);
};
