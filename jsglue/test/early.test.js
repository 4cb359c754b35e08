import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { beginEarly } from '../early.js';

let calls;
let answers;
beforeEach(() => {
  calls = [];
  answers = 0;
  /** @type {any} */ (globalThis).__bridge = {
    callBridge: async (...call) => {
      calls.push(call);
      answers += 1;
      return answers;
    },
  };
});

const tasks = { path: '/tasks?a=1', headers: [], body: null };

test('a name starts a call', async (t) => {
  for (const [name, command, payload] of /** @type {any[][]} */ ([
    ['getContext', 'getContext', undefined],
    ['get:api/tasks?a=1', 'fetchRemote', { remoteKey: 'api', fetchRequestInit: tasks, isMultipartFormData: false }],
    ['token:api', 'signInvocationTokenForUI', { remoteKey: 'api' }],
  ])) {
    await t.test(name, async () => {
      const early = beginEarly([name]);
      assert.deepEqual(calls, [[command, payload]]);
      assert.equal(await early.take(command, payload), 1);
      assert.equal(early.take(command, payload), undefined, 'an answer is used once');
      assert.equal(calls.length, 1);
    });
  }
});

test('a name is refused', async (t) => {
  for (const name of ['post:api/tasks', 'get:api', 'get:/tasks', 'token:api/tasks', 'token:', 'getcontext', '']) {
    await t.test(`“${name}”`, () => {
      assert.throws(
        () => beginEarly([name]),
        (/** @type {any} */ error) => error.message.startsWith(`"${name}" in data-early`),
      );
      assert.deepEqual(calls, []);
    });
  }
});

test('the same call is started once', () => {
  beginEarly(['getContext', 'getContext']);
  assert.equal(calls.length, 1);
});

test('without a bridge no call is started', () => {
  delete globalThis.__bridge;
  assert.equal(beginEarly(['getContext']).take('getContext', undefined), undefined);
});

test('the program gets an answer', async (t) => {
  const payload = (init) => ({ remoteKey: 'api', fetchRequestInit: { ...init }, isMultipartFormData: false });
  await t.test('also if it names the default method', async () => {
    const early = beginEarly(['get:api/tasks?a=1']);
    assert.equal(await early.take('fetchRemote', payload({ method: 'GET', ...tasks })), 1);
  });
  for (const [name, init] of /** @type {any[][]} */ ([
    ['another method', { method: 'POST', ...tasks }],
    ['another path', { ...tasks, path: '/tasks' }],
    ['a header', { ...tasks, headers: [['a', 'b']] }],
  ])) {
    await t.test(`but not for a call with ${name}`, () => {
      assert.equal(beginEarly(['get:api/tasks?a=1']).take('fetchRemote', payload(init)), undefined);
    });
  }
  for (const [name, age, isUsed] of /** @type {any[][]} */ ([
    ['of up to 20 s', 20_000, true],
    ['but not an older one', 20_001, false],
  ])) {
    await t.test(name, (t) => {
      let now = 1_000_000;
      t.mock.method(Date, 'now', () => now);
      const early = beginEarly(['getContext']);
      now += age;
      assert.equal(early.take('getContext', undefined) !== undefined, isUsed);
    });
  }
});

test('the program gets the error of a call', async (t) => {
  for (const [name, fail] of /** @type {any[][]} */ ([
    ['that is rejected', () => Promise.reject(new Error('no'))],
    [
      'that throws',
      () => {
        throw new Error('no');
      },
    ],
  ])) {
    await t.test(name, async () => {
      /** @type {any} */ (globalThis).__bridge = { callBridge: fail };
      const early = beginEarly(['getContext']);
      await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection would end the test
      await assert.rejects(async () => early.take('getContext', undefined), { message: 'no' });
    });
  }
});

test('at the end the console names what the program did not use', async (t) => {
  const warnings = t.mock.method(console, 'warn', () => {});
  const early = beginEarly(['getContext', 'token:api']);
  early.take('getContext', undefined);
  early.end();
  early.end();
  assert.equal(warnings.mock.callCount(), 1);
  assert.match(warnings.mock.calls[0].arguments[0], /^"token:api" was called early/);
  assert.equal(early.take('signInvocationTokenForUI', { remoteKey: 'api' }), undefined);
});
