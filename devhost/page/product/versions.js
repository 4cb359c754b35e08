// The versions of the pages. The host counts the changes of the product page and those of the app's pages, so that a window
// that was not connected notices what it has missed.

/**
 * Reads the versions as the host writes them: "INSTANCE PRODUCT APP FIXED". The instance is another one after each start of the
 * host. FIXED stands for what a page cannot change after it was loaded, such as its policy.
 * @param {unknown} text
 */
export const versionsOf = (text) => {
  const [instance = '', product = '0', app = '0', fixed = ''] = String(text ?? '').split(' ');
  return { instance, product: Number(product), app: Number(app), fixed };
};

/**
 * Returns which part of the page is older than the host's: "product", "app", or "" for none. After another start of the
 * host, it returns "restart" if this page cannot go on with it.
 * @param {ReturnType<typeof versionsOf>} shown
 * @param {ReturnType<typeof versionsOf>} now
 */
export const outdated = (shown, now) => {
  if (now.instance !== shown.instance) return now.fixed === shown.fixed ? '' : 'restart';
  if (now.product !== shown.product) return 'product';
  return now.app === shown.app ? '' : 'app';
};
