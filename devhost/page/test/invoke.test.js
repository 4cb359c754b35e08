import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer } from './browser.js';

installHistory();
/** @type {any} */ (window).location = location;
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null };

let copies = 0;

/** Returns a function that performs invoke, in a page that has just been loaded, and what the command notes. */
const load = async () => {
  copies += 1;
  const { invoke } = await import(`../product/invoke.js?copy=${copies}`);
  const notes = [];
  const place = { url: 'http://app.localhost:4001/main/', view: 'edit' };
  return {
    notes,
    perform: (payload) => invoke(payload, { moduleKey: 'panel', place, note: (about) => notes.push(about) }),
  };
};

test('invoke refuses', async (t) => {
  const headers = { 'x-a': 1 };
  for (const [name, payload, code] of /** @type {any[][]} */ ([
    ['an unknown type', { invokeType: 'other' }, 'UNSUPPORTED_INVOKE'],
    ['invokeRemote without a path', { invokeType: 'ui-remote-fetch' }, 'INVALID_REQUEST'],
    ['invokeService without a path', { invokeType: 'ui-container-fetch', path: 1 }, 'INVALID_REQUEST'],
    ['a header that is no text', { invokeType: 'ui-remote-fetch', path: '/', headers }, 'INVALID_REQUEST'],
  ])) {
    await t.test(name, async (t) => {
      const requests = installServer(t, () => ({ success: true }));
      const { perform } = await load();
      await assert.rejects(perform(payload), { code });
      assert.equal(requests.length, 0);
    });
  }
});

test('invokeRemote', async (t) => {
  const payload = { invokeType: 'ui-remote-fetch', path: '/x', method: 'POST', headers: { 'x-a': '1' }, body: 'b' };
  await t.test('asks the server and returns its answer', async (t) => {
    const requests = installServer(t, () => ({ success: true, payload: { status: 201 }, to: 'api' }));
    const { perform, notes } = await load();
    assert.deepEqual(await perform(payload), { success: true, payload: { status: 201 } });
    assert.deepEqual(requests, [
      {
        name: 'invoke',
        input: {
          moduleKey: 'panel',
          view: 'edit',
          invokeType: 'ui-remote-fetch',
          input: { path: '/x', method: 'POST', headers: { 'x-a': '1' }, body: 'b' },
        },
      },
    ]);
    assert.deepEqual(notes, [{ request: 'POST /x' }, { remote: 'api' }, { status: '201' }]);
  });
  await t.test('throws the error of a failed invocation', async (t) => {
    installServer(t, () => ({ success: false, error: { message: 'no', code: 'E_NO', detail: 'why' } }));
    const { perform } = await load();
    await assert.rejects(perform(payload), { message: 'no', code: 'E_NO', detail: 'why' });
  });
});

test('invoke of a function', async (t) => {
  const call = { functionKey: 'getText', payload: { a: 1 } };
  for (const [name, payload, want] of /** @type {any[][]} */ ([
    ['returns the result', call, 'text'],
    ['wraps the result if metadata is requested', { ...call, metadata: {} }, { body: 'text', metadata: {} }],
  ])) {
    await t.test(name, async (t) => {
      const requests = installServer(t, () => ({ result: 'text', from: 'forgego.yml' }));
      const { perform, notes } = await load();
      assert.deepEqual(await perform(payload), want);
      assert.deepEqual(requests, [
        {
          name: 'function',
          input: {
            moduleKey: 'panel',
            view: 'edit',
            functionKey: 'getText',
            payload: { a: 1 },
            origin: 'http://app.localhost:4001',
          },
        },
      ]);
      assert.deepEqual(notes, [{ remote: 'resolver', request: 'getText' }, { status: 'done (forgego.yml)' }]);
    });
  }
});

test('the rate limit counts the calls of the last minute', async (t) => {
  installServer(t, () => ({ result: null }));
  const { perform } = await load();
  const clock = { now: 1_000_000_000, steady: 5000 };
  t.mock.method(Date, 'now', () => clock.now);
  t.mock.method(performance, 'now', () => clock.steady);
  const state = async () =>
    (await perform({ functionKey: 'f', metadata: { rateLimitProperties: true } })).metadata.rateLimitProperties;
  for (const [name, wait, setBack, remaining, reset] of /** @type {any[][]} */ ([
    ['the first call', 0, 0, 1199, 1_000_060],
    ['a second later', 1000, 0, 1198, 1_000_060],
    ['when the first call is a minute old', 59_000, 0, 1198, 1_000_061],
    ['when the wall clock is set back', 1000, 3_600_000, 1198, 1_000_120 - 3600],
  ])) {
    await t.test(name, async () => {
      clock.now += wait - setBack;
      clock.steady += wait;
      assert.deepEqual(await state(), { rateLimitValue: 1200, rateLimitRemaining: remaining, rateLimitReset: reset });
    });
  }
});

test('the rate limit does not go below 0', async (t) => {
  installServer(t, () => ({ result: null }));
  const { perform } = await load();
  let last;
  for (let i = 0; i < 1201; i += 1) last = await perform({ functionKey: 'f', metadata: { rateLimitProperties: true } });
  assert.equal(last.metadata.rateLimitProperties.rateLimitRemaining, 0);
});
