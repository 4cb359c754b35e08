// host.js is the other end of the bridge for all clients. It answers every call with a promise that is already fulfilled,
// with an answer of the size that the benchmark sets. It creates the objects of the answer for each call, as a host behind
// postMessage does, but it reuses the texts. The host can be put behind postMessage itself for a while.

// @ts-check
(() => {
  'use strict';

  const page = /** @type {any} */ (globalThis);

  /** Header fields as a remote behind a proxy sends them. */
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
  /** The number of bytes in bodies, or of items in objects, that were received since the last count. */
  let received = 0;
  /** The answers that are held, or undefined if none are. @type {(() => void)[] | undefined} */
  let held;
  /** Whether all calls are refused. */
  let refusing = false;
  /** Whether calls and answers go through postMessage, as between an app's frame and the product's page. */
  let posting = false;

  const host = {
    /** @param {string} body a JSON object with a list "items" */
    prepare(body) {
      text = body;
      encoded = new TextEncoder().encode(body);
      value = JSON.parse(body);
    },

    /** Returns the amount received since the last call. */
    received() {
      const count = received;
      received = 0;
      return count;
    },

    /** Holds all answers from now on. */
    hold() {
      held = [];
    },

    /** The number of held answers. */
    get waiting() {
      return held?.length ?? 0;
    },

    /** Refuses all calls, or none. @param {boolean} yes */
    refuse(yes) {
      refusing = yes;
    },

    /** Sends calls and answers through postMessage, or directly. @param {boolean} yes */
    post(yes) {
      posting = yes;
    },

    /** Sends the held answers. */
    release() {
      const answers = held ?? [];
      held = undefined;
      for (const answer of answers) answer();
    },
  };

  /** @param {string} command @param {string} body */
  function answer(command, body) {
    if (command === 'fetchRemote') {
      return { body, headers: { ...header }, status: 200, statusText: 'OK', isAttachment: false };
    }
    /** @type {Record<string, string[]>} */
    const headers = {};
    for (const [name, field] of fields) headers[name] = [field];
    return { success: true, payload: { status: 200, headers, body: value } };
  }
  const fields = Object.entries(header);

  const { port1: near, port2: far } = new MessageChannel();
  /** The callers that wait for an answer through postMessage, by call number. @type {Map<number, (answer: unknown) => void>} */
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
      // The memory of held answers is measured, so each one needs its own text.
      return new Promise((resolve) => held?.push(() => resolve(answer(command, decoder.decode(encoded)))));
    },
  };
})();
