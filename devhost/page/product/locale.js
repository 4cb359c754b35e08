// The product's language: the switch at the top. The server has it, because the titles in the page follow it, too.
import { element } from './element.js';
import { notice } from './notice.js';
import { askServer } from './server.js';

/** Makes the switch work. */
export const startLocale = () => {
  const control = element('locale', HTMLSelectElement);
  control.addEventListener('change', async () => {
    try {
      await askServer('locale', { locale: control.value });
      // A user who changes the language of a product sees all of it anew.
      window.location.reload();
    } catch (error) {
      notice('The language could not be changed.', error instanceof Error ? error.message : '');
    }
  });
};
