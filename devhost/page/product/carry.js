// Keeps what the user sees when the product's page is loaded again, for example after a change of manifest.yml.
//
// The session storage is the only place for this. Memory is lost, the next site in this tab could read window.name, and an
// entry of the history cannot be deleted. The app's page cannot read the storage, because it has another origin. The new page
// deletes the entry as soon as it has read it. The entry has what the user typed, but no passwords, other secrets or tokens.

const storageKey = 'forgego:carried';

/** @typedef {{address: string, state: unknown, hasFocus: boolean, open: string[], traffic: boolean, restarted?: boolean}} Carried */

const address = () => location.pathname + location.search;

/** @param {Omit<Carried, 'address'>} value */
export const carry = (value) => {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({ ...value, address: address() }));
  } catch {
    // The value is too large to store. The new page starts without it.
  }
};

/**
 * Returns what the page before has stored, or undefined. A second call returns undefined.
 * @returns {Carried | undefined}
 */
export const takeCarried = () => {
  const text = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  /** @type {Carried | undefined} */
  const carried = text ? JSON.parse(text) : undefined;
  return carried?.address === address() ? carried : undefined;
};
