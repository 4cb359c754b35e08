// operations.js plays the cases of spec/operation.go with each client. It creates a new official client for each case. Our
// client is globalThis.goStep of the Go program.

// @ts-check
(() => {
  'use strict';

  // These types are defined in spec/operation.go.
  /** @typedef {{call?: string, on?: string, as?: string, args?: string, js?: string, view?: string, times?: number, void?: boolean, back?: string}} Step */
  /** @typedef {{name: string, steps: Step[], host?: string, fetch?: string, page?: string}} Operation */
  /** @typedef {{failed?: boolean, error?: string, message?: string, value?: unknown}} Result */
  /** @typedef {{begin: (c: Operation) => Promise<void>, step: (step: Step) => Promise<Result>, heard: () => Promise<unknown[]>}} Caller */

  const page = /** @type {any} */ (globalThis);
  const { snapshot, visible, condense, hex, unhex } = page.conformance;
  const realFetch = page.fetch.bind(page);
  const script = realFetch('official.js').then((/** @type {Response} */ response) => response.text());

  // Use a message, because a browser delays repeated timeouts by 4 ms each.
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  const turn = () =>
    /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(null);
      })
    );

  /** Waits until everything that is ready has run. */
  const settle = async () => {
    for (let i = 0; i < 6; i++) await turn();
  };

  /** A value as a caller sees it, in JSON, with the content of a Blob, a URL or a Response. @param {any} value @returns {Promise<unknown>} */
  async function seen(value) {
    if (value instanceof Blob) return { $blob: [value.type, hex(new Uint8Array(await value.arrayBuffer()))] };
    if (value instanceof URL) return { $url: value.href };
    if (value instanceof Error) return { $error: value.message };
    if (value instanceof Response) {
      const { status, statusText, ok } = value;
      return { status, statusText, ok, headers: [...value.headers], body: visible(await value.text()) };
    }
    if (Array.isArray(value)) return Promise.all(value.map(seen));
    if (value instanceof Promise) return seen(await value);
    if (value === undefined) return '[undefined]';
    const plain =
      typeof value === 'object' && value !== null && [null, Object.prototype].includes(Object.getPrototypeOf(value));
    if (!plain) return snapshot(value);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      await Promise.all(members.map(async ([name, member]) => [visible(name), await seen(member)])),
    );
  }

  // --- The official client ------------------------------------------------------------------------------------------

  const classes = ['Modal', 'FeatureFlags', 'ViewIssueModal', 'CreateIssueModal'];

  /** What a callback of the official client returns. @param {{returns?: unknown, fails?: string}} value */
  const outcome = ({ returns, fails }) => {
    if (fails !== undefined) throw new Error(fails);
    return returns;
  };

  /**
   * What a callback does with a form of Jira: each is the id of a field, or of a tab after "tab:", a method and its arguments.
   * The method "read" hears what all getters return.
   *
   * @param {any} api @param {[string, string, ...unknown[]][]} changes @param {(what: unknown[]) => void} hear
   */
  const change = (api, changes, hear) => {
    for (const [id, method, ...args] of changes) {
      const isTab = id.startsWith('tab:');
      const target = isTab ? api.getScreenTabById(id.slice(4)) : api.getFieldById(id);
      if (method !== 'read') target[method](...args);
      else if (!target) hear([id, null]);
      else if (isTab) hear([target.getId(), target.isVisible()]);
      else {
        const { getId, getType, getName, getDescription, isVisible, isReadOnly, isRequired, getValue } = target;
        const getters = [getId, getType, getName, getDescription, isVisible, isReadOnly, isRequired, getValue];
        hear([...getters.map((get) => get()), target.getOptionsVisibility() ?? null]);
      }
    }
  };

  /** @returns {Caller} */
  function officialCaller() {
    /** @type {any} */
    let official;
    /** @type {Map<string, any>} */
    const kept = new Map();
    /** @type {unknown[]} */
    const heard = [];

    /** The value with real functions and blobs in place of their JSON forms. @param {any} value @returns {any} */
    const revive = (value) => {
      if (Array.isArray(value)) return value.map(revive);
      if (typeof value !== 'object' || value === null) return value;
      if ('$function' in value) {
        return (/** @type {unknown[]} */ ...args) => {
          heard.push([value.$function, seen(args)]);
          return outcome(value);
        };
      }
      if ('$changes' in value) {
        return async (/** @type {any} */ { api, change: { current } = {}, uiModifications }) => {
          const hear = (/** @type {unknown[]} */ what) => heard.push(['form', what]);
          hear([uiModifications, current?.getId() ?? null, api.getFields().length, api.getScreenTabs().length]);
          change(api, value.$changes, hear);
          outcome(value);
        };
      }
      if ('$fields' in value) return () => value.$fields;
      if ('$blob' in value) return new Blob([unhex(value.$blob[1])], { type: value.$blob[0] });
      if ('$data' in value) return page.conformance.formOf(value.$data);
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revive(member)]));
    };

    /** @param {Step} step */
    const call = async ({ call = '', on = '', args = '[]', js }) => {
      const list =
        js === undefined
          ? revive(JSON.parse(args))
          : Function('revive', 'official', `return (${js})`)(revive, official);
      if (classes.includes(call)) return new official[call](...list);
      if (call === '.') return kept.get(on)(...list);
      const path = call.split('.');
      const last = /** @type {string} */ (path.pop());
      const target = path[0] === '' ? kept.get(on) : path.reduce((object, name) => object[name], official);
      return typeof target[last] === 'function' ? target[last](...list) : target[last];
    };

    return {
      async begin({ steps }) {
        Function(await script)();
        const [name] = (steps[0].call ?? '').split('.');
        official = name in page.official ? page.official : page.officialProducts();
      },
      async step(step) {
        try {
          let value;
          for (let i = 0; i < (step.times ?? 1); i++) value = await call(step);
          const name = step.as ?? '';
          const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null);
          if (isObject && (name !== '' || !kept.has(''))) kept.set(name, value);
          if (step.void) return {};
          const view = step.view === undefined ? undefined : Function(`return (${step.view})`)();
          return { value: await seen(view ? await view(value) : value) };
        } catch (error) {
          if (!(error instanceof Error)) return { failed: true, error: typeof error, message: String(error) };
          return { failed: true, error: error.name, message: error.message };
        }
      },
      heard: () => Promise.all(heard.map((entry) => seen(entry))),
    };
  }

  // --- Ours ---------------------------------------------------------------------------------------------------------

  /** @returns {Caller} */
  const ourCaller = () => ({
    async begin() {
      await page.goBegin();
    },
    async step(step) {
      try {
        return JSON.parse(await page.goStep(JSON.stringify(step)));
      } catch (error) {
        return { failed: true, error: 'the Go program', message: String(error) };
      }
    },
    async heard() {
      return JSON.parse(await page.goHeard());
    },
  });

  // --- Both ---------------------------------------------------------------------------------------------------------

  /**
   * The number of calls and the number of callback calls after a step.
   * @typedef {{calls: number, heard: number}} Mark
   */

  /**
   * Plays a case. If marks are set, waits after each step until the numbers in its mark are reached. Later steps do not wait
   * again for what is missing then.
   *
   * @param {Operation} c @param {Caller} caller @param {Mark[]} [marks] @param {number} [turns] how long it waits at most, in turns of 5 ms
   */
  async function perform(c, caller, marks, turns = 0) {
    /** @type {[string, unknown][]} */
    const calls = [];
    /** @type {unknown[]} */
    const payloads = [];
    /** The bodies of the page's requests that are being read. @type {Promise<void>[]} */
    const bodies = [];
    const note = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) => {
      calls.push([`(host) ${name}`, snapshot(args)]);
    };
    /** @param {string | undefined} text @returns {any} */
    const evaluate = (text) => text && Function('note', 'payloads', `return (${text})`)(note, payloads);
    const attempt = async (/** @type {string} */ text) => {
      try {
        await evaluate(text);
      } catch (error) {
        note('failed', String(error));
      }
    };
    const host = evaluate(c.host) ?? (() => undefined);
    const undo = evaluate(c.page)?.();
    page.conformance.answer((/** @type {string} */ command, /** @type {unknown} */ payload) => {
      calls.push([command, snapshot(payload)]);
      payloads.push(payload);
      return host(command, payload);
    });
    const answerFetch = evaluate(c.fetch);
    page.fetch = async (/** @type {RequestInfo} */ input, /** @type {RequestInit} */ init) => {
      const request = new Request(input, init);
      const url = request.url.replace(document.baseURI, './');
      // At once, because the order in which two bodies are read is not that of the calls.
      const sent = { method: request.method, url, headers: [...request.headers], body: '' };
      calls.push(['(fetch)', sent]);
      const read = async () => {
        sent.body = hex(new Uint8Array(await request.clone().arrayBuffer()));
      };
      const reading = read();
      bodies.push(reading);
      await reading;
      if (!answerFetch) throw new TypeError('Failed to fetch');
      return answerFetch(request);
    };
    /** @type {Result[]} */
    const results = [];
    /** @type {Mark[]} */
    const made = [];
    let missing = { calls: 0, heard: 0 };
    try {
      await caller.begin(c);
      for (const [i, step] of c.steps.entries()) {
        if (step.back === undefined) results.push(await caller.step(step));
        else await attempt(step.back);
        await settle();
        const expected = marks?.[i] ?? { calls: 0, heard: 0 };
        const known = missing;
        for (let turn = 0; ; turn++) {
          const mark = { calls: calls.length, heard: (await caller.heard()).length };
          missing = { calls: expected.calls - mark.calls, heard: expected.heard - mark.heard };
          if ((missing.calls <= known.calls && missing.heard <= known.heard) || turn === turns) {
            made.push(mark);
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        missing = { calls: Math.max(0, missing.calls), heard: Math.max(0, missing.heard) };
      }
      await Promise.all(bodies);
      return { calls, heard: await caller.heard(), results, marks: made };
    } finally {
      page.fetch = realFetch;
      undo?.();
    }
  }

  /** Plays a case with the official client. @param {Operation} c */
  page.performOfficial = async (c) => condense(await perform(c, officialCaller()));

  /**
   * Plays a case with our client.
   *
   * @param {Operation} c @param {Mark[]} marks those of the official client
   * @param {number} turns how long it waits for as many calls as the official client makes, in turns of 5 ms
   */
  page.performOurs = async (c, marks, turns) => condense(await perform(c, ourCaller(), marks, turns));

  /** The names of all functions of the official packages, and of its namespaces and classes. */
  page.officialFunctions = () => {
    /** @type {string[]} */
    const names = [];
    /** @param {string} path @param {any} value */
    const walk = (path, value) => {
      if (typeof value === 'object' && value !== null) {
        for (const name of Object.keys(value)) walk(`${path}.${name}`, value[name]);
      }
      if (typeof value !== 'function') return;
      names.push(path);
      for (const name of Object.getOwnPropertyNames(value.prototype ?? {})) {
        if (name !== 'constructor') names.push(`${path}.${name}`);
      }
    };
    const all = { ...page.official, ...page.officialProducts() };
    for (const name of Object.keys(all)) walk(name, all[name]);
    return names;
  };
})();
