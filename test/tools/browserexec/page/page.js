// page.js runs in browserexec's page. It passes all output of the program to browserexec, and starts the program.

// @ts-check
(() => {
  'use strict';

  const XHR = XMLHttpRequest;

  /**
   * Sends something to browserexec and waits until it is there. So everything arrives, in order, even if the program then
   * ends or hangs. The page has no other use for requests that block.
   *
   * @param {string} path @param {Uint8Array<ArrayBuffer> | string} body
   */
  function send(path, body) {
    const request = new XHR();
    request.open('POST', path, false);
    request.send(body);
  }

  /** How long output may wait for more, in milliseconds: a program may write each word by itself. */
  const delay = 20;

  /** @type {{ fd: number, pieces: Uint8Array<ArrayBuffer>[], length: number, sent: number, timer: number | undefined }} */
  const held = { fd: 0, pieces: [], length: 0, sent: -Infinity, timer: undefined };

  function flush() {
    clearTimeout(held.timer);
    held.timer = undefined;
    if (held.length === 0) return;
    const all = new Uint8Array(held.length);
    let at = 0;
    for (const piece of held.pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    held.pieces = [];
    held.length = 0;
    send(`output/${held.fd}`, all);
    held.sent = performance.now();
  }

  /** @param {number} fd @param {Uint8Array<ArrayBuffer>} bytes */
  function writeSync(fd, bytes) {
    if (fd !== held.fd) flush();
    held.fd = fd;
    held.pieces.push(bytes.slice());
    held.length += bytes.length;
    if (held.length > 65536 || performance.now() - held.sent > delay) flush();
    else held.timer ??= setTimeout(flush, delay);
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
      (status) => {
        flush();
        send('exit', String(status));
      },
      (error) => {
        flush();
        send('failure', error.message);
      },
    );
  });
})();
