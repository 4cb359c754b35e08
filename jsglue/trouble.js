// Explains to the developer what goes wrong while a program loads or runs, and how it ended.

// @ts-check

import { announce, failure } from './failure.js';

/**
 * Finds out why a program could not be compiled or instantiated. Each engine has its own texts, so the cause follows from what
 * fails, never from a message.
 *
 * @param {Error} error @param {boolean} isCompiled @returns {any} It throws the explanation.
 */
export function explainProgram(error, isCompiled) {
  if (!globalThis.WebAssembly) throw failure('This browser has no WebAssembly.', 'Lockdown Mode switches it off.');
  try {
    // The smallest program. A policy prevents its compilation, or in WebKit its instantiation.
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    throw failure(
      'The page’s policy does not allow WebAssembly.',
      'Add "unsafe-eval" under permissions.content.scripts in manifest.yml and deploy again. Admins must consent.',
    );
  }
  if (error instanceof RangeError) throw error; // There is not enough memory.
  if (!isCompiled) {
    throw failure(
      'The program’s file is damaged or incomplete.',
      'Reload the page. Build it again. (' + error.message + ')',
    );
  }
  throw failure(
    'forgego.js and the program come from different Go versions.',
    'Build it again. (' + error.message + ')',
  );
}

/**
 * Returns a function that shows a failure once: in the console, with its stack, as an event, and in the page.
 *
 * @param {boolean} inPage @returns {import('./program.js').Fail}
 */
export const newReport = (inPage) => (title, detail, stack) => {
  console.error([title, detail, stack].filter(Boolean).join('\n'));
  announce('failed', { title, detail });
  if (!inPage) return;
  const box = document.createElement('section');
  box.setAttribute('role', 'alert');
  box.className = 'forgego-failure';
  // Set by script, because the platform's policy does not allow inline styles. The colours follow the page's color-scheme.
  box.style.cssText =
    'margin:16px;padding:16px;border:1px solid #c9372c;border-left-width:6px;' +
    'background:Canvas;color:CanvasText;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere';
  const heading = document.createElement('strong');
  heading.textContent = title;
  const text = document.createElement('p');
  text.style.cssText = 'margin:8px 0 0;white-space:pre-wrap';
  text.textContent = detail;
  box.append(heading, text);
  document.querySelector('.forgego-failure')?.remove();
  (document.body ?? document.documentElement).prepend(box); // a script in the head runs before there is a body
};

/**
 * Says what happened, in which file and line, and what to do. In the trace, "main.F(…)" and, below it, "\tFILE:LINE +0x1" are
 * a frame. An event handler was called by syscall/js.handleEvent.
 *
 * @param {import('./program.js').Fail} fail @param {number} status @param {string} words the last words, or ""
 */
export function explainEnd(fail, status, words) {
  const goroutines = words.split('\n\n');
  const handler = goroutines.find((goroutine) => goroutine.includes('\nsyscall/js.handleEvent('));
  const [, place] = /\nmain\..*\n\t(\S+)/.exec(handler ?? words) ?? [];
  const use = handler && 'Use wasm.Listen or wasm.Go.';
  const lines = (/** @type {(string | undefined)[]} */ ...lines) => lines.filter(Boolean).join('\n');
  if (/asleep - deadlock/.test(words)) return fail('An event handler must not wait.', lines(use, place));
  fail(
    'The app’s program has ended.',
    words
      ? lines(words.split('\n', 1)[0], place, use)
      : (status === 0 ? 'Its main function returned' : 'Its exit status is ' + status + '; see the console') +
          '. Reload the page to start it again.' +
          (status === 0 ? ' (wasm.Run keeps a program running.)' : ''),
  );
}
