// The panel "Faults": makes token requests fail on purpose, and counts them. It shows the state of the host, which also
// other windows and programs change.
import { isRecord } from '../wire.js';
import { element } from './element.js';
import { closeOnLeave } from './panel.js';
import { askServer } from './server.js';
import { receive } from './socket.js';

/** @typedef {{failNext: number, delayMs: number, mints: number, failures: number, revision: number}} State */

/** @param {unknown} value @returns {State} */
const readState = (value) => {
  const { failNext, delayMs, mints, failures, revision } = isRecord(value) ? value : {};
  return {
    failNext: Number(failNext),
    delayMs: Number(delayMs),
    mints: Number(mints),
    failures: Number(failures),
    revision: Number(revision),
  };
};

export class Faults {
  #panel = element('faults', HTMLDetailsElement);
  #on = element('faults-on', HTMLElement);
  #failNext = element('faults-fail', HTMLInputElement);
  #delay = element('faults-delay', HTMLInputElement);
  #text = element('faults-state', HTMLElement);
  /** @type {State | undefined} */
  #state;
  /** The fields that the user has changed since the last "Set". They keep what was typed. @type {Set<HTMLInputElement>} */
  #edited = new Set();

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
    for (const field of [this.#failNext, this.#delay]) field.addEventListener('input', () => this.#edited.add(field));
    this.#panel.addEventListener('toggle', () => {
      if (this.#panel.open) return;
      this.#edited.clear();
      if (this.#state) this.#show(this.#state);
    });
    closeOnLeave(this.#panel);
    // Messages arrive in the order in which the host sends them. A host that was restarted has another revision.
    receive('faults', ({ payload }) => {
      const state = readState(payload);
      if (state.revision !== this.#state?.revision) this.#show(state);
    });
  }

  /**
   * Sends a change to the host.
   * @param {object} change
   * @param {string} done the message for success
   */
  async #change(change, done) {
    try {
      const state = readState(await askServer('faults', change));
      if (!('revoke' in change)) this.#edited.clear();
      // A message with a newer state may have been faster.
      this.#show(state.revision < (this.#state?.revision ?? 0) ? /** @type {State} */ (this.#state) : state, done);
    } catch (error) {
      this.#text.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {State} state @param {string} [done] */
  #show(state, done = '') {
    this.#state = state;
    const { failNext, delayMs, mints, failures } = state;
    if (!this.#edited.has(this.#failNext)) this.#failNext.value = String(failNext);
    if (!this.#edited.has(this.#delay)) this.#delay.value = String(delayMs);
    this.#on.hidden = failNext === 0 && delayMs === 0;
    const left = failNext > 0 ? ` ${failNext} more will fail.` : '';
    this.#text.textContent = `${done} Tokens issued: ${mints}. Failed on purpose: ${failures}.${left}`.trim();
  }
}
