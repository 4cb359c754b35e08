// The product's theme: the switch at the top, and the pages of the app that follow it.
// Source: design-tokens-and-theming.
import { element } from './element.js';
import { colors, measures } from './designtokens.js';

/** @typedef {import('./place.js').Place} Place */

const storageKey = 'forgego:theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** The places whose page has asked for the theme. @type {Set<Place>} */
const themed = new Set();

const choice = () => document.documentElement.dataset.mode ?? 'auto';

/** @returns {'light' | 'dark'} */
const mode = () => (choice() === 'auto' ? (system.matches ? 'dark' : 'light') : choice() === 'dark' ? 'dark' : 'light');

/**
 * What the app's page gets. The names of themes are those of Atlassian's example.
 * @param {Place} place
 */
const themeOf = (place) => {
  const dark = mode() === 'dark';
  const lines = colors.map(([name, light, night]) => `--ds-${name}: ${dark ? night : light};`);
  lines.push(...measures.map(([name, value]) => `--ds-${name}: ${value};`));
  // A dialog is drawn on another surface than the page.
  if (place.isDialog) lines.push('--ds-elevation-surface-current: var(--ds-surface-overlay);');
  return { colorMode: mode(), theme: 'dark:dark light:light', css: `html { color-scheme: ${mode()}; ${lines.join(' ')} }` };
};

/** @param {Place} place */
const tell = async (place) => {
  await place.tell('theme', themeOf(place));
};

/** @param {Place} place */
export const enableTheming = async (place) => {
  themed.add(place);
  place.leave.add(() => themed.delete(place));
  await tell(place);
};

const changed = () => {
  // A page that has gone away meanwhile needs no theme.
  for (const place of themed) tell(place).catch(() => themed.delete(place));
};

/** @param {string} wanted */
const choose = (wanted) => {
  if (wanted === 'light' || wanted === 'dark') document.documentElement.dataset.mode = wanted;
  else delete document.documentElement.dataset.mode;
};

/** Makes the switch work. */
export const startTheme = () => {
  const control = element('theme', HTMLSelectElement);
  choose(localStorage.getItem(storageKey) ?? 'auto');
  control.value = choice();
  control.addEventListener('change', () => {
    choose(control.value);
    localStorage.setItem(storageKey, choice());
    changed();
  });
  system.addEventListener('change', changed);
};
