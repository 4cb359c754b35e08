// clients.js makes the calls that are written in JavaScript: the calls of the official client, and the lower bound, which
// is callBridge itself with a prepared payload; copy also copies each body once between the page and a WebAssembly memory. The Go program makes the calls of the other clients, by
// globalThis.goSample: our client, and bare, which is Host.Call with a prepared payload.

// @ts-check
(() => {
  'use strict';

  // These types are defined in spec/spec.go.
  /** @typedef {{op: string, read: string, calls: number, atOnce: number, keep: boolean}} Sample */
  /** @typedef {{milliseconds: number, bytes: number}} Result */

  const page = /** @type {any} */ (globalThis);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  /** The body of a request, as text and as an object. */
  let text = '{}';
  /** @type {any} */
  let value = {};

  const path = '/tasks?project=FORGE&limit=50';
  const headers = { accept: 'application/json', 'content-type': 'application/json' };

  /** @type {() => Promise<Response>} */
  const requested = () =>
    page.official.requestRemote('tasks-api', { path, method: 'POST', headers: { ...headers }, body: text });
  /** @type {(body: unknown) => Promise<{body: any}>} */
  const invoked = (body) => page.official.invokeRemote({ path, method: 'POST', headers: { ...headers }, body });

  /** @type {unknown} */
  let fetchPayload;
  /** @type {unknown} */
  let invokePayload;
  /** @type {(payload: unknown) => Promise<{body: string}>} */
  const bareFetch = (payload) => page.__bridge.callBridge('fetchRemote', payload);
  /** @type {(payload: unknown) => Promise<{payload: {body: any}}>} */
  const bareInvoke = (payload) => page.__bridge.callBridge('invoke', payload);

  /** The body of a request in a memory as programs have it, and room for that of the answer. */
  let sent = new Uint8Array();
  let room = sent;
  /** @param {string} body @returns {{length: number, items: any}} what counts needs */
  const copied = (body) => ({ length: encoder.encodeInto(body, room).read, items: value.items });
  const copiedFetch = async () => {
    const fetchRequestInit = { .../** @type {any} */ (fetchPayload).fetchRequestInit, body: decoder.decode(sent) };
    return copied((await bareFetch({ .../** @type {any} */ (fetchPayload), fetchRequestInit })).body);
  };
  // For invoke, the bodies must become objects and texts too.
  const copiedInvoke = async () => {
    const body = JSON.parse(decoder.decode(sent));
    return copied(JSON.stringify((await bareInvoke({ .../** @type {any} */ (invokePayload), body })).payload.body));
  };

  /** One call of each kind. Each returns what was read. @type {Record<string, Record<string, () => Promise<any>>>} */
  const clients = {
    'official requestRemote': {
      text: async () => (await requested()).text(),
      bytes: async () => new Uint8Array(await (await requested()).arrayBuffer()),
      value: async () => {
        const response = await page.official.requestRemote('tasks-api', {
          path,
          method: 'POST',
          headers: { ...headers },
          body: JSON.stringify(value),
        });
        return response.json();
      },
    },
    // Its body is an object, and the answer's body is an object too.
    'official invokeRemote': {
      text: async () => JSON.stringify((await invoked(value)).body),
      bytes: async () => encoder.encode(JSON.stringify((await invoked(value)).body)),
      value: async () => (await invoked(value)).body,
    },
    // The same for a caller who has the body as text, as the Go program has.
    'parsing invokeRemote': {
      text: async () => JSON.stringify((await invoked(JSON.parse(text))).body),
      bytes: async () => encoder.encode(JSON.stringify((await invoked(JSON.parse(text))).body)),
    },
    'floor requestRemote': {
      text: async () => (await bareFetch(fetchPayload)).body,
      bytes: async () => encoder.encode((await bareFetch(fetchPayload)).body),
      value: async () => JSON.parse((await bareFetch(fetchPayload)).body),
    },
    'floor invokeRemote': {
      text: async () => JSON.stringify((await bareInvoke(invokePayload)).payload.body),
      bytes: async () => encoder.encode(JSON.stringify((await bareInvoke(invokePayload)).payload.body)),
      value: async () => (await bareInvoke(invokePayload)).payload.body,
    },
    'copy requestRemote': { text: copiedFetch, bytes: copiedFetch, value: copiedFetch },
    'copy invokeRemote': { text: copiedInvoke, bytes: copiedInvoke, value: copiedInvoke },
  };

  /** The amount that was read, counted as the Go program counts it. @type {Record<string, (read: any) => number>} */
  const counts = { text: (read) => read.length, bytes: (read) => read.length, value: (read) => read.items.length };

  /** What was read, if it is kept. @type {unknown[]} */
  let kept = [];

  /** Makes calls, sample.atOnce at a time, as the Go program does. @param {() => Promise<any>} call @param {Sample} sample @returns {Promise<Result>} */
  async function run(call, { read, calls, atOnce, keep }) {
    const count = counts[read];
    let bytes = 0;
    const start = performance.now();
    if (atOnce === 1) {
      for (let done = 0; done < calls; done++) {
        const answer = await call();
        bytes += count(answer);
        if (keep) kept.push(answer);
      }
    } else {
      for (let done = 0; done < calls; done += atOnce) {
        const batch = [];
        for (let i = 0; i < atOnce; i++) batch.push(call());
        const answers = await Promise.all(batch);
        for (const answer of answers) bytes += count(answer);
        if (keep) kept.push(...answers);
      }
    }
    return { milliseconds: performance.now() - start, bytes };
  }

  /** @param {string} client @param {Sample} sample @returns {Promise<Result>} */
  async function start(client, sample) {
    kept = [];
    if (client === 'worker') return JSON.parse(await inWorker.goSample(JSON.stringify(sample)));
    if (client === 'ours' || client === 'bare') {
      return JSON.parse(await page.goSample(JSON.stringify({ ...sample, bare: client === 'bare' })));
    }
    return run(clients[client + ' ' + sample.op][sample.read], sample);
  }

  /** The functions of the same program in a worker. @type {any} */
  let inWorker;

  /** A sample whose calls the host holds. @type {Promise<Result> | undefined} */
  let pending;

  page.bench = {
    /** Sets the body of the following calls, in all clients and in the host. @param {{shape: string, text: string}} body */
    async prepare(body) {
      text = body.text;
      value = JSON.parse(text);
      fetchPayload = {
        remoteKey: 'tasks-api',
        fetchRequestInit: { path, method: 'POST', headers: Object.entries(headers), body: text },
        isMultipartFormData: false,
      };
      invokePayload = { path, method: 'POST', headers, body: value, invokeType: 'ui-remote-fetch' };
      const most = 3 * text.length; // in UTF-8
      const memory = new WebAssembly.Memory({ initial: Math.ceil((2 * most) / 65536) });
      const { written } = encoder.encodeInto(text, new Uint8Array(memory.buffer, 0, most));
      sent = new Uint8Array(memory.buffer, 0, written);
      room = new Uint8Array(memory.buffer, most);
      page.benchHost.prepare(text);
      await page.goPrepare(JSON.stringify(body));
      await inWorker?.goPrepare(JSON.stringify(body));
    },

    /** Starts the program in a worker too. */
    async startWorker() {
      const module = new URL('worker/forgego.module.js', location.href).href;
      const { load } = await import(module);
      inWorker = (await load('worker/app.wasm', { worker: true })).exports;
    },

    /** Returns how long each task of the page took that took longer than 50 ms during a sample, in ms. @param {string} client @param {Sample} sample */
    async longTasks(client, sample) {
      /** @type {number[]} */
      const tasks = [];
      const add = (/** @type {PerformanceEntry[]} */ entries) => tasks.push(...entries.map(({ duration }) => duration));
      const observer = new PerformanceObserver((list) => add(list.getEntries()));
      observer.observe({ type: 'longtask' });
      await start(client, sample);
      await new Promise((resolve) => setTimeout(resolve, 200)); // the browser tells about them later
      add(observer.takeRecords());
      observer.disconnect();
      return tasks;
    },

    /** Makes a sample. @param {string} client @param {Sample} sample */
    async sample(client, sample) {
      page.benchHost.received();
      const result = await start(client, sample);
      return { ...result, sent: page.benchHost.received() };
    },

    /** Starts a sample whose calls the host holds. Resolves when the host has all of them. @param {string} client @param {Sample} sample */
    async begin(client, sample) {
      page.benchHost.hold();
      pending = start(client, sample);
      for (let i = 0; page.benchHost.waiting < sample.calls; i++) {
        if (i === 1000) throw new Error('the host has ' + page.benchHost.waiting + ' calls');
        await new Promise((resolve) => setTimeout(resolve));
      }
    },

    /** Makes the host answer the calls that it holds. @returns {Promise<Result | undefined>} */
    async end() {
      page.benchHost.release();
      const result = await pending;
      pending = undefined;
      return result;
    },
  };
})();
