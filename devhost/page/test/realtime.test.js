import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, settled } from './browser.js';

/** The sockets that the page opened, oldest first. */
const sockets = [];

installHistory();
/** @type {any} */ (window).location = { href: 'http://localhost:4000/', hash: '' };
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null };
/** @type {any} */ (globalThis).WebSocket = class extends EventTarget {
  constructor() {
    super();
    sockets.push(this);
    this.receive({ type: 'window', window: `w${sockets.length}` });
  }

  /** Later, as in a browser. */
  receive(message) {
    setImmediate(() => this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) })));
  }
};
/** @type {Record<string, (...args: any[]) => Promise<any>>} */
const realtimeCommands = (await import('../product/realtime.js')).realtimeCommands;

/** @returns {any} */
const newCall = () => ({ moduleKey: 'panel', note: () => {}, place: { cleanups: new Set() } });
const subscribe = (call, onEvent, more = {}) =>
  realtimeCommands.subscribeRealtimeChannel({ channelName: 'chat', onEvent, ...more }, call);
const send = async (subscription, payload) => {
  sockets.at(-1).receive({ type: 'realtime', subscription, payload });
  await settled();
};

test('a subscription is refused', async (t) => {
  for (const [name, payload] of /** @type {any[][]} */ ([
    ['without a channel', { onEvent: () => {} }],
    ['with an empty channel', { channelName: '', onEvent: () => {} }],
    ['without a callback', { channelName: 'chat' }],
  ])) {
    await t.test(name, async (t) => {
      const requests = installServer(t, () => ({}));
      await assert.rejects(realtimeCommands.subscribeRealtimeChannel(payload, newCall()), { code: 'INVALID_REQUEST' });
      assert.equal(requests.length, 0);
    });
  }
});

test('a subscription gets its own events until it ends', async (t) => {
  const requests = installServer(t, () => ({}));
  const heard = [];
  const { unsubscribe } = await subscribe(newCall(), (event) => heard.push(event), {
    isGlobal: true,
    options: { replaySeconds: 5 },
  });
  const [{ name, input }] = requests;
  assert.equal(name, 'realtime/subscribe');
  assert.deepEqual(input, {
    moduleKey: 'panel',
    channelName: 'chat',
    isGlobal: true,
    options: { replaySeconds: 5 },
    window: 'w1',
    subscription: input.subscription,
  });
  await send(input.subscription, 'a');
  await send(input.subscription + 1, 'of another');
  await unsubscribe();
  await send(input.subscription, 'b');
  assert.deepEqual(heard, ['a']);
  assert.deepEqual(requests[1], {
    name: 'realtime/unsubscribe',
    input: { window: 'w1', subscription: input.subscription },
  });
});

test('a subscription ends', async (t) => {
  await t.test('when the page goes away', async (t) => {
    const requests = installServer(t, () => ({}));
    const call = newCall();
    await subscribe(call, () => {});
    for (const run of call.place.cleanups) run();
    await settled();
    assert.equal(requests[1]?.name, 'realtime/unsubscribe');
  });
  await t.test('if the server refuses it', async (t) => {
    installServer(t, (name) => (name === 'realtime/subscribe' ? { error: { code: 'NO', message: 'no' } } : {}));
    const call = newCall();
    await assert.rejects(
      subscribe(call, () => {}),
      { code: 'NO' },
    );
    assert.equal(call.place.cleanups.size, 0);
  });
});

test('after a reconnection a subscription starts again without a replay', async (t) => {
  const requests = installServer(t, () => ({}));
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { unsubscribe } = await subscribe(newCall(), () => {}, { options: { replaySeconds: 5 } });
  sockets.at(-1).dispatchEvent(new Event('close'));
  t.mock.timers.tick(1000);
  await settled();
  const [first, again] = requests;
  assert.deepEqual(again, {
    name: 'realtime/subscribe',
    input: { ...first.input, options: { replaySeconds: 0 }, window: `w${sockets.length}` },
  });
  await unsubscribe();
});

test('events are dropped while 10,000 wait for the callback', async (t) => {
  const requests = installServer(t, () => ({}));
  const warnings = t.mock.method(console, 'warn', () => {});
  let calls = 0;
  const waiting = [];
  const { unsubscribe } = await subscribe(newCall(), () => {
    calls += 1;
    return new Promise((resolve) => waiting.push(resolve));
  });
  const { subscription } = requests[0].input;
  for (let i = 0; i < 10_002; i += 1) sockets.at(-1).receive({ type: 'realtime', subscription });
  await settled();
  assert.equal(calls, 10_000);
  assert.equal(warnings.mock.callCount(), 1);
  waiting[0]();
  await send(subscription);
  assert.equal(calls, 10_001, 'after one callback has finished');
  await unsubscribe();
});

test('publish reports whether anybody subscribed', async (t) => {
  for (const [name, eventId, status] of /** @type {any[][]} */ ([
    ['nobody', null, 'no subscribers'],
    ['somebody', 'e1', 'published'],
  ])) {
    await t.test(name, async (t) => {
      const requests = installServer(t, () => ({ eventId, eventTimestamp: null }));
      const notes = [];
      const result = await realtimeCommands.publishRealtimeChannel(
        { channelName: 'chat', eventPayload: { a: 1 } },
        { ...newCall(), note: (about) => notes.push(about) },
      );
      assert.equal(result.eventId, eventId);
      assert.deepEqual(requests[0].input, {
        moduleKey: 'panel',
        channelName: 'chat',
        isGlobal: false,
        options: {},
        eventPayload: { a: 1 },
      });
      assert.deepEqual(notes, [{ request: 'chat' }, { status }]);
    });
  }
});
