// accessible.js finds elements by role and accessible name, for browsers whose driver does not show the accessibility tree.
// It knows the rules of https://www.w3.org/TR/html-aam-1.0/ and https://www.w3.org/TR/accname-1.2/ that our pages need. A
// test compares it with the tree of Chromium. It is one expression: an object with its functions.

// @ts-check
(() => {
  'use strict';

  /** The roles of the types of an input element. */
  const inputs = {
    button: 'button',
    submit: 'button',
    reset: 'button',
    image: 'button',
    checkbox: 'checkbox',
    radio: 'radio',
    range: 'slider',
    number: 'spinbutton',
    search: 'searchbox',
    text: 'textbox',
    email: 'textbox',
    tel: 'textbox',
    url: 'textbox',
  };

  /** The roles of other elements. A section and a form have theirs only with a name. */
  const elements = {
    button: 'button',
    summary: 'DisclosureTriangle',
    textarea: 'textbox',
    h1: 'heading',
    h2: 'heading',
    h3: 'heading',
    h4: 'heading',
    h5: 'heading',
    h6: 'heading',
    ul: 'list',
    ol: 'list',
    li: 'listitem',
    nav: 'navigation',
    main: 'main',
    dialog: 'dialog',
    progress: 'progressbar',
    output: 'status',
    fieldset: 'group',
    img: 'image',
    table: 'table',
    tr: 'row',
    td: 'cell',
  };

  /** @param {Element} e */
  function roleOf(e) {
    const given = e.getAttribute('role')?.trim().split(/\s+/)[0];
    if (given) return given;
    const tag = e.localName;
    if (tag === 'input') return inputs[/** @type {HTMLInputElement} */ (e).type] ?? '';
    if (tag === 'select')
      return /** @type {HTMLSelectElement} */ (e).multiple || /** @type {HTMLSelectElement} */ (e).size > 1
        ? 'listbox'
        : 'combobox';
    if (tag === 'a') return e.hasAttribute('href') ? 'link' : '';
    return elements[tag] ?? '';
  }

  /** Elements that are hidden from all users, or from assistive technology. @param {Element} e */
  function isHidden(e) {
    for (let at = /** @type {Element | null} */ (e); at; at = at.parentElement ?? hostOf(at)) {
      if (at.getAttribute('aria-hidden') === 'true' || /** @type {HTMLElement} */ (at).inert) return true;
    }
    // Everything outside a modal dialog is inert.
    const modal = [...document.querySelectorAll(':modal')].at(-1);
    if (modal && !modal.contains(e) && !e.closest('[popover]')) return true;
    return !isShown(e);
  }

  /** @param {Element} e */
  const isShown = (e) => e.checkVisibility({ visibilityProperty: true });

  /** @param {Element} e */
  function hostOf(e) {
    const root = e.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  }

  /** @param {string} text */
  const trim = (text) => text.replace(/[\t\n\f\r ]+/g, ' ').trim();

  /** Roles whose name may come from their content. */
  const fromContent = [
    'button',
    'cell',
    'checkbox',
    'heading',
    'link',
    'menuitem',
    'option',
    'radio',
    'row',
    'tab',
    'DisclosureTriangle',
  ];

  /** @param {Element} e @returns {string} */
  function nameOf(e) {
    const ids = e.getAttribute('aria-labelledby')?.trim().split(/\s+/) ?? [];
    const labelled = ids
      .map((id) => /** @type {Document | ShadowRoot} */ (e.getRootNode()).getElementById(id))
      .filter((other) => other !== null);
    if (labelled.length)
      return trim(labelled.map((other) => other.getAttribute('aria-label') ?? contentOf(other)).join(' '));
    const own = trim(e.getAttribute('aria-label') ?? '');
    if (own) return own;
    const field = /** @type {HTMLInputElement} */ (e);
    if (field.labels?.length) return trim([...field.labels].map((label) => contentOf(label, e)).join(' '));
    if (e.localName === 'img') return trim(e.getAttribute('alt') ?? e.getAttribute('title') ?? '');
    if (e.localName === 'input' && ['button', 'submit', 'reset'].includes(field.type))
      return trim(field.value || { submit: 'Submit', reset: 'Reset' }[field.type] || '');
    if (e.localName === 'fieldset') {
      const legend = [...e.children].find((child) => child.localName === 'legend');
      if (legend) return contentOf(legend);
    }
    if (fromContent.includes(roleOf(e))) {
      const text = contentOf(e);
      if (text) return text;
    }
    return trim(e.getAttribute('title') ?? e.getAttribute('placeholder') ?? '');
  }

  /** Returns the text that an element contributes to a name. @param {Element} e @param {Element} [except] */
  function contentOf(e, except) {
    let text = '';
    /** @param {Node} node */
    const add = (node) => {
      if (node instanceof Text) text += node.data;
      if (
        !(node instanceof Element) ||
        node === except ||
        node.getAttribute('aria-hidden') === 'true' ||
        !isShown(node)
      )
        return;
      const inline = getComputedStyle(node).display.startsWith('inline');
      const label = node.getAttribute('aria-label');
      if (!inline || node.localName === 'br') text += ' ';
      if (label) text += label;
      else if (node.localName === 'img') text += node.getAttribute('alt') ?? '';
      else for (const child of node.childNodes) add(child);
      if (!inline) text += ' ';
    };
    text += generated(getComputedStyle(e, '::before').content);
    for (const child of e.shadowRoot?.childNodes ?? e.childNodes) add(child);
    text += generated(getComputedStyle(e, '::after').content);
    return trim(text);
  }

  /** Returns the text of a pseudo-element. @param {string} content */
  const generated = (content) => /^"(.*)"$/.exec(content)?.[1] ?? '';

  /** @param {Document | ShadowRoot} root @returns {Element[]} */
  const allOf = (root) =>
    [...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? [e, ...allOf(e.shadowRoot)] : [e]));

  /** Returns the elements with a role and a name, in document order. An empty name is any name. @param {string} role @param {string} name */
  const find = (role, name) =>
    allOf(document).filter((e) => roleOf(e) === role && !isHidden(e) && (!name || nameOf(e) === name));

  return { find, nameOf };
})();
