// Tells the product's page what the app's page has loaded.

/**
 * Calls send once the page and its scripts are loaded.
 * @param {(loaded: {path: string, hasProgram: boolean}) => void} send hasProgram is whether the page has the shim of a Go
 *   program, and tells it or can tell it which program to load
 */
export const reportLoaded = (send) => {
  window.addEventListener('load', () => {
    // The shim sets globalThis.forgego. If it could not be loaded, there is still its element.
    const hasProgram = 'forgego' in globalThis || document.querySelector('script[data-program]') !== null;
    send({ path: window.location.pathname, hasProgram });
  });
};
