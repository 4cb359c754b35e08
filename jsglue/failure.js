// What goes wrong while a program loads or runs, in words for the developer.

// @ts-check

/**
 * A failure in words for the developer.
 *
 * @param {string} title what happened @param {string} detail and what to do
 */
export const failure = (title, detail) => fault(title + '\n' + detail, { title, detail });

/** @template T @param {string} message @param {T} more */
export const fault = (message, more) => Object.assign(new Error(message), more);

/** @param {any} error @returns {ReturnType<typeof failure>} */
export const explain = (error) => (error.title ? error : failure('The program could not be loaded.', error.message));

/**
 * Finds out why a program could not be compiled, or not be instantiated once it was. Each engine has its own words for the
 * same fault, so the cause is found by what fails, and never by a message.
 *
 * @param {Error} error @param {boolean} isCompiled
 */
export function explainProgram(error, isCompiled) {
  if (!globalThis.WebAssembly) return failure('This browser has no WebAssembly.', 'Lockdown Mode switches it off.');
  try {
    // The smallest program. A policy refuses to compile it, and in WebKit to instantiate it.
    new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)));
  } catch {
    return failure(
      'The page’s policy does not allow WebAssembly.',
      'Add "unsafe-eval" under permissions.content.scripts in manifest.yml and deploy again. Admins must consent.',
    );
  }
  if (error instanceof RangeError) return error; // There is no memory for it.
  if (!isCompiled) {
    return failure(
      'The program’s file is damaged or not whole.',
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
  // Set by script and not by a style sheet: the platform's policy allows no inline styles.
  box.style.cssText = 'margin:16px;padding:16px;border:1px solid #c9372c;border-left-width:6px;' +
    'background:#fff;color:#172b4d;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere';
  const heading = document.createElement('strong');
  heading.textContent = title;
  const text = document.createElement('p');
  text.style.cssText = 'margin:8px 0 0;white-space:pre-wrap';
  text.textContent = detail;
  box.append(heading, text);
  document.querySelector('.forgego-failure')?.remove();
  (document.body ?? document.documentElement).prepend(box); // a script in the head runs before there is a body
}
