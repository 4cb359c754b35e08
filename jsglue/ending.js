// Keeps what Go's runtime prints when a program ends: the reason, and a trace of the goroutines.

// @ts-check

import { decoder } from './memory.js';

/**
 * Holds back the last words of Go's runtime, so that the explanation comes first. What the app prints itself is not held.
 * TinyGo prints its last words in another way, and without a trace.
 *
 * @param {any} go @returns {() => string} returns the last words
 */
export function holdLastWords(go) {
  let words = '';
  const imports = go.importObject.gojs;
  const write = imports?.['runtime.wasmWrite'];
  if (write) {
    // It gets the address of its arguments: a file, the address of the text, and its size.
    imports['runtime.wasmWrite'] = (/** @type {number} */ at) => {
      at >>>= 0;
      const text = decoder.decode(
        new Uint8Array(go.mem.buffer, go.mem.getUint32(at + 16, true), go.mem.getUint32(at + 24, true)),
      );
      if (words || /^(panic|fatal error): $/.test(text)) words += text;
      else write(at);
    };
  }
  return () => words;
}
