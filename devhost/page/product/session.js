// The account and the site of this window. They are in the page's address, so that each window can have others, and keeps
// them when it is loaded again. The server's requests repeat them.
import { isRecord } from '../wire.js';

const names = ['account', 'site'];

/** Returns the choice of this window as the query of an address: "" if it has none. */
export const chosen = () => {
  const all = new URLSearchParams(window.location.search);
  const query = new URLSearchParams(names.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? '']] : [])));
  return `${query}` && `?${query}`;
};

/**
 * Opens the page with another account or site. As in a product, these begin with a new page. The first one is the default
 * and is left out of the address.
 * @param {Record<string, unknown>} choice the numbers of an account, a site or both
 */
const go = (choice) => {
  const url = new URL(window.location.href);
  for (const name of names) {
    if (!(name in choice)) continue;
    const number = String(choice[name]);
    if (number === '1') url.searchParams.delete(name);
    else url.searchParams.set(name, number);
  }
  window.location.assign(url.href);
};

/**
 * Opens the page with the account and the site that a program asks for, as soon as the program has its answer.
 * @type {import('./ask.js').Command}
 */
export const chooseSession = async (choice, afterAnswer) => {
  if (isRecord(choice)) afterAnswer(() => go(choice));
};

/** Connects the switches. forgego.yml may have a fault, and then the page has none. */
export const startSession = () => {
  for (const name of names) {
    const control = document.getElementById(name);
    if (!(control instanceof HTMLSelectElement)) continue;
    control.addEventListener('change', () => go({ [name]: control.value }));
  }
};
