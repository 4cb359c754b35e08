// Runs a compiled program.

// @ts-check

/**
 * @import { Post, newCaller } from './calls.js'
 * @import { Options } from './load.js'
 */

import { holdLastWords } from './ending.js';
import { connect } from './memory.js';
import { explainEnd, explainProgram } from './trouble.js';

/** Starts programs of one compiler. Another script on the page may have another compiler's. */
const { Go } = /** @type {any} */ (globalThis);

/**
 * Makes what makes the calls.
 *
 * @typedef {(post: Post) => Pick<ReturnType<typeof newCaller>, 'send' | 'forget'>} ConnectCaller
 */

/**
 * Shows a failure.
 *
 * @typedef {(title: string, detail: string, stack?: string) => void} Fail
 */

/**
 * Adds to the port what only the ES module has. explained says that the end of the program needs no explanation.
 *
 * @typedef {(go: any, exports: any, port: any, explained: () => void) => void} Extend
 */

/**
 * Starts the program. exited resolves to its exit status when it ends.
 *
 * @param {WebAssembly.Module} module @param {Options} options @param {ConnectCaller} connectCaller @param {Fail} fail
 * @param {() => void} started  is called when the program first waits
 * @param {Extend} [extend]
 * @returns {Promise<{exited: Promise<number>}>}
 */
export async function run(module, options, connectCaller, fail, started, extend) {
  const go = new Go();
  if (options.args) go.argv = ['js', ...options.args];
  if (options.env) go.env = options.env;
  const lastWords = holdLastWords(go);
  const instance = await WebAssembly.instantiate(module, go.importObject).catch((error) => explainProgram(error, true));
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
              throw error;
            } finally {
              // wasm_exec.js looks only when it resumes the program.
              if (go.exited) go._resolveExitPromise?.();
            }
          };
  }
  /** @type {any} */
  const port = connect(go, exports, connectCaller);
  extend?.(go, exports, port, () => (explained = true));
  port.fail = (/** @type {[string, string, string]} */ ...texts) => {
    explained = true;
    fail(...texts);
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
  started();
  return {
    exited: running
      .catch((error) => {
        console.error(error);
        exit = 2;
      })
      .then((code) => {
        const status = code || exit;
        const words = lastWords();
        if (words || (!explained && options.indicator !== false)) explainEnd(fail, status, words);
        if (words) console.log(words);
        return status;
      }),
  };
}
