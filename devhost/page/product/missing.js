// Says what is missing in a page of the app that does not work, and does not say why.
import { isRecord } from '../wire.js';

/** @typedef {{name: string, text: string, count: number}} PageError */

/**
 * Returns the error of a page without the bridge.
 * @param {string} url
 * @returns {PageError}
 */
export const missingBridge = (url) => ({
  name: 'noBridge',
  text: `The page in the frame has not loaded the bridge, so it cannot call the product. The host adds the bridge to HTML pages of the app. Is ${new URL(url).pathname} such a page, and does it stay there?`,
  count: 1,
});

/**
 * Returns the error of a page that should load a Go program and does not, or undefined.
 * @param {unknown} loaded what the page has loaded: see app/loaded.js
 * @param {string} url the page's address
 * @param {string[]} programs the keys of the resources with a Go program
 * @returns {PageError | undefined}
 */
export const missingProgram = (loaded, url, programs) => {
  const { pathname } = new URL(url);
  const { path, hasProgram } = isRecord(loaded) ? loaded : {};
  const [, key] = pathname.split('/');
  // The app may have gone to another page of its own, without a program.
  if (hasProgram !== false || path !== pathname || !programs.includes(key)) return undefined;
  const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  return {
    name: 'noProgram',
    text: `The page ${file.slice(1)} does not load the Go program that forgego.yml names for it. Add this to its head:\n<script src="forgego.js" data-program="app.wasm" defer></script>`,
    count: 1,
  };
};
