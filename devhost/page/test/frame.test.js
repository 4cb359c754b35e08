import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectFrame } from '../product/frame.js';
import { Peer } from '../wire.js';
import { settled } from './browser.js';

const appOrigin = 'http://app.localhost:4001';
const hello = { type: 'forgego:hello', nonce: '1-2-3' };

/** Shows an app in a frame. The app's window keeps the messages that it gets. */
const open = (
  t,
  /** @type {import('../wire.js').Handler} */ handler = () => undefined,
  /** @type {any} */ signals = undefined,
) => {
  /** @type {any} */ (globalThis).window = new EventTarget();
  const posted = [];
  const appWindow = { postMessage: (data, origin, ports) => posted.push({ data, origin, ports }) };
  /** @type {any} */
  const iframe = Object.assign(new EventTarget(), { contentWindow: appWindow });
  const states = [];
  let loads = 0;
  const onLoad = () => {
    loads += 1;
  };
  const connection = connectFrame(iframe, appOrigin, handler, (state) => states.push(state), signals, onLoad);
  const peers = [];
  t.after(() => {
    connection.close();
    for (const peer of peers) peer.close(new Error('The test is over.'));
  });
  return {
    connection,
    posted,
    states,
    loads: () => loads,
    appWindow,
    load: () => iframe.dispatchEvent(new Event('load')),
    /** Delivers a message to the product's page. */
    post: (data, { source = appWindow, origin = appOrigin } = {}) =>
      window.dispatchEvent(Object.assign(new Event('message'), { data, source, origin })),
    /** Returns the app's end of the last channel. */
    appEnd: (/** @type {import('../wire.js').Handler} */ appHandler = () => undefined) => {
      const peer = new Peer(appHandler);
      peers.push(peer);
      peer.attach(posted.at(-1).ports[0]);
      return peer;
    },
  };
};

test('a greeting is ignored', async (t) => {
  for (const [name, data, from] of /** @type {any[][]} */ ([
    ['from another window', hello, { source: {} }],
    ['from another origin', hello, { origin: 'http://evil.example' }],
    ['from the product itself', hello, { origin: 'http://localhost:4000' }],
    ['without a nonce', { type: 'forgego:hello' }],
    ['with a nonce that is no text', { type: 'forgego:hello', nonce: 1 }],
    ['of another type', { type: 'forgego:welcome', nonce: '1' }],
    ['that is no object', 'forgego:hello'],
    ['that is null', null],
  ])) {
    await t.test(name, (t) => {
      const { post, posted, states } = open(t);
      post(data, from);
      assert.deepEqual(posted, []);
      assert.deepEqual(states, ['loading']);
    });
  }
  await t.test('if the frame has no window', (t) => {
    /** @type {any} */ (globalThis).window = new EventTarget();
    const states = [];
    const { close } = connectFrame(
      /** @type {any} */ (Object.assign(new EventTarget(), { contentWindow: null })),
      appOrigin,
      () => undefined,
      (state) => states.push(state),
    );
    t.after(close);
    window.dispatchEvent(Object.assign(new Event('message'), { data: hello, source: null, origin: appOrigin }));
    assert.deepEqual(states, ['loading']);
  });
});

test('a greeting is answered for the app only, with its nonce and one port', (t) => {
  const { post, posted, states } = open(t);
  post(hello);
  const [{ data, origin, ports }] = posted;
  assert.deepEqual([data, origin, ports.length], [{ type: 'forgego:welcome', nonce: '1-2-3' }, appOrigin, 1]);
  assert.deepEqual(states, ['loading', 'connected']);
  ports[0].close();
});

test('commands cross in both directions', async (t) => {
  const { post, appEnd, connection } = open(t, (command, payload) => [command, payload]);
  post(hello);
  const app = appEnd((command) => `app: ${command}`);
  assert.deepEqual(await app.call('getContext', 1), ['getContext', 1]);
  assert.equal(await connection.call('theme'), 'app: theme');
});

test("the bridge's own commands do not reach the handler", async (t) => {
  const handled = [];
  const sizes = [];
  const { post, appEnd } = open(t, (command) => handled.push(command), { 'forgego:size': (size) => sizes.push(size) });
  post(hello);
  const app = appEnd();
  await app.call('forgego:size', 7);
  await app.call('forgego:unknown');
  assert.deepEqual([handled, sizes], [[], [7]]);
});

test('a new greeting closes the channel of the page before', { timeout: 5000 }, async (t) => {
  const { post, appEnd } = open(t, () => new Promise(() => {}));
  post(hello);
  const call = appEnd().call('never');
  post({ ...hello, nonce: 'next' });
  await assert.rejects(call, { code: 'BRIDGE_CLOSED' });
  appEnd();
});

test('a page without a bridge', async (t) => {
  await t.test('is reported some time after it has loaded', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { load, states, loads } = open(t);
    load();
    t.mock.timers.tick(499);
    assert.deepEqual([states, loads()], [['loading'], 0]);
    t.mock.timers.tick(1);
    assert.deepEqual([states, loads()], [['loading', 'without'], 1]);
  });
  await t.test('closes the channel of the page before', { timeout: 5000 }, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { post, load, appEnd, states } = open(t, () => new Promise(() => {}));
    post(hello);
    const call = appEnd().call('never');
    load();
    load();
    t.mock.timers.tick(500);
    await assert.rejects(call, { code: 'BRIDGE_CLOSED' });
    assert.deepEqual(states, ['loading', 'connected', 'without']);
  });
});

test('a greeting that arrives after "load" belongs to the page that has loaded', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { post, load, appEnd, states, loads } = open(t);
  load();
  t.mock.timers.tick(100);
  assert.equal(loads(), 0);
  post(hello);
  appEnd();
  t.mock.timers.tick(1000);
  assert.deepEqual([states, loads()], [['loading', 'connected'], 1]);
});

test('a page that greeted before it has loaded stays connected', (t) => {
  const { post, load, appEnd, states } = open(t);
  post(hello);
  appEnd();
  load();
  assert.deepEqual(states, ['loading', 'connected']);
});

test('call rejects before the app is connected', async (t) => {
  await assert.rejects(open(t).connection.call('theme'), { code: 'BRIDGE_CLOSED' });
});

test('close ends the connection', async (t) => {
  const { post, posted, appEnd, connection } = open(t);
  post(hello);
  const app = appEnd();
  connection.close();
  await settled();
  assert.equal(app.closed, true);
  post(hello);
  assert.equal(posted.length, 1);
});
