import assert from 'node:assert/strict';
import { test } from 'node:test';

/** The sockets that the page opened, oldest first. */
let sockets = [];

/** @type {any} */ (globalThis).window = {
  location: { href: 'http://localhost:4000/?module=panel#/a', search: '?module=panel' },
};
/** @type {any} */ (globalThis).WebSocket = class extends EventTarget {
  constructor(url) {
    super();
    this.url = String(url);
    sockets.push(this);
  }

  receive(message) {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(message) }));
  }

  close() {
    this.dispatchEvent(new Event('close'));
  }
};

let copies = 0;

/** Returns the module as a page has it that has just been loaded. Timers are those of the test. */
const load = async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  sockets = [];
  copies += 1;
  return import(`../product/socket.js?copy=${copies}`);
};

test('windowName', async (t) => {
  await t.test('connects once and returns the name', async (t) => {
    const { windowName } = await load(t);
    assert.equal(sockets.length, 0);
    const names = [windowName(), windowName()];
    assert.deepEqual(
      sockets.map(({ url }) => url),
      ['ws://localhost:4000/_host/socket?module=panel'],
    );
    sockets[0].receive({ type: 'window', window: 'w1' });
    assert.deepEqual(await Promise.all([...names, windowName()]), ['w1', 'w1', 'w1']);
    assert.equal(sockets.length, 1);
  });
  await t.test('rejects if the host does not answer', async (t) => {
    const { windowName } = await load(t);
    const name = windowName();
    sockets[0].close();
    await assert.rejects(name, { code: 'HOST_GONE' });
  });
  await t.test('returns the new name after a reconnection', async (t) => {
    const { windowName } = await load(t);
    windowName();
    sockets[0].receive({ type: 'window', window: 'w1' });
    sockets[0].close();
    const name = windowName();
    sockets[1].receive({ type: 'window', window: 'w2' });
    assert.equal(await name, 'w2');
  });
});

test('a message goes to the receiver of its type', async (t) => {
  const { receive, windowName } = await load(t);
  const received = [];
  receive('realtime', (message) => received.push(message));
  windowName();
  for (const message of [
    { type: 'window', window: 'w1' },
    { type: 'realtime', payload: 1 },
    { type: 'unknown' },
    { type: 'realtime', payload: 2 },
  ]) {
    sockets[0].receive(message);
  }
  assert.deepEqual(received, [
    { type: 'realtime', payload: 1 },
    { type: 'realtime', payload: 2 },
  ]);
});

test('after a failure the page connects again', async (t) => {
  for (const [name, delays] of /** @type {any[][]} */ ([
    ['after 1 s', [1000]],
    ['with a delay that doubles', [1000, 2000, 4000, 8000]],
    ['at least every 8 s', [1000, 2000, 4000, 8000, 8000, 8000]],
  ])) {
    await t.test(name, async (t) => {
      const { windowName } = await load(t);
      windowName().catch(() => {});
      for (const delay of delays) {
        const before = sockets.length;
        sockets.at(-1).close();
        t.mock.timers.tick(delay - 1);
        assert.equal(sockets.length, before, `before ${delay} ms`);
        t.mock.timers.tick(1);
        assert.equal(sockets.length, before + 1, `after ${delay} ms`);
      }
    });
  }
  await t.test('after 1 s again once it was connected', async (t) => {
    const { windowName } = await load(t);
    windowName().catch(() => {});
    sockets[0].close();
    t.mock.timers.tick(1000);
    sockets[1].receive({ type: 'window', window: 'w1' });
    sockets[1].close();
    t.mock.timers.tick(1000);
    assert.equal(sockets.length, 3);
  });
  await t.test('and not twice if a caller was faster', async (t) => {
    const { windowName } = await load(t);
    windowName().catch(() => {});
    sockets[0].close();
    windowName().catch(() => {});
    t.mock.timers.tick(1000);
    assert.equal(sockets.length, 2);
  });
});

test('onReconnect runs for each connection but the first', async (t) => {
  const { onReconnect, windowName } = await load(t);
  let runs = 0;
  onReconnect(() => {
    runs += 1;
  });
  windowName();
  for (const want of [0, 1, 2]) {
    sockets.at(-1).receive({ type: 'window', window: 'w' });
    assert.equal(runs, want);
    sockets.at(-1).close();
    t.mock.timers.tick(1000);
  }
});

test('onConnection hears of each change of the connection', async (t) => {
  const { onConnection, windowName } = await load(t);
  const heard = [];
  onConnection((isConnected) => heard.push(isConnected));
  windowName().catch(() => {});
  sockets[0].receive({ type: 'window', window: 'w1' });
  sockets[0].close();
  t.mock.timers.tick(1000);
  sockets[1].close();
  t.mock.timers.tick(2000);
  sockets[2].receive({ type: 'window', window: 'w2' });
  assert.deepEqual(heard, [true, false, false, true]);
});
