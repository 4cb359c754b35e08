// The panel "Faults": makes token requests fail on purpose, and counts them.
import { element } from './element.js';
import { closeOnLeave } from './panel.js';
import { askServer } from './server.js';

export class Faults {
  #panel = element('faults', HTMLDetailsElement);
  #on = element('faults-on', HTMLElement);
  #failNext = element('faults-fail', HTMLInputElement);
  #delay = element('faults-delay', HTMLInputElement);
  #state = element('faults-state', HTMLElement);

  constructor() {
    element('faults-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#change({ failNext: this.#failNext.valueAsNumber || 0, delayMs: this.#delay.valueAsNumber || 0 }, 'Set.');
    });
    element('faults-off', HTMLButtonElement).addEventListener('click', () =>
      this.#change({ failNext: 0, delayMs: 0 }, 'Turned off.'),
    );
    element('faults-revoke', HTMLButtonElement).addEventListener('click', () =>
      this.#change({ revoke: true }, 'The signing key has changed.'),
    );
    this.#panel.addEventListener('toggle', () => this.refresh());
    closeOnLeave(this.#panel);
    this.#change({}, '', true);
  }

  /** Updates the counts if they are visible. Does not change the fields, because the user may be typing. */
  refresh() {
    if (this.#panel.open || !this.#on.hidden) this.#change({});
  }

  /**
   * Sends a change to the server and shows the new state. An empty change only reads the state.
   * @param {object} change
   * @param {string} [done] the message for success
   * @param {boolean} [fill] whether to set the fields to the server's values
   */
  async #change(change, done = '', fill = done !== '') {
    let state;
    try {
      state = await askServer('faults', change);
    } catch (error) {
      this.#state.textContent = error instanceof Error ? error.message : String(error);
      return;
    }
    const { failNext, delayMs, mints, failures } = /** @type {Record<string, number>} */ (state);
    if (fill) {
      this.#failNext.value = String(failNext);
      this.#delay.value = String(delayMs);
    }
    this.#on.hidden = failNext === 0 && delayMs === 0;
    const left = failNext > 0 ? ` ${failNext} more will fail.` : '';
    this.#state.textContent = `${done} Tokens issued: ${mints}. Failed on purpose: ${failures}.${left}`.trim();
  }
}
