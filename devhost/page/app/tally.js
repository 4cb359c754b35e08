// Counts errors, so that an error that repeats does not become a message each time.

/** @typedef {{name: string, text: string, count: number}} Counted */

/** How many different errors are kept until they are taken, and the largest size of a text in UTF-16 units. */
const maxErrors = 50;
const maxText = 16 * 1024;

/** @param {string} text */
const cut = (text) =>
  text.length > maxText ? `${text.slice(0, maxText)}\n… ${text.length - maxText} more characters` : text;

export class Tally {
  /** @type {Map<string, Counted>} */
  #errors = new Map();
  #others = 0;

  /** @param {string} name @param {string} text */
  add(name, text) {
    const key = `${name}\n${text}`;
    const known = this.#errors.get(key);
    if (known) known.count += 1;
    else if (this.#errors.size < maxErrors) this.#errors.set(key, { name, text: cut(text), count: 1 });
    else this.#others += 1;
  }

  /** Returns the errors since the last call, each one once, in their order. */
  take() {
    const errors = [...this.#errors.values()];
    if (this.#others > 0)
      errors.push({
        name: 'error',
        text: 'The page has many other errors. Its console shows them.',
        count: this.#others,
      });
    this.#errors.clear();
    this.#others = 0;
    return errors;
  }
}
