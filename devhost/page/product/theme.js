// The theme switch at the top, and the theme of the app's pages that enabled theming.
// Source: https://developer.atlassian.com/platform/forge/design-tokens-and-theming/
import { colors, measures } from './designtokens.js';
import { element } from './element.js';
import { HostError } from './hosterror.js';

/** @typedef {import('./place.js').Place} Place */

const storageKey = 'forgego:theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** The places whose page has enabled theming. @type {Set<Place>} */
const themed = new Set();

const choice = () => document.documentElement.dataset.mode ?? 'auto';

/** @returns {'light' | 'dark'} */
const mode = () => (choice() === 'auto' ? (system.matches ? 'dark' : 'light') : choice() === 'dark' ? 'dark' : 'light');

/**
 * Returns the theme for the app's page. The names of the themes are those of Atlassian's example.
 * @param {Place} place
 */
const themeOf = (place) => {
  const dark = mode() === 'dark';
  const lines = colors.map(([name, light, night]) => `--ds-${name}: ${dark ? night : light};`);
  lines.push(...measures.map(([name, value]) => `--ds-${name}: ${value};`));
  // A dialog has another surface color than the page.
  if (place.isDialog) lines.push('--ds-elevation-surface-current: var(--ds-surface-overlay);');
  return {
    colorMode: mode(),
    theme: 'dark:dark light:light',
    css: `html { color-scheme: ${mode()}; ${lines.join(' ')} }`,
  };
};

/** @param {Place} place */
const sendTheme = async (place) => {
  await place.call('theme', themeOf(place));
};

/**
 * Sends the theme to the place's page, now and whenever it changes.
 * @param {Place} place
 */
export const enableTheming = async (place) => {
  themed.add(place);
  place.cleanups.add(() => themed.delete(place));
  await sendTheme(place);
};

const sendToAll = () => {
  for (const place of themed) sendTheme(place).catch(() => themed.delete(place));
};

/** @param {string} value "light" or "dark"; any other value is "auto" */
const choose = (value) => {
  if (value === 'light' || value === 'dark') document.documentElement.dataset.mode = value;
  else delete document.documentElement.dataset.mode;
};

/** Chooses a theme as the user does. @param {unknown} value "light", "dark" or "auto" */
export const chooseTheme = (value) => {
  if (value !== 'light' && value !== 'dark' && value !== 'auto') {
    throw new HostError('The theme is light, dark or auto.', 'INVALID_REQUEST');
  }
  const control = element('theme', HTMLSelectElement);
  control.value = value;
  control.dispatchEvent(new Event('change'));
};

/** Connects the switch. */
export const startTheme = () => {
  const control = element('theme', HTMLSelectElement);
  choose(localStorage.getItem(storageKey) ?? 'auto');
  control.value = choice();
  control.addEventListener('change', () => {
    choose(control.value);
    localStorage.setItem(storageKey, choice());
    sendToAll();
  });
  system.addEventListener('change', sendToAll);
  // Another window has chosen a theme.
  window.addEventListener('storage', ({ key }) => {
    if (key !== storageKey) return;
    choose(localStorage.getItem(storageKey) ?? 'auto');
    control.value = choice();
    sendToAll();
  });
};
