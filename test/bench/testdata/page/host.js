// host.js is the far end of the bridge for all clients. Every call is answered by a promise that is fulfilled already,
// with an answer of the size that the benchmark asks for. The answer's objects are made anew for each call, as a host
// behind postMessage makes them; its texts are not. For a while, the host can be behind postMessage itself.

// @ts-check
(() => {
  'use strict';

  const page = /** @type {any} */ (globalThis);

  /** Fields as a remote behind a proxy sends them. */
  const header = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-store',
    date: 'Tue, 03 Nov 2026 09:41:00 GMT',
    etag: 'W/"3f2a-9b1c7d"',
    vary: 'Origin, Accept-Encoding',
    'x-request-id': '7d0c2f8a-51f3-4a0e-8c55-0b8f3d0f6a11',
  };

  /** The body of every request and of every answer, as text and as an object. */
  let text = '{}';
  /** @type {unknown} */
  let value = {};
  let encoded = new Uint8Array();
  const decoder = new TextDecoder();
  /** How many bytes of bodies, or items of objects, have come since the last count. */
  let received = 0;
  /** Answers that are kept back, while they are. @type {(() => void)[] | undefined} */
  let held;
  /** Whether all calls are refused. */
  let refusing = false;
  /** Whether calls and answers go through postMessage, as between an app's frame and the product's page. */
  let posting = false;

  const host = {
    /** @param {string} body a JSON object with a list "items", of ASCII characters */
    prepare(body) {
      text = body;
      encoded = new TextEncoder().encode(body);
      value = JSON.parse(body);
    },

    /** Gives how much has come since it was last asked. */
    received() {
      const count = received;
      received = 0;
      return count;
    },

    /** Keeps back all answers from now on. */
    hold() {
      held = [];
    },

    /** How many answers are kept back. */
    get waiting() {
      return held?.length ?? 0;
    },

    /** Refuses all calls, or none. @param {boolean} yes */
    refuse(yes) {
      refusing = yes;
    },

    /** Has calls and answers go through postMessage, or not. @param {boolean} yes */
    post(yes) {
      posting = yes;
    },

    /** Gives the answers that were kept back. */
    release() {
      const answers = held ?? [];
      held = undefined;
      for (const answer of answers) answer();
    },
  };

  /** @param {string} command @param {string} body */
  function answer(command, body) {
    if (command === 'fetchRemote') return { body, headers: { ...header }, status: 200, statusText: 'OK', isAttachment: false };
    /** @type {Record<string, string[]>} */
    const headers = {};
    for (const [name, field] of fields) headers[name] = [field];
    return { success: true, payload: { status: 200, headers, body: value } };
  }
  const fields = Object.entries(header);

  const { port1: near, port2: far } = new MessageChannel();
  /** Who waits for an answer from afar, by the call's number. @type {Map<number, (answer: unknown) => void>} */
  const waiting = new Map();
  let calls = 0;
  near.onmessage = ({ data: { id, answer } }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  };
  far.onmessage = ({ data: { id, command } }) => far.postMessage({ id, answer: answer(command, text) });

  /** @param {string} command @param {unknown} payload */
  function post(command, payload) {
    const id = ++calls;
    near.postMessage({ id, command, payload });
    return new Promise((resolve) => waiting.set(id, resolve));
  }

  page.benchHost = host;
  page.__bridge = {
    /** @param {string} command @param {any} payload */
    callBridge(command, payload) {
      received += command === 'fetchRemote' ? payload.fetchRequestInit.body.length : payload.body.items.length;
      if (refusing) return Promise.reject(new Error('the host refuses'));
      if (posting) return post(command, payload);
      if (!held) return Promise.resolve(answer(command, text));
      // What is kept back is counted, so that it must not be one text for all.
      return new Promise((resolve) => held?.push(() => resolve(answer(command, decoder.decode(encoded)))));
    },
  };
})();
