// Replaces the style sheets of the app's page whose files have changed, without loading the page again.
import { isFirefox } from './field.js';
import { elementsOf } from './locate.js';

/** How many entries of loaded resources a browser keeps. */
const maxEntries = 250;

/** Is part of the address of each replaced sheet, so that the browser loads the file again. */
let version = 0;

/** The sheets that are being loaded, by the element that they replace. @type {Map<Element, Element>} */
const loading = new Map();

/** Returns the path of an address of this page's origin, or "". @param {string} address @param {string} base */
const localPath = (address, base) => {
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url?.origin !== location.origin) return '';
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return url.pathname;
  }
};

/**
 * Returns the paths of all sheets that a sheet imports, directly or indirectly.
 * @param {CSSStyleSheet | null} sheet
 * @returns {string[]}
 */
const imports = (sheet) => {
  let rules;
  try {
    rules = [...(sheet?.cssRules ?? [])];
  } catch {
    return []; // It comes from another origin.
  }
  return rules
    .filter((rule) => rule instanceof CSSImportRule)
    .flatMap((rule) => [localPath(rule.href, sheet?.href ?? document.baseURI), ...imports(rule.styleSheet)]);
};

/** @param {HTMLLinkElement | HTMLStyleElement} element */
const replaceSheet = (element) => {
  loading.get(element)?.remove();
  const next = /** @type {HTMLLinkElement | HTMLStyleElement} */ (element.cloneNode(true));
  if (next instanceof HTMLLinkElement) {
    const url = new URL(next.href);
    version += 1;
    url.searchParams.set('forgego', String(version));
    next.href = url.href;
  }
  loading.set(element, next);
  // The old sheet stays until the new one has loaded, so that the page never shows without style.
  next.addEventListener('load', () => {
    loading.delete(element);
    element.remove();
  });
  next.addEventListener('error', () => {
    loading.delete(element);
    next.remove();
  });
  element.after(next);
};

/**
 * Replaces the sheets of changed files and the sheets that import one of them. Reports whether the page must be loaded
 * again, because it uses one of the files in another way.
 * @param {string[]} names paths of addresses, without escapes
 * @returns {Promise<boolean>}
 */
export const exchangeStyles = async (names) => {
  const paths = new Set(names);
  const known = new Set();
  const imported = new Set();
  const replaced = new Set();
  for (const element of elementsOf(document)) {
    const isLink = element instanceof HTMLLinkElement && element.relList.contains('stylesheet');
    if ((!isLink && !(element instanceof HTMLStyleElement)) || [...loading.values()].includes(element)) continue;
    const direct = isLink ? localPath(element.href, location.href) : '';
    if (paths.has(direct)) known.add(direct);
    const indirect = imports(element.sheet).filter((path) => paths.has(path));
    for (const path of indirect) imported.add(path);
    // A disabled sheet is loaded when it is enabled.
    if ((paths.has(direct) || indirect.length > 0) && !(isLink && element.disabled)) replaced.add(element);
  }
  // Firefox loads an imported sheet once for each page. Only a page that is loaded again gets the new file.
  if (imported.size > 0 && isFirefox) return true;
  // The address of an imported sheet stays the same, so the browser's cache must get the new file first.
  await Promise.allSettled(
    [...imported].map((path) => fetch(path.split('/').map(encodeURIComponent).join('/'), { cache: 'reload' })),
  );
  for (const element of replaced) replaceSheet(element);

  const others = [...paths].filter((path) => !known.has(path) && !imported.has(path));
  const entries = performance.getEntriesByType('resource');
  const loaded = entries.map(({ name }) => localPath(name, location.href));
  // The browser keeps a limited number of entries. Beyond it, the page may have loaded the file.
  return others.some((path) => loaded.includes(path)) || (others.length > 0 && entries.length >= maxEntries);
};
