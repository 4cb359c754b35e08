import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { installBroadcastChannel, settled } from './browser.js';
import { installDocument } from './dom.js';

let copies = 0;

/** Opens another window of the same app: its commands, with a place of its own. */
const openWindow = async () => {
  copies += 1;
  const { eventCommands } = await import(`../product/events.js?copy=${copies}`);
  const place = { cleanups: new Set() };
  const notes = [];
  const perform = (command, payload) => eventCommands[command](payload, { place, note: (about) => notes.push(about) });
  /** Listens to an event. Returns what it hears, and the end of the subscription. */
  const listen = async (command, event, callback = (_payload) => {}) => {
    const heard = [];
    const { unsubscribe } = await perform(command, {
      event,
      callback: (payload) => {
        heard.push(payload);
        return callback(payload);
      },
    });
    return { heard, unsubscribe };
  };
  return { perform, listen, place, notes };
};

let channels;
beforeEach(() => {
  channels = installBroadcastChannel();
  const page = installDocument();
  const main = page.createElement('main');
  main.dataset.app = 'ari:app';
  page.body.append(main);
});

test('an event reaches the listeners of its name, in this window and in others', async () => {
  const [here, there] = [await openWindow(), await openWindow()];
  const own = await here.listen('on', 'saved');
  const other = await there.listen('on', 'saved');
  const another = await there.listen('on', 'deleted');
  await here.perform('emit', { event: 'saved', payload: { n: 1 } });
  await settled();
  assert.deepEqual(own.heard, [{ n: 1 }]);
  assert.deepEqual(other.heard, [{ n: 1 }]);
  assert.deepEqual(another.heard, []);
  assert.deepEqual([...channels.keys()], ['forgego:events:ari:app']);
});

test('public events and events of the app are separate', async () => {
  const [here, there] = [await openWindow(), await openWindow()];
  const lists = {};
  for (const command of ['on', 'onPublic']) {
    lists[command] = [await here.listen(command, 'saved'), await there.listen(command, 'saved')];
  }
  await here.perform('emitPublic', { event: 'saved', payload: 'public' });
  await here.perform('emit', { event: 'saved', payload: 'own' });
  await settled();
  for (const { heard } of lists.on) assert.deepEqual(heard, ['own']);
  for (const { heard } of lists.onPublic) assert.deepEqual(heard, ['public']);
});

test('a listener hears nothing', async (t) => {
  for (const [name, end] of /** @type {any[][]} */ ([
    ['after it has unsubscribed', (_, { unsubscribe }) => unsubscribe()],
    ['after its page has gone away', ({ place }) => [...place.cleanups].forEach((run) => run())],
  ])) {
    await t.test(name, async () => {
      const here = await openWindow();
      const listener = await here.listen('on', 'saved');
      end(here, listener);
      await here.perform('emit', { event: 'saved' });
      assert.deepEqual(listener.heard, []);
      assert.equal(here.place.cleanups.size, 0);
    });
  }
});

test('a listener that fails does not stop the others', async () => {
  const here = await openWindow();
  await here.listen('on', 'saved', () => Promise.reject(new Error('The page is gone.')));
  const { heard } = await here.listen('on', 'saved');
  await here.perform('emit', { event: 'saved', payload: 1 });
  await settled();
  assert.deepEqual(heard, [1]);
});

test('a message of another form is ignored', async () => {
  const here = await openWindow();
  const { heard } = await here.listen('on', 'saved');
  const other = new BroadcastChannel('forgego:events:ari:app');
  for (const message of [null, 'saved', { event: 1 }, { payload: 1 }]) other.postMessage(message);
  other.postMessage({ event: 'saved', payload: 'well formed' });
  await settled();
  assert.deepEqual(heard, ['well formed']);
});

test('a command is refused', async (t) => {
  for (const [name, command, payload] of /** @type {any[][]} */ ([
    ['without a payload', 'emit', undefined],
    ['without a name', 'emit', {}],
    ['with a name that is no text', 'emitPublic', { event: 1 }],
    ['without a name to listen to', 'on', { callback: () => {} }],
    ['without a callback', 'on', { event: 'saved' }],
    ['with a callback that is no function', 'onPublic', { event: 'saved', callback: {} }],
    ['if a metric has no name', 'emitFrontendCustomMetric', { value: 1 }],
    ['if the value of a metric is no number', 'emitFrontendCustomMetric', { customMetricName: 'a', value: '1' }],
  ])) {
    await t.test(name, async () => {
      await assert.rejects((await openWindow()).perform(command, payload), { code: 'INVALID_REQUEST' });
    });
  }
});

test('a metric is listed', async () => {
  const { perform, notes } = await openWindow();
  await perform('emitFrontendCustomMetric', { customMetricName: 'saves', value: 2 });
  assert.deepEqual(notes, [{ request: 'saves +2', status: 'counted' }]);
});
