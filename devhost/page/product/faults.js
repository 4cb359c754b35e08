// The panel "Faults": has token requests go wrong on purpose, and counts them.
import { element } from './element.js';
import { foldAway } from './panel.js';
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
      this.#ask({ failNext: this.#failNext.valueAsNumber || 0, delayMs: this.#delay.valueAsNumber || 0 }, 'Set.');
    });
    element('faults-off', HTMLButtonElement).addEventListener('click', () => this.#ask({ failNext: 0, delayMs: 0 }, 'All is well.'));
    element('faults-revoke', HTMLButtonElement).addEventListener('click', () => this.#ask({ revoke: true }, 'The signing key has changed.'));
    this.#panel.addEventListener('toggle', () => this.refresh());
    foldAway(this.#panel);
    this.#ask({}, '', true);
  }

  /** Shows the counts of now where someone can see them. What someone is typing stays. */
  refresh() {
    if (this.#panel.open || !this.#on.hidden) this.#ask({});
  }

  /**
   * @param {object} change
   * @param {string} [done] what to say of it
   * @param {boolean} [fill] whether the fields take what is set
   */
  async #ask(change, done = '', fill = done !== '') {
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
    const left = failNext > 0 ? ` ${failNext} still to fail.` : '';
    this.#state.textContent = `${done} Tokens given: ${mints}. Failed on purpose: ${failures}.${left}`.trim();
  }
}
