// Runs a loaded program.

// @ts-check

/** @import { EarlyCalls } from './early.js' */

import { connect } from './calls.js';
import { earlyTime } from './early.js';
import { explainEnd } from './ending.js';
import { report } from './failure.js';

/**
 * Adds to the port what only the ES module has. explained says that the end of the program needs no explanation.
 *
 * @typedef {(go: any, exports: any, port: any, explained: () => void) => void} Extend
 */

/**
 * Starts the program. The result resolves to its exit status when it ends.
 *
 * @param {any} go @param {WebAssembly.Instance} instance @param {EarlyCalls} early @param {boolean} inPage
 * @param {() => string} lastWords @param {Extend} [extend]
 * @returns {Promise<number>}
 */
export function start(go, instance, early, inPage, lastWords, extend) {
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
  /** @type {any} */
  const port = connect(go, exports, early);
  extend?.(go, exports, port, () => (explained = true));
  port.fail = (/** @type {string} */ title, /** @type {string} */ detail, /** @type {string} */ stack) => {
    explained = true;
    report(title, detail, inPage, stack);
  };
  // The program takes the port while it starts, before it first waits, so that no other program on the page gets it.
  /** @type {any} */ (globalThis).__forgegoPort = port;
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
