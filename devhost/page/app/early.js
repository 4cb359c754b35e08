// Finds the first calls of a Go program that could begin while the program loads. The attribute data-early of the shim's script
// can name such calls (jsglue/forgego.js).

/** Calls that come later than this after the program's start are not its first ones. In milliseconds. */
const first = 1000;
/** How many calls are proposed. */
const most = 4;

/**
 * Returns the name of a call in data-early, or undefined if it has none. A query may be another one at the next visit, so a
 * path with one is not proposed.
 * @param {string} command
 * @param {any} payload
 */
export const earlyName = (command, payload) => {
  if (command === 'getContext') return command;
  if (command !== 'fetchRemote') return undefined;
  const { remoteKey, fetchRequestInit, isMultipartFormData } = payload;
  const { method = 'GET', path, headers, body } = fetchRequestInit;
  const isPlain = method === 'GET' && headers.length === 0 && body === null && !isMultipartFormData;
  return isPlain && /^\/[^\s?"&<]*$/.test(path) ? `get:${remoteKey}${path}` : undefined;
};

/**
 * Watches the first calls. Returns the function to call with each of them, and with the promise of its answer.
 * @param {(found: {path: string, names: string[]}) => void} send is called with the page's path and the names of the calls
 *   that its script does not name, if there are any
 */
export const watchFirstCalls = (send) => {
  /** @type {Set<string> | undefined} */
  let names;
  document.addEventListener(
    'forgego:started',
    () => {
      const script = document.querySelector('script[data-program]');
      if (!(script instanceof HTMLScriptElement)) return;
      const found = new Set();
      names = found;
      setTimeout(() => {
        names = undefined;
        const named = script.dataset.early?.split(/\s+/) ?? [];
        const missing = [...found].filter((name) => !named.includes(name)).slice(0, most);
        if (missing.length > 0) send({ path: location.pathname, names: [...named.filter(Boolean), ...missing] });
      }, first);
    },
    { once: true },
  );
  // A call after the user's first input may be its effect.
  for (const type of ['pointerdown', 'keydown']) {
    window.addEventListener(type, () => (names = undefined), { once: true, capture: true });
  }
  /** @param {string} command @param {unknown} payload @param {Promise<any>} answer */
  return (command, payload, answer) => {
    if (!names) return;
    try {
      const found = names;
      const name = earlyName(command, payload);
      if (!name) return;
      found.add(name);
      // A call that fails is a mistake, or its remote is down.
      answer.then(
        (value) => value?.status >= 400 && found.delete(name),
        () => found.delete(name),
      );
    } catch {
      // The payload is not one that a client makes.
    }
  };
};
