// host.js is the other end of the bridge for both clients. It records what they send and answers as the case says. It also
// makes the calls of the official client. globalThis.goPlay of the Go program makes our calls.

// @ts-check
(() => {
  'use strict';

  // These types are defined in spec/spec.go.
  /** @typedef {{name: string, value: string, file?: boolean, filename?: string, type?: string}} Part */
  /** @typedef {{kind: string, text?: string, repeat?: number, parts?: Part[]}} Body */
  /** @typedef {{method?: string, path: string, headers?: [string, string][], body?: Body}} Asked */
  /** @typedef {{call: string, remote: string, request: Asked, js?: string, host: string, times?: number}} Case */
  /**
   * @typedef {object} Outcome
   * @property {boolean} [failed]
   * @property {string} [error]
   * @property {unknown} [status]
   * @property {string} [statusText]
   * @property {boolean} [ok]
   * @property {[string, string][]} [headers]
   * @property {string} [text]
   * @property {string} [bytes]
   */

  const page = /** @type {any} */ (globalThis);

  /** The calls that crossed the bridge in this play: [command, payload]. @type {[string, unknown][]} */
  let calls = [];
  /** @type {(command: string, payload: unknown) => unknown} */
  let answer = () => undefined;

  page.__bridge = {
    async callBridge(/** @type {string} */ command, /** @type {unknown} */ payload) {
      return answer(command, payload);
    },
  };

  /**
   * A copy that has a JSON form and shows what JSON would lose. Undefined members count as absent.
   *
   * @param {unknown} value @returns {unknown}
   */
  function snapshot(value) {
    if (typeof value === 'string') return visible(value);
    if (value === null || typeof value === 'boolean') return value;
    if (Object.is(value, -0)) return '[number -0]';
    if (typeof value === 'number') return Number.isFinite(value) ? value : `[number ${value}]`;
    if (Array.isArray(value)) return value.map(snapshot);
    if (typeof value !== 'object') return `[${typeof value}]`;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return `[${prototype.constructor?.name}]`;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, v]) => v !== undefined)
        .map(([k, v]) => [visible(k), snapshot(v)]),
    );
  }

  /** The text, with lone surrogates made visible, because they cannot be sent to the test. @param {string} text */
  const visible = (text) => text.replace(/\p{Surrogate}/gu, (c) => `[surrogate ${c.charCodeAt(0).toString(16)}]`);

  /** The value, with long texts replaced by their beginning, length and digest. @param {unknown} value @returns {Promise<unknown>} */
  async function condense(value) {
    if (typeof value === 'string' && value.length > 2000) {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value));
      return `${value.slice(0, 20)}… (${value.length} characters, SHA-256 ${hex(new Uint8Array(digest))})`;
    }
    if (Array.isArray(value)) return Promise.all(value.map(condense));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await condense(v)])));
  }

  /** @param {Uint8Array} bytes */
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  /** @param {string} text */
  const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (b) => parseInt(b, 16));

  // --- The official client ------------------------------------------------------------------------------------------

  /** @param {Part[]} parts */
  function formOf(parts) {
    const form = new FormData();
    for (const { name, value, file, filename = '', type = '' } of parts) {
      form.append(name, file ? new File([unhex(value)], filename, { type }) : value);
    }
    return form;
  }

  /** @param {Body} body @param {string} call @returns {unknown} */
  function bodyOf({ kind, text = '', repeat = 1, parts = [] }, call) {
    switch (kind) {
      case 'text':
        return text.repeat(repeat);
      case 'bytes':
        return unhex(text);
      case 'json':
        return call === 'invokeRemote' ? JSON.parse(text) : JSON.stringify(JSON.parse(text));
      case 'form':
        return new URLSearchParams(parts.map(({ name, value }) => [name, value]));
      case 'data':
        return formOf(parts);
      case 'stream':
        return new Blob([text]).stream();
    }
    throw new Error('no such kind of body: ' + kind);
  }

  /** @param {Case} c */
  function optionsOf({ call, request: { method, path, headers, body } }) {
    /** @type {Record<string, unknown>} */
    const options = { path };
    if (method !== undefined) options.method = method;
    if (headers) options.headers = call === 'invokeRemote' ? Object.fromEntries(headers) : headers;
    if (!body) return options;
    options.body = bodyOf(body, call);
    if (
      body.kind === 'json' &&
      call === 'requestRemote' &&
      !headers?.some(([name]) => name.toLowerCase() === 'content-type')
    ) {
      options.headers = [...(headers ?? []), ['content-type', 'application/json']];
    }
    return options;
  }

  /** @param {Case} c @returns {Promise<Outcome>} */
  async function playOfficial(c) {
    const options = c.js ? evaluate(c.js) : optionsOf(c);
    /** @type {Outcome} */
    let outcome = {};
    try {
      for (let i = 0; i < (c.times ?? 1); i++) {
        outcome = c.call === 'invokeRemote' ? await invoked(options) : await requested(c.remote, options);
      }
      return outcome;
    } catch (error) {
      return { failed: true, error: error instanceof Error ? error.name : typeof error };
    }
  }

  /** @param {string} remote @param {unknown} options @returns {Promise<Outcome>} */
  async function requested(remote, options) {
    /** @type {Response} */
    const response = await page.official.requestRemote(remote, options);
    const { status, statusText, ok } = response;
    const text = await response.clone().text();
    return {
      status,
      statusText,
      ok,
      headers: [...response.headers],
      text,
      bytes: hex(new Uint8Array(await response.arrayBuffer())),
    };
  }

  /** @param {unknown} options @returns {Promise<Outcome>} */
  async function invoked(options) {
    const { status, headers, body } = await page.official.invokeRemote(options);
    // One of the three forms of failure that callers of the official client must detect themselves.
    if (status === undefined || status === null) return { failed: true, error: 'no status' };
    const text = body === undefined ? '' : JSON.stringify(body);
    const ok = status >= 200 && status <= 299;
    return { status, ok, headers: listed(headers), text, bytes: hex(new TextEncoder().encode(text)) };
  }

  /** The entries of a plain object of headers, in the order of a Headers object. @param {unknown} headers @returns {[string, string][]} */
  function listed(headers) {
    if (headers === undefined || headers === null) return [];
    if (typeof headers !== 'object') return [['not an object', JSON.stringify(headers)]];
    return Object.entries(headers)
      .map(
        ([name, value]) =>
          /** @type {[string, string]} */ ([
            name.toLowerCase(),
            typeof value === 'string' ? value : `[${typeof value}]`,
          ]),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  // --- Ours ---------------------------------------------------------------------------------------------------------

  /** @param {Case} c @param {'text' | 'bytes'} read how the program reads the body @returns {Promise<Outcome>} */
  async function playOurs(c, read) {
    const { body, ...outcome } = JSON.parse(await page.goPlay(JSON.stringify(c), read));
    if (outcome.failed) return outcome;
    if (read === 'bytes') return { ...outcome, bytes: body };
    // A Go string may contain any bytes. A text in the browser has U+FFFD in place of invalid bytes.
    return { ...outcome, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(unhex(body)) };
  }

  // --- Both ---------------------------------------------------------------------------------------------------------

  /** The value of a case's JavaScript expression. @param {string} expression @returns {unknown} */
  const evaluate = (expression) => Function(`return (${expression})`)();

  /** @param {Case} c @param {(c: Case) => Promise<Outcome>} play */
  async function record(c, play) {
    calls = [];
    answer = (command, payload) => {
      calls.push([command, snapshot(payload)]);
      return evaluate(c.host);
    };
    const outcome = await play(c);
    return { calls, outcome };
  }

  // Functions that operations.js shares with this file.
  page.conformance = {
    snapshot,
    visible,
    condense,
    hex,
    unhex,
    formOf,
    answer: (/** @type {typeof answer} */ host) => {
      answer = host;
    },
  };

  /** Plays a case with the official client. Returns what crossed the bridge and what the caller got. @param {Case} c */
  page.playOfficial = async (c) => condense(await record(c, playOfficial));

  /** Plays a case with our client. Also returns whether a second call sent the same. @param {Case} c */
  page.playOurs = async (c) => {
    const ours = await record(c, (c) => playOurs(c, 'text'));
    // A body can be read only once, so make the call again to read it the other way.
    const again = await record(c, (c) => playOurs(c, 'bytes'));
    const stable = JSON.stringify(ours.calls) === JSON.stringify(again.calls);
    return condense({ calls: ours.calls, outcome: { ...again.outcome, ...ours.outcome }, stable });
  };
})();
