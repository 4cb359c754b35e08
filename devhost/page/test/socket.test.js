import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './browser.js';

/** The sockets that the page opened, oldest first. */
let sockets = [];
/** Whether the host answers requests, and how many it got. */
let answers = true;
let requests = 0;

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
const load = async (t, { online = true } = {}) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  sockets = [];
  answers = true;
  requests = 0;
  /** @type {any} */ (globalThis).window = Object.assign(new EventTarget(), {
    location: { href: 'http://localhost:4000/?module=panel#/a', search: '?module=panel' },
  });
  goOnline(online);
  t.mock.method(globalThis, 'fetch', async () => {
    requests += 1;
    if (!answers) throw new TypeError('Failed to fetch');
    return new Response();
  });
  copies += 1;
  return import(`../product/socket.js?copy=${copies}`);
};

const goOnline = (online) => {
  Object.defineProperty(globalThis, 'navigator', { value: { onLine: online }, configurable: true });
  window.dispatchEvent(new Event(online ? 'online' : 'offline'));
};

/** Lets time pass, in milliseconds, and then everything that follows from it. */
const pass = async (t, time) => {
  t.mock.timers.tick(time);
  await settled();
};

const named = (socket, name) => socket.receive({ type: 'window', window: name });

test('windowName', async (t) => {
  await t.test('connects once and returns the name', async (t) => {
    const { windowName } = await load(t);
    assert.equal(sockets.length, 0);
    const names = [windowName(), windowName()];
    await settled();
    assert.deepEqual(
      sockets.map(({ url }) => url),
      ['ws://localhost:4000/_host/socket?module=panel'],
    );
    named(sockets[0], 'w1');
    assert.deepEqual(await Promise.all([...names, windowName()]), ['w1', 'w1', 'w1']);
    assert.equal(sockets.length, 1);
  });
  await t.test('rejects if the host does not answer', async (t) => {
    const { windowName } = await load(t);
    const name = windowName();
    sockets[0].close();
    await assert.rejects(name, { code: 'HOST_GONE' });
  });
  await t.test('rejects if the browser is offline', async (t) => {
    const { windowName } = await load(t, { online: false });
    const name = windowName();
    sockets[0].close();
    await assert.rejects(name, { code: 'HOST_GONE', message: /^This browser is offline\./ });
  });
  await t.test('returns the new name after a reconnection', async (t) => {
    const { windowName } = await load(t);
    windowName();
    named(sockets[0], 'w1');
    sockets[0].close();
    const name = windowName();
    await settled();
    named(sockets[1], 'w2');
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
    { type: 'beat' },
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
  await t.test('as soon as the host answers a request, which it sends each second', async (t) => {
    const { windowName } = await load(t);
    windowName();
    named(sockets[0], 'w1');
    answers = false;
    sockets[0].close();
    for (const wanted of [1, 2, 3]) {
      await pass(t, 999);
      assert.equal(requests, wanted - 1);
      await pass(t, 1);
      assert.equal(requests, wanted);
    }
    assert.equal(sockets.length, 1, 'no socket before the host answers');
    answers = true;
    await pass(t, 1000);
    assert.equal(sockets.length, 2);
  });
  await t.test('and not twice if a caller was faster', async (t) => {
    const { windowName } = await load(t);
    windowName().catch(() => {});
    sockets[0].close();
    windowName().catch(() => {});
    await pass(t, 1000);
    assert.equal(sockets.length, 2);
  });
  for (const type of ['online', 'visibilitychange']) {
    await t.test(`at once after “${type}”`, async (t) => {
      const { windowName } = await load(t);
      windowName().catch(() => {});
      sockets[0].close();
      window.dispatchEvent(new Event(type));
      await settled();
      assert.equal(sockets.length, 2);
      await pass(t, 1000);
      assert.equal(sockets.length, 2, 'the later attempt is not made');
    });
  }
});

test('onReconnect runs for each connection but the first', async (t) => {
  const { onReconnect, windowName } = await load(t);
  let runs = 0;
  onReconnect(() => {
    runs += 1;
  });
  windowName();
  for (const want of [0, 1, 2]) {
    named(sockets.at(-1), 'w');
    assert.equal(runs, want);
    sockets.at(-1).close();
    await pass(t, 1000);
  }
});

test('onHost hears what is wrong', async (t) => {
  const gone = 'The local host does not answer. Is forgego still running? This page connects again by itself.';
  const offline = 'Connected, but this browser is offline: its requests may fail.';
  const offlineAndGone =
    'This browser is offline, and the local host does not answer. This page connects again by itself.';
  const silent = 'The local host still has its connection, but does not answer. It is paused or busy.';
  const start = async (t) => {
    const { onHost, windowName, noAnswer } = await load(t);
    const heard = [];
    onHost((problem) => heard.push(problem));
    windowName().catch(() => {});
    named(sockets[0], 'w1');
    return { heard, noAnswer };
  };
  await t.test('when the connection ends, and is made again', async (t) => {
    const { heard } = await start(t);
    sockets[0].close();
    await pass(t, 1000);
    named(sockets[1], 'w2');
    assert.deepEqual(heard, ['', gone, '']);
  });
  await t.test('when the host sends nothing for 3 seconds, until its next message', async (t) => {
    const { heard } = await start(t);
    await pass(t, 2999);
    sockets[0].receive({ type: 'beat' });
    await pass(t, 2999);
    assert.deepEqual(heard, ['']);
    await pass(t, 1);
    assert.deepEqual(heard, ['', silent]);
    sockets[0].receive({ type: 'beat' });
    assert.deepEqual(heard, ['', silent, '']);
  });
  await t.test('but not at once after the machine has slept', async (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { heard } = await start(t);
    now = 60_000;
    await pass(t, 3000);
    assert.deepEqual(heard, ['']);
    now = 63_000;
    await pass(t, 3000);
    assert.deepEqual(heard, ['', silent]);
  });
  await t.test('when the browser is offline, with the host or without it', async (t) => {
    const { heard, noAnswer } = await start(t);
    goOnline(false);
    assert.match(noAnswer().message, /^This browser is offline. The local host still runs.$/);
    answers = false;
    sockets[0].close();
    assert.match(noAnswer().message, /^This browser is offline. The local host does not answer.$/);
    goOnline(true);
    assert.deepEqual(heard, ['', offline, offlineAndGone, gone]);
    assert.match(noAnswer().message, /^The local host does not answer. Is forgego still running\?$/);
  });
});
