// page.js runs in browserexec's page. It passes all output of the program to browserexec, and starts the program.

// @ts-check
(() => {
  'use strict';

  /**
   * Sends a message to browserexec: "1" or "2" and the output, "=" and the exit status, or "!" and the reason why there is
   * none. This function is a binding of the browser, so that all messages arrive, and in order.
   *
   * @type {(message: string) => void}
   */
  const tell = /** @type {any} */ (globalThis).browserexec;

  /** @param {number} fd @param {Uint8Array} bytes */
  function writeSync(fd, bytes) {
    // Each byte becomes one character, because a write may end inside a character.
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    tell(fd + text);
    return bytes.length;
  }

  // wasm_exec.js creates a file system that holds back a line until it is complete. Keep that file system, but replace its
  // writes.
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
    start().then(
      (status) => tell('=' + status),
      (error) => tell('!' + error.message),
    );
  });
})();
