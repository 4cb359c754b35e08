// The ES module: loads Go programs for a page that is written in JavaScript, and calls the functions that they export.
// module.d.ts describes it.

// @ts-check

import { connectExports } from './exports.js';
import { fault } from './failure.js';
import { load as loadProgram } from './load.js';

/** @param {string | URL} url @param {Omit<import('./load.js').Options, 'program'>} [options] */
export async function load(url, options) {
  /** @type {any} */
  let calls;
  const { exited } = await loadProgram({ ...options, program: String(url) }, (...program) => {
    calls = connectExports(...program);
  });
  exited.then(() => calls.end(fault('The program has ended.', {})));
  return {
    exports: calls.exports,
    ended: exited,
    /** @param {unknown} [reason] */
    async stop(reason) {
      calls.stop(reason);
      await exited;
    },
  };
}
