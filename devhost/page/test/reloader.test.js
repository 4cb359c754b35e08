import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reloader } from '../product/reloader.js';
import { settled } from './browser.js';

/** Returns a reloader whose page has loaded, and a log of its steps. */
const open = (
  t,
  leave = /** @type {() => Promise<unknown>} */ (async () => 'state'),
  state = /** @type {unknown} */ (undefined),
) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const log = [];
  const reloader = new Reloader(
    {
      leave: () => {
        log.push('leave');
        return leave();
      },
      replace: () => log.push('replace'),
      restore: (kept) => log.push(`restore ${kept}`),
    },
    state,
  );
  return { reloader, log };
};

test('the state crosses a reload', async (t) => {
  const { reloader, log } = open(t);
  reloader.connected();
  reloader.loaded();
  await reloader.request();
  reloader.connected();
  reloader.loaded();
  assert.deepEqual(log, ['leave', 'restore state']);
});

test('a page that loads slowly gets the state when it connects, once', async (t) => {
  const { reloader, log } = open(t);
  reloader.loaded();
  await reloader.request();
  t.mock.timers.tick(60_000);
  reloader.connected();
  reloader.connected();
  assert.deepEqual(log, ['leave', 'restore state']);
});

test('a page that the app itself loads gets no state', async (t) => {
  const { reloader, log } = open(t);
  reloader.loaded();
  await reloader.request();
  reloader.loaded();
  reloader.connected();
  assert.deepEqual(log, ['leave']);
});

test('the first page gets the state of the product page before', (t) => {
  const { reloader, log } = open(t, undefined, 'carried');
  reloader.connected();
  assert.deepEqual(log, ['restore carried']);
});

test('requests while the page loads become one more reload', async (t) => {
  const { reloader, log } = open(t);
  for (let i = 0; i < 5; i += 1) reloader.request();
  assert.deepEqual(log, [], 'the first page loads');
  reloader.loaded();
  await settled();
  for (let i = 0; i < 5; i += 1) reloader.request();
  assert.deepEqual(log, ['leave']);
  reloader.loaded();
  await settled();
  reloader.loaded();
  await settled();
  assert.deepEqual(log, ['leave', 'leave']);
});

test('a page without an answer is loaded from outside', async (t) => {
  for (const [name, leave] of /** @type {any[][]} */ ([
    ['because it has no bridge', () => Promise.reject(new Error('no bridge'))],
    ['because it is busy', () => new Promise(() => {})],
  ])) {
    await t.test(name, async (t) => {
      const { reloader, log } = open(t, leave, 'kept');
      reloader.loaded();
      const done = reloader.request();
      t.mock.timers.tick(10_000);
      await done;
      reloader.connected();
      assert.deepEqual(log, ['leave', 'replace', 'restore kept']);
    });
  }
});

test('a page that does not finish loading can be reloaded after 5 s', async (t) => {
  const { reloader, log } = open(t);
  reloader.request();
  t.mock.timers.tick(4999);
  await settled();
  assert.deepEqual(log, []);
  t.mock.timers.tick(1);
  await settled();
  assert.deepEqual(log, ['leave']);
});
