// A document for tests that run in Node.js: elements without layout. It does only what the page's scripts need.

/** An element. As in a browser, there is a class for some tags. */
export class FakeElement extends EventTarget {
  /** @type {FakeElement[]} */
  children = [];
  /** @type {FakeElement | null} */
  parentElement = null;
  id = '';
  className = '';
  textContent = '';
  hidden = false;
  open = false;
  value = '';
  checked = false;
  dataset = {};
  style = {};
  #attributes = new Map();

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get classList() {
    return { add: (name) => (this.className = `${this.className} ${name}`.trim()) };
  }

  get childElementCount() {
    return this.children.length;
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  append(...nodes) {
    this.#insert(this.children.length, nodes);
  }

  prepend(...nodes) {
    this.#insert(0, nodes);
  }

  #insert(index, nodes) {
    const elements = nodes.map((node) =>
      typeof node === 'string' ? Object.assign(new FakeElement('#text'), { textContent: node }) : node,
    );
    for (const node of elements) {
      node.remove();
      node.parentElement = this;
    }
    this.children.splice(index, 0, ...elements);
  }

  replaceWith(node) {
    const { parentElement } = this;
    if (!parentElement) return;
    node.remove();
    node.parentElement = parentElement;
    parentElement.children.splice(parentElement.children.indexOf(this), 1, node);
    this.parentElement = null;
  }

  replaceChildren(...nodes) {
    for (const child of [...this.children]) child.remove();
    this.append(...nodes);
  }

  remove() {
    if (!this.parentElement) return;
    this.parentElement.children.splice(this.parentElement.children.indexOf(this), 1);
    this.parentElement = null;
  }

  contains(node) {
    return this.all().includes(node);
  }

  get isConnected() {
    return /** @type {any} */ (document).body.contains(this);
  }

  /** Knows lists of tags only. */
  closest(tags) {
    return tags.split(', ').includes(this.tag) ? this : (this.parentElement?.closest(tags) ?? null);
  }

  /** Knows tags only. */
  querySelector(tag) {
    return this.all().find((node) => node !== this && node.tag === tag) ?? null;
  }

  focus() {
    /** @type {any} */ (document).activeElement = this;
  }

  click() {
    fire(this, 'click');
  }

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
  }

  /** Returns this element and all below it. */
  all() {
    return [this, ...this.children.flatMap((child) => child.all())];
  }

  /** Returns the first element below with a class or a text. */
  find(classOrText) {
    return this.all().find(
      (node) => node !== this && (node.className === classOrText || node.textContent === classOrText),
    );
  }
}

/** The classes of elements, by tag. Each is a class of its own, because the page checks the class of what it finds. */
const classes = new Map(
  Object.entries({
    a: 'HTMLAnchorElement',
    button: 'HTMLButtonElement',
    details: 'HTMLDetailsElement',
    dialog: 'HTMLDialogElement',
    form: 'HTMLFormElement',
    iframe: 'HTMLIFrameElement',
    input: 'HTMLInputElement',
    ol: 'HTMLOListElement',
    script: 'HTMLScriptElement',
    select: 'HTMLSelectElement',
  }).map(([tag, name]) => [tag, { name, kind: class extends FakeElement {} }]),
);

const newElement = (tag) => new (classes.get(tag)?.kind ?? FakeElement)(tag);

/**
 * Fires an event that bubbles to the document.
 * @param target an element, or the document
 * @param type the event's type
 * @param properties more properties of the event
 * @returns the event
 */
export const fire = (target, type, properties = {}) => {
  const event = new Event(type, { cancelable: true });
  Object.defineProperties(event, Object.getOwnPropertyDescriptors({ ...properties, target }));
  for (let node = target; node; node = node.parentElement) node.dispatchEvent(event);
  if (target !== document && document instanceof EventTarget) document.dispatchEvent(event);
  return event;
};

/**
 * Sets globalThis.document to an empty document, and the classes of elements. Returns the document.
 * @param elements the tags of elements in the body, by ID
 * @returns {any}
 */
export const installDocument = (elements = {}) => {
  const body = newElement('body');
  /** @type {any} */ (globalThis).Node = FakeElement;
  /** @type {any} */ (globalThis).Element = FakeElement;
  /** @type {any} */ (globalThis).HTMLElement = FakeElement;
  for (const { name, kind } of classes.values()) globalThis[name] = kind;
  for (const [id, tag] of Object.entries(elements)) body.append(Object.assign(newElement(tag), { id }));
  /** @type {any} */ (globalThis).document = Object.assign(new EventTarget(), {
    body,
    documentElement: newElement('html'),
    activeElement: body,
    createElement: newElement,
    getElementById: (id) => body.all().find((node) => node.id === id) ?? null,
    querySelector: (tag) => body.querySelector(tag),
    querySelectorAll: (selector) => {
      if (selector !== 'dialog[open]') throw new Error(`The fake document does not know the selector ${selector}.`);
      return body.all().filter(({ tag, open }) => tag === 'dialog' && open);
    },
  });
  return document;
};
