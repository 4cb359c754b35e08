// Parts of a browser for tests that run in Node.js. Each one does only what the page's scripts need.

/** An element without layout. */
export class FakeElement extends EventTarget {
  children = [];
  parentElement = null;
  className = '';
  textContent = '';
  open = false;
  #attributes = new Map();

  constructor(tag) {
    super();
    this.tag = tag;
  }

  get childElementCount() {
    return this.children.length;
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
    for (const node of nodes) {
      node.remove();
      node.parentElement = this;
    }
    this.children.splice(index, 0, ...nodes);
  }

  replaceWith(node) {
    const { parentElement } = this;
    if (!parentElement) return;
    node.remove();
    node.parentElement = parentElement;
    parentElement.children.splice(parentElement.children.indexOf(this), 1, node);
    this.parentElement = null;
  }

  remove() {
    if (!this.parentElement) return;
    this.parentElement.children.splice(this.parentElement.children.indexOf(this), 1);
    this.parentElement = null;
  }

  click() {
    this.dispatchEvent(new Event('click'));
  }

  showModal() {
    this.open = true;
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

/** Sets globalThis.document to an empty document and returns it. */
export const installDocument = () => {
  const body = new FakeElement('body');
  globalThis.document = {
    body,
    createElement: (tag) => new FakeElement(tag),
    querySelectorAll: (selector) => {
      if (selector !== 'dialog[open]') throw new Error(`The fake document does not know the selector ${selector}.`);
      return body.all().filter(({ tag, open }) => tag === 'dialog' && open);
    },
  };
  return globalThis.document;
};

/**
 * Sets window, location and history to those of a new tab. As in a browser, a step back or forward takes effect later and
 * then fires "popstate".
 */
export const installHistory = (hash = '') => {
  const entries = [{ state: null, hash }];
  let current = 0;
  globalThis.window = new EventTarget();
  globalThis.location = {
    get hash() {
      return entries[current].hash;
    },
  };
  const go = (steps) => {
    setImmediate(() => {
      if (!entries[current + steps]) return;
      current += steps;
      window.dispatchEvent(new Event('popstate'));
    });
  };
  globalThis.history = {
    get state() {
      return structuredClone(entries[current].state);
    },
    get length() {
      return entries.length;
    },
    pushState: (state, _title, address) => {
      entries.splice(current + 1, entries.length, { state: structuredClone(state), hash: address });
      current += 1;
    },
    replaceState: (state, _title, address) => {
      entries[current] = { state: structuredClone(state), hash: address };
    },
    go,
    back: () => go(-1),
    forward: () => go(1),
  };
};

/** Waits until the steps of the history and everything that follows from them are done. */
export const settled = async () => {
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Sets FileReader, which Node.js does not have. */
export const installFileReader = () => {
  globalThis.FileReader = class {
    async readAsDataURL(blob) {
      const base64 = Buffer.from(await blob.arrayBuffer()).toString('base64');
      this.result = `data:${blob.type || 'application/octet-stream'};base64,${base64}`;
      this.onload();
    }
  };
};

/**
 * Makes fetch answer as the local host's server does, for one test. Returns the requests, oldest first.
 * @param t the test
 * @param answer called with the name of the request, its input and the number of requests so far
 */
export const installServer = (t, answer) => {
  globalThis.sessionStorage ??= { getItem: () => null };
  const requests = [];
  t.mock.method(globalThis, 'fetch', async (url, { body }) => {
    const name = url.replace('/_host/', '');
    const input = JSON.parse(body);
    requests.push({ name, input });
    return new Response(JSON.stringify(answer(name, input, requests.length)), {
      headers: { 'content-type': 'application/json' },
    });
  });
  return requests;
};
