// Puts together the report of a Go program that has panicked.
//
// The program's runtime prints it to the console, line by line, before the program ends. Then come errors that only follow
// from it: of the shim, or under TinyGo the trap of the program. All of that happens before the page's next task.

/** How Go's and TinyGo's reports begin. */
const firstLine = /^(panic: |fatal error: |runtime: (out of memory|goroutine stack exceeds))/;

export class PanicReport {
  /** @type {string[]} */
  #lines = [];
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
      setTimeout(() => {
        this.#report(this.#lines.join('\n').trim());
        this.#lines = [];
      });
    }
    this.#lines.push(text);
    return true;
  }

  /** Whether an error that happens now only follows from a panic. */
  get isOpen() {
    return this.#lines.length > 0;
  }
}
