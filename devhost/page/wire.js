// The protocol between the app's page and the product's page over a MessageChannel. Both pages use this file: the product's
// page imports it, and for the app's page the server bundles it with app/bridge.js.
//
// Each side can call the other and gets a promise. Values are sent by structured clone, so blobs, files and buffers stay
// what they are. Structured clone refuses functions and loses parts of errors. So these are taken out of the value and
// listed by their path:
//   - A function becomes a function that calls the original and returns a promise.
//   - An error keeps its name, message, code and stack.
// Symbols are dropped. A value that contains itself is an error, because one of Atlassian's two bridges refuses it, too. A
// value that is nested too deeply is also an error.
//
// Neither side trusts the other's messages. A message of the wrong form is ignored. A path is followed through own
// properties only, so that it cannot reach a prototype.

/** @typedef {(string | number)[]} Path */
/** @typedef {{name: string, message: string, code?: string | number, stack?: string}} ErrorParts */
/** @typedef {{path: Path, function: number} | {path: Path, error: ErrorParts}} Special */
/** @typedef {{value: unknown, specials: Special[]}} Encoded */
/** @typedef {(command: string, payload: unknown) => unknown} Handler */
/** @typedef {(...args: unknown[]) => unknown} Callback */

/** An error of the bridge itself. The code is stable, the message may change. */
export class BridgeError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'BridgeError';
    this.code = code;
  }
}

/**
 * Reports whether a value is an object, so that its members can be read.
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export const isRecord = (value) => typeof value === 'object' && value !== null;

/** Reports whether a value is an array or a plain object. @param {unknown} value */
const isContainer = (value) => Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';

/**
 * Sets an own property. An assignment to "__proto__" would set the prototype instead.
 * @param {object} target
 * @param {string | number} key
 * @param {unknown} value
 */
const setOwn = (target, key, value) => {
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
};

/**
 * @param {Error & {code?: unknown}} error
 * @returns {ErrorParts}
 */
const errorParts = ({ name, message, code, stack }) => ({
  name: String(name),
  message: String(message),
  ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  ...(typeof stack === 'string' ? { stack } : {}),
});

/** @param {ErrorParts} parts */
const errorFrom = ({ name, message, code, stack }) => {
  const error = new Error(message);
  // Not enumerable, as the own properties of an error.
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  return code === undefined ? error : Object.assign(error, { code });
};

/** How many levels a value may have. */
const maxDepth = 1000;

/**
 * Takes functions and errors out of a value. Throws a BridgeError if the value cannot be sent.
 * @param {unknown} root
 * @param {(callback: Callback) => number} exportFunction returns the ID by which the other side can call the function
 * @returns {Encoded}
 */
const encode = (root, exportFunction) => {
  /** @type {Special[]} */
  const specials = [];
  /** @type {Path} */
  const path = [];
  const open = new Set();
  /**
   * @param {unknown} value
   * @returns {unknown}
   */
  const walk = (value) => {
    if (typeof value === 'symbol') return undefined;
    if (typeof value === 'function') {
      specials.push({ path: [...path], function: exportFunction(/** @type {Callback} */ (value)) });
      return undefined;
    }
    if (value instanceof Error) {
      specials.push({ path: [...path], error: errorParts(value) });
      return undefined;
    }
    if (!isRecord(value) || !isContainer(value)) return value;
    if (open.has(value)) {
      throw new BridgeError(
        'CYCLE',
        `A value for the bridge contains itself at ${path.join('.') || 'its top'}. Send a copy without the cycle.`,
      );
    }
    // The limit is lower than that of the browsers, which drop a message that is nested too deeply without an error.
    if (path.length > maxDepth) {
      throw new BridgeError('TOO_DEEP', `A value for the bridge is nested more than ${maxDepth} levels deep.`);
    }
    open.add(value);
    const copy = Array.isArray(value) ? [] : {};
    for (const key of Object.keys(value)) {
      path.push(key);
      setOwn(copy, key, walk(value[key]));
      path.pop();
    }
    // Keeps holes at the end of the array.
    if (Array.isArray(value)) Object.assign(copy, { length: value.length });
    open.delete(value);
    return copy;
  };
  return { value: walk(root), specials };
};

/**
 * Puts functions and errors back into a value.
 * @param {Encoded} encoded
 * @param {(id: number) => Callback} importFunction returns a function that calls the other side's function
 */
const decode = ({ value, specials }, importFunction) => {
  const root = { value };
  for (const special of specials) {
    const path = ['value', ...special.path];
    const last = /** @type {string | number} */ (path.pop());
    /** @type {unknown} */
    let target = root;
    for (const key of path) target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    if (!isRecord(target) || !Object.hasOwn(target, last)) continue;
    setOwn(target, last, 'error' in special ? errorFrom(special.error) : importFunction(special.function));
  }
  return root.value;
};

/**
 * @param {unknown} value
 * @returns {value is Encoded}
 */
const isEncoded = (value) =>
  isRecord(value) &&
  Array.isArray(value.specials) &&
  value.specials.every(
    (special) =>
      isRecord(special) &&
      Array.isArray(special.path) &&
      (typeof special.function === 'number' || isRecord(special.error)),
  );

/** One end of the bridge. Messages are queued until it has a port. */
export class Peer {
  /** @type {MessagePort | undefined} */
  #port;
  /** @type {unknown[]} */
  #queue = [];
  #next = 1;
  /** @type {Map<number, {resolve: (value: unknown) => void, reject: (reason: unknown) => void}>} */
  #pending = new Map();
  /** @type {Map<number, Callback>} */
  #functions = new Map();
  /** @type {Error | undefined} */
  #closed;
  #handler;
  /** @type {FinalizationRegistry<number>} Releases a function of the other side when this side can no longer call it. */
  #collected = new FinalizationRegistry((id) => this.#send({ kind: 'release', function: id }));

  /** @param {Handler} handler performs the other side's commands and returns their answers */
  constructor(handler) {
    this.#handler = handler;
  }

  get closed() {
    return this.#closed !== undefined;
  }

  /** Sets the port and sends the queued messages. @param {MessagePort} port */
  attach(port) {
    if (this.#closed) {
      port.close();
      return;
    }
    this.#port = port;
    port.addEventListener('message', (event) => this.#receive(event.data));
    port.addEventListener('close', () =>
      this.close(new BridgeError('BRIDGE_CLOSED', 'The other end of the bridge is gone.')),
    );
    port.start();
    for (const message of this.#queue.splice(0)) port.postMessage(message);
  }

  /**
   * Sends a command to the other side and returns the answer.
   * @param {string} command
   * @param {unknown} [payload]
   * @returns {Promise<unknown>} rejects with the other side's error, or with the reason of close
   */
  call(command, payload) {
    return this.#request((id) => ({ kind: 'call', id, command, payload: this.#encode(payload) }));
  }

  /**
   * Closes the port, rejects all pending calls and releases all functions.
   * @param {Error} reason
   */
  close(reason) {
    if (this.#closed) return;
    this.#closed = reason;
    this.#port?.close();
    this.#queue.length = 0;
    this.#functions.clear();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  /** @param {unknown} value */
  #encode(value) {
    return encode(value, (callback) => {
      this.#functions.set(this.#next, callback);
      return this.#next++;
    });
  }

  /** @param {Encoded} encoded */
  #decode(encoded) {
    return decode(encoded, (id) => {
      const proxy = /** @param {unknown[]} args */ (...args) =>
        this.#request((call) => ({ kind: 'apply', id: call, function: id, args: this.#encode(args) }));
      this.#collected.register(proxy, id);
      return proxy;
    });
  }

  /**
   * @param {(id: number) => unknown} message
   * @returns {Promise<unknown>}
   */
  #request(message) {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw this.#closed;
      const id = this.#next++;
      const ready = message(id);
      this.#pending.set(id, { resolve, reject });
      try {
        this.#send(ready);
      } catch (error) {
        this.#pending.delete(id);
        throw error;
      }
    });
  }

  /** @param {unknown} message */
  #send(message) {
    if (this.#closed) return;
    if (this.#port) {
      this.#port.postMessage(message);
      return;
    }
    // A copy, so that later changes to the value are not sent, and a value that cannot be sent fails now.
    this.#queue.push(structuredClone(message));
  }

  /** @param {unknown} message */
  #receive(message) {
    if (!isRecord(message) || this.#closed) return;
    const { kind, id } = message;
    if (
      kind === 'call' &&
      typeof id === 'number' &&
      typeof message.command === 'string' &&
      isEncoded(message.payload)
    ) {
      const { command, payload } = message;
      this.#answer(id, () => this.#handler(command, this.#decode(payload)));
    } else if (
      kind === 'apply' &&
      typeof id === 'number' &&
      typeof message.function === 'number' &&
      isEncoded(message.args)
    ) {
      const callback = this.#functions.get(message.function);
      const args = message.args;
      this.#answer(id, () => {
        if (!callback) throw new BridgeError('RELEASED', 'This function has been released.');
        return callback(.../** @type {unknown[]} */ (this.#decode(args)));
      });
    } else if (kind === 'answer' && typeof id === 'number' && isEncoded(message.value)) {
      const waiting = this.#pending.get(id);
      this.#pending.delete(id);
      if (message.ok === true) waiting?.resolve(this.#decode(message.value));
      else waiting?.reject(this.#decode(message.value));
    } else if (kind === 'release' && typeof message.function === 'number') {
      this.#functions.delete(message.function);
    }
  }

  /**
   * @param {number} id
   * @param {() => unknown} run
   */
  async #answer(id, run) {
    try {
      const value = await run();
      this.#send({ kind: 'answer', id, ok: true, value: this.#encode(value) });
    } catch (error) {
      // The answer itself may fail to be sent, but the parts of an error can always be sent.
      const sendable = error instanceof Error ? error : new Error(String(error));
      this.#send({ kind: 'answer', id, ok: false, value: this.#encode(sendable) });
    }
  }
}
