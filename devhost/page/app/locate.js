// Finds an element of the app's page again after the page was loaded again.
//
// A locator has one step for each tree: the document, then each open shadow root on the way to the element. A step is a
// selector that matches only this element, made of attributes that a program usually keeps: the ID, the name in its form,
// data-* attributes or the label. Without such an attribute it is the path of tags. A path may lead to another element after
// a change of the page, so the text of the nearest label or heading must be the same, too.

/** @typedef {{selector: string} | {from: string, path: [string, number][], near: string}} Step */
/** @typedef {Step[]} Locator */

/** @param {string} text */
const quoted = (text) => `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\a ')}"`;

/**
 * Returns selectors that may match only this element, the most reliable one first.
 * @param {Element} element
 */
export const selectorsOf = (element) => {
  const tag = element.localName;
  /** @param {string} name */
  const having = (name) => `[${name}=${quoted(element.getAttribute(name) ?? '')}]`;
  /** @type {string[]} */
  const selectors = [];
  if (element.id) selectors.push(tag + having('id'));
  if (element.getAttribute('name')) {
    const field = ['name', 'type', 'value'].filter(
      (name) =>
        element.hasAttribute(name) &&
        (name !== 'value' || /^(checkbox|radio)$/i.test(element.getAttribute('type') ?? '')),
    );
    const own = tag + field.map(having).join('');
    const form = element.closest('form');
    const mark = form && ['id', 'name', 'aria-label'].find((name) => form.getAttribute(name));
    if (form && mark) selectors.push(`form[${mark}=${quoted(form.getAttribute(mark) ?? '')}] ${own}`);
    selectors.push(own);
  }
  for (const name of element.getAttributeNames()) {
    if ((name.startsWith('data-') || name === 'aria-label') && element.getAttribute(name))
      selectors.push(tag + having(name));
  }
  return selectors;
};

/** @param {ParentNode} root @param {string} selector */
const only = (root, selector) => {
  const all = root.querySelectorAll(selector);
  return all.length === 1 ? all[0] : undefined;
};

const headings = 'h1, h2, h3, h4, h5, h6, legend, summary, label';

/** Returns the text of the label or heading that belongs to an element, or "". @param {Element} element */
export const nearText = (element) => {
  const label =
    'labels' in element ? /** @type {HTMLInputElement} */ (element).labels?.[0] : element.querySelector(headings);
  /** @type {Element | null | undefined} */
  let heading = label;
  for (let at = /** @type {Element | null} */ (element); at && !heading; at = at.parentElement) {
    for (let sibling = at.previousElementSibling; sibling && !heading; sibling = sibling.previousElementSibling) {
      heading = sibling.matches(headings) ? sibling : [...sibling.querySelectorAll(headings)].at(-1);
    }
  }
  return (heading?.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
};

/** @param {Element} element @param {ParentNode} root @returns {Step} */
const stepTo = (element, root) => {
  const selector = selectorsOf(element).find((candidate) => only(root, candidate) === element);
  if (selector) return { selector };
  /** @type {[string, number][]} */
  const path = [];
  let from = '';
  for (let at = /** @type {Element | null} */ (element); at && !from; at = at.parentElement) {
    const { localName, parentNode } = at;
    const same = [...(parentNode?.children ?? [])].filter((child) => child.localName === localName);
    path.unshift([localName, same.indexOf(at)]);
    const parent = at.parentElement;
    if (parent?.id) from = selectorsOf(parent).find((candidate) => only(root, candidate) === parent) ?? '';
  }
  return { from, path, near: nearText(element) };
};

/** @param {Element} element @returns {Locator} */
export const locatorOf = (element) => {
  const root = element.getRootNode();
  if (root instanceof ShadowRoot) return [...locatorOf(root.host), stepTo(element, root)];
  return [stepTo(element, document)];
};

/**
 * Returns the element of a locator, if the page has exactly one now.
 * @param {Locator} locator
 * @returns {Element | undefined}
 */
export const findAgain = (locator) => {
  /** @type {ParentNode | null} */
  let root = document;
  /** @type {Element | undefined} */
  let found;
  for (const step of locator) {
    if (!root) return undefined;
    if ('selector' in step) {
      found = only(root, step.selector);
    } else {
      /** @type {ParentNode | undefined} */
      let at = step.from ? only(root, step.from) : root;
      for (const [tag, index] of step.path)
        at = at && [...at.children].filter(({ localName }) => localName === tag)[index];
      found = at instanceof Element && nearText(at) === step.near ? at : undefined;
    }
    if (!found) return undefined;
    root = found.shadowRoot;
  }
  return found;
};

/**
 * Returns all elements of a tree and of the open shadow roots in it.
 * @param {ParentNode} root
 * @returns {Element[]}
 */
export const elementsOf = (root) =>
  [...root.querySelectorAll('*')].flatMap((element) => [
    element,
    ...(element.shadowRoot ? elementsOf(element.shadowRoot) : []),
  ]);
