// page.js runs in browserexec's page: it hands all that the program writes to browserexec, and starts the program.

// @ts-check
(() => {
  'use strict';

  /**
   * Tells browserexec something: "1" or "2" and what was written there, "=" and the exit status, "!" and why there is
   * none. It is a binding of the browser's, so that all arrives, and in order.
   *
   * @type {(message: string) => void}
   */
  const tell = /** @type {any} */ (globalThis).browserexec;

  /** @param {number} fd @param {Uint8Array} bytes */
  function writeSync(fd, bytes) {
    // As one character a byte, because a write may end inside a character.
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    tell(fd + text);
    return bytes.length;
  }

  // wasm_exec.js makes a file system that keeps back a line until it ends. What it makes is kept, but for that.
  Object.defineProperty(globalThis, 'fs', {
    configurable: true,
    get: () => undefined,
    set(fs) {
      Object.defineProperty(globalThis, 'fs', { value: Object.assign(fs, { writeSync }), writable: true });
    },
  });

  async function start() {
    const options = await (await fetch('options.json')).json();
    const { exited } = await /** @type {any} */ (globalThis).forgego.load(options);
    return exited;
  }

  addEventListener('DOMContentLoaded', () => {
    start().then((status) => tell('=' + status), (error) => tell('!' + error.message));
  });
})();
