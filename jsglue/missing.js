// Explains what a program lacks in a worker.

// @ts-check

/** What only a page has, and a Go program may ask for. */
const names =
  'window document history localStorage sessionStorage parent top frames alert confirm prompt matchMedia getComputedStyle';

/**
 * Notes when the program asks for what a worker does not have. It gets undefined, as before.
 *
 * @param {any} scope @returns {(text: string, stack?: string) => string} adds to a text about "undefined" why that is so
 */
export function watchMissing(scope) {
  let missing = '';
  for (const name of names.split(' ')) {
    if (name in scope) continue;
    Object.defineProperty(scope, name, {
      configurable: true,
      get() {
        missing = name;
      },
    });
  }
  return (text, stack = '') =>
    // TinyGo says nothing about a panic.
    missing && /undefined|^Its exit status is 2;/.test(text + stack)
      ? text +
        '\nThe program runs in a worker, which has no ' +
        missing +
        '. Load it without the option worker, or let the page’s JavaScript do what needs the page.'
      : text;
}
