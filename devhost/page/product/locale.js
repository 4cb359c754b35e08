// The language switch at the top. The server stores the choice, because it also translates the titles in the page.
import { element } from './element.js';
import { showNotice } from './notice.js';
import { askServer } from './server.js';

/** Connects the switch. */
export const startLocale = () => {
  const control = element('locale', HTMLSelectElement);
  control.addEventListener('change', async () => {
    try {
      // As in a product, a new language takes effect with a reload of the whole page. The host tells all windows to do that.
      await askServer('locale', { locale: control.value });
    } catch (error) {
      showNotice('The language could not be changed.', error instanceof Error ? error.message : '');
    }
  });
};
