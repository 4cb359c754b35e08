// Puts together the report of a Go program that has panicked.
//
// The program's runtime prints it to the console, line by line, before the program ends. Before it, the shim says in words
// what happened. After it come errors that only follow from it: of the shim, or under TinyGo the trap of the program. All of
// that happens before the page's next task.

/** How Go's and TinyGo's reports begin. */
const firstLine = /^(panic: |fatal error: |runtime: (out of memory|goroutine stack exceeds))/;

export class PanicReport {
  /** @type {string[]} */
  #lines = [];
  /** @type {string[]} the errors of this task so far */
  #before = [];
  #report;

  /** @param {(text: string) => void} report gets the whole text */
  constructor(report) {
    this.#report = report;
  }

  /**
   * Takes what the program prints. Reports whether it belongs to a panic.
   * @param {string} text
   */
  print(text) {
    if (this.#lines.length === 0) {
      if (!firstLine.test(text)) return false;
      // What the shim has said is not repeated if it only quotes this line.
      const said = this.#before.filter((error) => !error.includes(text.split('\n', 1)[0]));
      this.#before = [];
      this.#lines.push(...said);
      setTimeout(() => {
        this.#report(this.#lines.join('\n').trim());
        this.#lines = [];
      });
    }
    this.#lines.push(text);
    return true;
  }

  /**
   * Takes an error, and calls report in the next task unless the error belongs to a panic.
   * @param {string} text
   * @param {() => void} report
   */
  error(text, report) {
    if (this.#lines.length > 0) return;
    const before = this.#before;
    before.push(text);
    setTimeout(() => {
      if (before !== this.#before) return; // a panic has followed
      before.shift();
      report();
    });
  }
}
