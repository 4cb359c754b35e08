// The line of an error of the app's page.
import { Entry } from './entry.js';

export class ErrorEntry extends Entry {
  /** @param {{name: string, text: string, count: number}} error */
  constructor({ name, text, count }) {
    super('error', 'error', [{ title: '', label: 'Text of the error' }]);
    this.item.className = 'page-error';
    this.write(0, text);
    this.describe({ remote: count > 1 ? `${count} times` : '', request: name });
    this.finish('failed', text.split('\n')[0]);
  }
}
