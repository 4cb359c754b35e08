// The filter of the panel "Bridge": by kind, by failure, and by a text.
import { element } from './element.js';

/** @typedef {Pick<import('./entry.js').Entry, 'kind' | 'isFailed' | 'contains'>} Filtered */

export class Filter {
  #kind = element('traffic-kind', HTMLSelectElement);
  #failed = element('traffic-failed', HTMLInputElement);
  #search = element('traffic-search', HTMLInputElement);

  /** @param {() => void} onChange called when the user changes the filter */
  constructor(onChange) {
    this.#kind.addEventListener('change', onChange);
    this.#failed.addEventListener('change', onChange);
    this.#search.addEventListener('input', onChange);
  }

  /** Reports whether an entry is shown. @param {Filtered} entry */
  matches(entry) {
    const kind = this.#kind.value;
    const text = this.#search.value.trim().toLowerCase();
    return (
      (!kind || entry.kind === kind) && (!this.#failed.checked || entry.isFailed) && (!text || entry.contains(text))
    );
  }
}
