// A dialog in which the product asks the user a question.
import { make, makeButton } from './element.js';
import { raiseFlags } from './flag.js';

/**
 * Asks the user a question.
 * @param {string} question
 * @param {string} detail text below the question, such as an address; "" for none
 * @param {{yes: string, no: string}} labels the texts of the two buttons
 * @returns {Promise<boolean>} false if the user chose "no" or pressed Escape
 */
export const askUser = (question, detail, labels) =>
  new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'question';
    /** @param {boolean} yes */
    const end = (yes) => {
      dialog.remove();
      raiseFlags();
      resolve(yes);
    };
    const heading = make('h2', '', question);
    heading.id = 'question';
    const buttons = make('p', 'actions');
    const yes = makeButton(labels.yes, 'main', () => end(true));
    yes.autofocus = true; // Otherwise a long detail would get the focus, because it scrolls.
    buttons.append(
      yes,
      makeButton(labels.no, '', () => end(false)),
    );
    dialog.addEventListener('cancel', () => end(false));
    const box = make('div', 'box');
    box.append(heading, make('p', 'detail', detail), buttons);
    dialog.append(box);
    dialog.setAttribute('aria-labelledby', heading.id);
    document.body.append(dialog);
    dialog.showModal();
    raiseFlags();
  });
