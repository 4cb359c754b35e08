// The account and the site of this window. They are in the page's address, so that each window can have others, and keeps
// them when it is loaded again. The server's requests repeat them.

const names = ['account', 'site'];

/** Returns the choice of this window as the query of an address: "" if it has none. */
export const chosen = () => {
  const all = new URLSearchParams(window.location.search);
  const query = new URLSearchParams(names.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? '']] : [])));
  return `${query}` && `?${query}`;
};

/**
 * Returns the address of this window with another account or site. The first one is the default and is left out.
 * @param {string} name "account" or "site"
 * @param {string} number
 */
const addressWith = (name, number) => {
  const url = new URL(window.location.href);
  if (number === '1') url.searchParams.delete(name);
  else url.searchParams.set(name, number);
  return url.href;
};

/** Connects the switches. forgego.yml may have a fault, and then the page has none. */
export const startSession = () => {
  for (const name of names) {
    const control = document.getElementById(name);
    if (!(control instanceof HTMLSelectElement)) continue;
    // As in a product, another user or another site begins with a new page.
    control.addEventListener('change', () => window.location.assign(addressWith(name, control.value)));
  }
};
