import assert from 'node:assert/strict';
import { test } from 'node:test';

/** The requests to the host, oldest first. @type {{name: string, body: any}[]} */
let requests = [];
let socket;

/** @type {any} */ (globalThis).window = Object.assign(new EventTarget(), {
  location: { href: 'http://localhost:4000/', hash: '', pathname: '/', search: '' },
});
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null, setItem: () => {} };
/** @type {any} */ (globalThis).WebSocket = class extends EventTarget {
  constructor() {
    super();
    socket = this;
  }

  receive(message) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }
};
/** @type {any} */ (globalThis).fetch = async (path, { body }) => {
  requests.push({ name: path.replace('/_host/', ''), body: JSON.parse(body) });
  return new Response('{}', { headers: { 'content-type': 'application/json' } });
};

const { startAsk } = await import('../product/ask.js');
const { windowName } = await import('../product/socket.js');

const settled = () => new Promise((resolve) => setImmediate(resolve));

windowName().catch(() => {});
socket.receive({ type: 'window', window: 'w1' });
startAsk({
  echo: async (payload) => payload,
  token: async () => ({ text: 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln', authorization: 'Bearer abc' }),
  nothing: async () => undefined,
  leave: async (payload, afterAnswer) => afterAnswer(() => requests.push({ name: 'left', body: payload })),
  fail: async () => {
    throw new TypeError('no eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln');
  },
});

test('a page answers what a program asks', async (t) => {
  for (const [name, command, payload, want] of /** @type {any[][]} */ ([
    ['with the command’s result', 'echo', { a: [1] }, { answer: { a: [1] } }],
    ['without tokens', 'token', null, { answer: { text: '[hidden token]', authorization: '[hidden]' } }],
    ['with null for nothing', 'nothing', null, { answer: null }],
    ['with the error, without tokens', 'fail', null, { error: 'TypeError: no [hidden token]' }],
    ['with an error for another command', 'other', null, { error: /shows no module that could answer other/ }],
    ['with an error for a name of every object', 'toString', null, { error: /could answer toString/ }],
  ])) {
    await t.test(name, async () => {
      requests = [];
      socket.receive({ type: 'ask', payload: { id: 'q1', command, payload } });
      await settled();
      assert.equal(requests.length, 1);
      const [{ name: route, body }] = requests;
      assert.deepEqual([route, body.id], ['answer', 'q1']);
      if (want.error instanceof RegExp) assert.match(body.error, want.error);
      else assert.deepEqual(body, { id: 'q1', ...want });
    });
  }
});

test('a command can do something after its answer', async () => {
  requests = [];
  socket.receive({ type: 'ask', payload: { id: 'q1', command: 'leave', payload: 7 } });
  await settled();
  assert.deepEqual(requests, [
    { name: 'answer', body: { id: 'q1', answer: null } },
    { name: 'left', body: 7 },
  ]);
});

test('a window that gets the focus is the one used last', async () => {
  requests = [];
  window.dispatchEvent(new Event('focus'));
  await settled();
  assert.deepEqual(requests, [{ name: 'used', body: { window: 'w1' } }]);
});
