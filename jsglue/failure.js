// Explains to the developer what goes wrong while a program loads or runs.

// @ts-check

/**
 * Makes an error with a text for the developer.
 *
 * @param {string} title what happened @param {string} detail what to do
 */
export const failure = (title, detail) => fault(title + '\n' + detail, { title, detail });

/** @template T @param {string} message @param {T} more */
export const fault = (message, more) => Object.assign(new Error(message), more);

/** @param {any} error @returns {ReturnType<typeof failure>} */
export const explain = (error) => (error.title ? error : failure('The program could not be loaded.', error.message));

/**
 * Finds out why a program could not be compiled or instantiated. Each engine has its own texts, so the cause follows from what
 * fails, never from a message.
 *
 * @param {Error} error @param {boolean} isCompiled
 */
export function explainProgram(error, isCompiled) {
  if (!globalThis.WebAssembly) return failure('This browser has no WebAssembly.', 'Lockdown Mode switches it off.');
  try {
    // The smallest program. A policy prevents its compilation, or in WebKit its instantiation.
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return failure(
      'The page’s policy does not allow WebAssembly.',
      'Add "unsafe-eval" under permissions.content.scripts in manifest.yml and deploy again. Admins must consent.',
    );
  }
  if (error instanceof RangeError) return error; // There is not enough memory.
  if (!isCompiled) {
    return failure(
      'The program’s file is damaged or incomplete.',
      'Reload the page if it was cut off. Build it again: forgego build. (' + error.message + ')',
    );
  }
  return failure(
    'forgego.js and the program come from different Go versions.',
    'Build both again with one toolchain: forgego build. (' + error.message + ')',
  );
}

/**
 * Shows a failure once: in the console, as an event, and in the page.
 *
 * @param {string} title @param {string} detail @param {boolean} inPage
 * @param {string} [stack] for the console only
 */
export function report(title, detail, inPage, stack) {
  console.error([title, detail, stack].filter(Boolean).join('\n'));
  document.dispatchEvent(new CustomEvent('forgego:failed', { detail: { title, detail } }));
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
}
