// Parts of a browser for tests that run in Node.js. Each one does only what the page's scripts need.

// Node.js 20 has no navigator.
/** @type {any} */ (globalThis).navigator ??= { onLine: true };

/**
 * Sets window, location and history to those of a new tab. As in a browser, a step back or forward takes effect later and
 * then fires "popstate".
 */
export const installHistory = (hash = '') => {
  const entries = [{ state: null, hash }];
  let current = 0;
  /** @type {any} */ (globalThis).window = new EventTarget();
  /** @type {any} */ (globalThis).location = {
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
  /** @type {any} */ (globalThis).history = {
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
  /** @type {any} */ (globalThis).FileReader = class {
    result = '';
    onload = () => {};

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
  /** @type {any} */ (globalThis).sessionStorage ??= { getItem: () => null };
  const requests = [];
  t.mock.method(globalThis, 'fetch', async (url, { method, body }) => {
    if (method === 'HEAD') return new Response(); // whether the host runs
    const name = url.replace('/_host/', '');
    const input = JSON.parse(body);
    requests.push({ name, input });
    return new Response(JSON.stringify(answer(name, input, requests.length)), {
      headers: { 'content-type': 'application/json' },
    });
  });
  return requests;
};

/**
 * Connects the page by a web socket of the test. window.location must be set. Returns a function that sends a message of the
 * host to the page.
 */
export const installSocket = async () => {
  let socket;
  /** @type {any} */ (globalThis).WebSocket = class extends EventTarget {
    constructor() {
      super();
      socket = this;
    }
  };
  const send = (message) =>
    socket.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  const { windowName } = await import('../product/socket.js');
  const name = windowName();
  send({ type: 'window', window: 'w1' });
  await name;
  return send;
};

/** Replaces BroadcastChannel by channels between the "windows" of one test. Returns all that are open, by name. */
export const installBroadcastChannel = () => {
  const open = new Map();
  /** @type {any} */ (globalThis).BroadcastChannel = class extends EventTarget {
    constructor(name) {
      super();
      this.name = name;
      open.set(name, [...(open.get(name) ?? []), this]);
    }

    /** Later, and not to itself, as in a browser. */
    postMessage(message) {
      const data = structuredClone(message);
      setImmediate(() => {
        for (const channel of open.get(this.name)) {
          if (channel !== this) channel.dispatchEvent(Object.assign(new Event('message'), { data }));
        }
      });
    }

    close() {
      open.set(
        this.name,
        open.get(this.name).filter((channel) => channel !== this),
      );
    }
  };
  return open;
};

/** Sets a storage of the browser, such as sessionStorage, to an empty one. Returns its content. */
export const installStorage = (name) => {
  const content = new Map();
  globalThis[name] = {
    getItem: (key) => content.get(key) ?? null,
    setItem: (key, value) => content.set(key, String(value)),
  };
  return content;
};
