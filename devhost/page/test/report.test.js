import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forReport } from '../product/redact.js';
import { installHistory, installServer, settled } from './browser.js';

installHistory();
Object.assign(globalThis, { sessionStorage: { getItem: () => null } });
/** @type {any} */ (window).location = location;
const { Reporter } = await import('../product/report.js');

const jwt = 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln';

/** Returns a reporter and the requests that it has made. */
const open = (t, isOn = true) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const requests = installServer(t, () => ({}));
  return { reporter: new Reporter('panel', isOn), requests };
};

/** Returns the events of all requests, without their times. */
const sent = async (t, requests) => {
  for (let i = 0; i < 50; i += 1) {
    t.mock.timers.tick(50);
    await settled();
  }
  return requests.flatMap(({ input }) => input.events).map(({ ms, ...event }) => event);
};

test('a call', async (t) => {
  for (const [name, run, want] of /** @type {any[][]} */ ([
    [
      'succeeds',
      (call) => {
        call.note({ remote: 'api', request: 'GET /a' });
        call.note({ status: '200' });
        call.succeed({ b: 2 });
      },
      { status: 'ok', text: '200', remote: 'api', request: 'GET /a', answer: { b: 2 } },
    ],
    [
      'gets an answer with an error status',
      (call) => {
        call.note({ status: '404 Not Found' });
        call.succeed(undefined);
      },
      { status: 'failed', text: '404 Not Found' },
    ],
    [
      'fails',
      (call) => call.fail(new TypeError(`wrong ${jwt}`)),
      { status: 'failed', text: 'TypeError: wrong [hidden token]' },
    ],
    [
      'fails for a reason that the app does not get',
      (call) => call.fail(Object.assign(new TypeError('Failed to fetch'), { detail: 'the remote is down.' })),
      { status: 'failed', text: 'TypeError: Failed to fetch\nthe remote is down.' },
    ],
  ])) {
    await t.test(name, async (t) => {
      const { reporter, requests } = open(t);
      const payload = { a: 1, authorization: 'Bearer x' };
      const call = reporter.call('invoke', payload);
      payload.a = 2;
      run(call);
      assert.deepEqual(await sent(t, requests), [
        { type: 'call', name: 'invoke', module: 'panel', payload: { a: 1, authorization: '[hidden]' }, ...want },
      ]);
    });
  }
});

test('an error of the page', async (t) => {
  const { reporter, requests } = open(t);
  reporter.pageError({ name: 'error', text: `a ${jwt}`, count: 1 });
  reporter.pageError({ name: 'error', text: 'b', count: 3 });
  assert.deepEqual(await sent(t, requests), [
    { type: 'pageError', name: 'error', text: 'a [hidden token]', module: 'panel' },
    { type: 'pageError', name: 'error', text: 'b', count: 3, module: 'panel' },
  ]);
  assert.equal(requests.length, 1);
});

test('a batch is smaller than the host accepts', async (t) => {
  const { reporter, requests } = open(t);
  for (let i = 0; i < 100; i += 1) reporter.pageError({ name: 'error', text: `${i} ${'ä'.repeat(20_000)}`, count: 1 });
  assert.equal((await sent(t, requests)).length, 100);
  for (const { input } of requests) assert.ok(Buffer.byteLength(JSON.stringify(input)) < 256 << 10);
});

test('events that wait are limited', async (t) => {
  const { reporter, requests } = open(t);
  for (let i = 0; i < 2000; i += 1) reporter.pageError({ name: 'error', text: String(i), count: 1 });
  assert.equal((await sent(t, requests)).length, 1000);
});

test('nothing is reported if the host does not want it', async (t) => {
  const { reporter, requests } = open(t, false);
  reporter.call('invoke', {}).succeed({});
  reporter.pageError({ name: 'error', text: 'a', count: 1 });
  assert.deepEqual(await sent(t, requests), []);
});

test('forReport', async (t) => {
  const cycle = {};
  cycle.self = cycle;
  for (const [name, value, want] of /** @type {any[][]} */ ([
    ['nothing', undefined, undefined],
    ['a function', () => 1, '[function]'],
    ['a token', { list: [jwt] }, { list: ['[hidden token]'] }],
    ['the JSON of a body', { body: '{"password": "x", "b": 1}' }, { body: { password: '[hidden]', b: 1 } }],
  ])) {
    await t.test(name, () => assert.deepEqual(forReport(value), want));
  }
  await t.test('a long value becomes a text', () => {
    assert.equal(forReport('x'.repeat(20_000)), `"${'x'.repeat(16 * 1024 - 1)}… 3618 more characters`);
  });
  await t.test('a value that has no JSON', () => assert.match(String(forReport(cycle)), /cannot be shown/));
});

test('calls that could begin early', async (t) => {
  const { reporter, requests } = open(t);
  reporter.early({ name: '/main/', text: `getContext get:api/${jwt}` });
  const [event] = await sent(t, requests);
  assert.equal(event.type, 'early');
  assert.equal(event.name, '/main/');
  assert.equal(event.module, 'panel');
  assert.doesNotMatch(event.text, /eyJ/);
});
