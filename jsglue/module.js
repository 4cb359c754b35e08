// The ES module: loads Go programs for a page that is written in JavaScript, and calls the functions that they export.
// module.d.ts describes it.

// @ts-check

import { connectMemory } from './exportmemory.js';
import { newExports } from './exports.js';
import { load as loadProgram } from './load.js';

/** @param {string | URL} url @param {Omit<import('./load.js').Options, 'program'>} [options] */
export async function load(url, options) {
  /** @type {ReturnType<typeof connectMemory>} */
  let tell;
  /** @type {(reason: unknown) => void} */
  let stopProgram;
  let over = false;
  const calls = newExports((messages) => tell(messages));
  const { exited } = await loadProgram({ ...options, program: String(url) }, (go, program, port, explained) => {
    // In a worker, the program's memory is there.
    tell = port.connect?.(calls.listener) ?? connectMemory(go, program, port, calls.listener);
    stopProgram = (reason) => {
      if (!port.stop) throw new Error('The program cannot be stopped, because it does not call wasm.Run.');
      over = true;
      calls.end(reason);
      explained();
      port.stop();
    };
  });
  exited.then(() => {
    over = true;
    calls.end(new Error('The program has ended.'));
  });
  return {
    exports: calls.exports,
    ended: exited,
    /** @param {unknown} [reason] */
    async stop(reason = new Error('The program was stopped.')) {
      if (!over) stopProgram(reason);
      await exited;
    },
  };
}
