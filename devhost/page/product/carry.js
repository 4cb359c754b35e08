// Carries what the user sees over a reload of the product's page, after a change of manifest.yml for example.
//
// The session storage is the only place for that: memory is lost, window.name goes on to the next site in this tab, and an
// entry of the history cannot be deleted. The app's page cannot read it, because it has another origin. It is emptied as soon
// as the new page has read it. It holds what the user typed, except passwords and other secrets, and no token.

const storageKey = 'forgego:carried';

/** @typedef {{address: string, state: unknown, hasFocus: boolean, open: string[], traffic: boolean, restarted?: boolean}} Carried */

const address = () => location.pathname + location.search;

/** @param {Omit<Carried, 'address'>} value */
export const carry = (value) => {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({ ...value, address: address() }));
  } catch {
    // It is too large. The page begins anew.
  }
};

/**
 * Returns what the page before carried over, once.
 * @returns {Carried | undefined}
 */
export const takeCarried = () => {
  const text = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  /** @type {Carried | undefined} */
  const carried = text ? JSON.parse(text) : undefined;
  return carried?.address === address() ? carried : undefined;
};
