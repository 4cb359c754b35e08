// Runs a loaded program.

// @ts-check

/** @import { EarlyCalls } from './early.js' */

import { connect } from './calls.js';
import { earlyTime } from './early.js';
import { explainEnd } from './ending.js';
import { report } from './failure.js';

/**
 * Starts the program. The result resolves to its exit status when it ends.
 *
 * @param {any} go @param {WebAssembly.Instance} instance @param {EarlyCalls} early @param {boolean} inPage
 * @param {() => string} lastWords
 * @returns {Promise<number>}
 */
export function start(go, instance, early, inPage, lastWords) {
  let exit = 0;
  let explained = false;
  go.exit = (/** @type {number} */ code) => {
    exit = code;
  };
  /** @type {WebAssembly.Exports} */
  const exports = {};
  for (const [name, f] of Object.entries(instance.exports)) {
    exports[name] =
      typeof f !== 'function'
        ? f
        : (/** @type {unknown[]} */ ...args) => {
            try {
              return f(...args);
            } catch (error) {
              if (go.exited) return; // TinyGo's os.Exit throws
              // A TinyGo panic is a trap. TinyGo's wasm_exec.js would call the broken program again.
              go.exited = true;
              exit = 2;
              go._resolveExitPromise();
              throw error;
            }
          };
  }
  const port = connect(go, exports, early);
  port.fail = (title, detail, stack) => {
    explained = true;
    report(title, detail, inPage, stack);
  };
  // The program takes the port while it starts, before it first waits, so that no other program on the page gets it.
  Object.defineProperty(globalThis, '__forgegoPort', { value: port, configurable: true });
  /** Resolves to the exit status under TinyGo, which does not call go.exit. @type {Promise<number | void>} */
  let running;
  try {
    running = go.run(exports.go_scheduler ? { exports } : instance);
  } finally {
    delete (/** @type {any} */ (globalThis).__forgegoPort);
  }
  document.dispatchEvent(new CustomEvent('forgego:started'));
  setTimeout(() => early.end(), earlyTime);
  return running
    .catch((error) => {
      console.error(error);
      exit = 2;
    })
    .then((code) => {
      const status = code || exit;
      const words = lastWords();
      if (words || (!explained && inPage)) report(...explainEnd(status, words), inPage);
      if (words) console.log(words);
      return status;
    });
}
