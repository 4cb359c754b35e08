// Explains how a program ended, from what Go's runtime prints then: the reason, and a trace of the goroutines.

// @ts-check

const decoder = new TextDecoder();

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

/**
 * Says what happened, in which file and line, and what to do. In the trace, "main.F(…)" and, below it, "\tFILE:LINE +0x1" are
 * a frame. An event handler was called by syscall/js.handleEvent.
 *
 * @param {number} status @param {string} words the last words, or "" @returns {[string, string]} a title and a detail
 */
export function explainEnd(status, words) {
  const goroutines = words.split('\n\n');
  const handler = goroutines.find((goroutine) => goroutine.includes('\nsyscall/js.handleEvent('));
  const [, place] = /\nmain\..*\n\t(\S+)/.exec(handler ?? words) ?? [];
  const use = handler && 'Use wasm.Listen or wasm.Go.';
  const lines = (/** @type {(string | undefined)[]} */ ...lines) => lines.filter(Boolean).join('\n');
  if (/asleep - deadlock/.test(words)) return ['An event handler must not wait.', lines(use, place)];
  return [
    'The app’s program has ended.',
    words
      ? lines(words.split('\n', 1)[0], place, use)
      : (status === 0
          ? 'Its main function returned'
          : 'Its exit status is ' + status + '; the console shows its output') +
        '. Reload the page to start it again.' +
        (status === 0 ? ' (wasm.Run keeps a program running.)' : ''),
  ];
}
