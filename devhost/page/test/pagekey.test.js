import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { installBroadcastChannel, installHistory, installStorage, settled } from './browser.js';

let copies = 0;
/** @type {Map<string, any>} */
let channels;
let storage;

/** Loads the module as a new window does. All windows of a test share the channels; each has its own storage. */
const load = (hash = '', key = '') => {
  copies += 1;
  installHistory(hash);
  /** @type {any} */ (window).location = { hash, pathname: '/', search: '?module=panel' };
  /** @type {any} */ (window).history = history;
  storage = installStorage('sessionStorage');
  if (key) storage.set('forgego:key', key);
  return import(`../product/pagekey.js?copy=${copies}`);
};

beforeEach(() => {
  channels = installBroadcastChannel();
});

/** Another window. It answers a question with its key, and keeps the questions that it hears. */
const openOther = (key) => {
  const asked = [];
  const channel = new BroadcastChannel('forgego:key');
  channel.addEventListener('message', ({ data }) => {
    asked.push(data);
    if (data.ask && key) channel.postMessage({ key });
  });
  return { channel, asked };
};

test('the key moves from the address to the storage', async (t) => {
  for (const [name, hash, want] of /** @type {any[][]} */ ([
    ['if it is the whole hash', '#key=abc123', 'abc123'],
    ['but not if the hash is a location of the app', '#/a?key=abc', ''],
    ['but not if something follows', '#key=abc/def', ''],
    ['but not if it is empty', '#key=', ''],
  ])) {
    await t.test(name, async () => {
      const { pageKey } = await load(hash);
      assert.equal(pageKey(), want);
      // The fake history records an address that the page has set.
      assert.equal(location.hash, want ? '/?module=panel' : hash);
    });
  }
  await t.test('also if the user pastes the address into an open page', async () => {
    const { pageKey } = await load('', 'old');
    window.location.hash = '#key=new';
    window.dispatchEvent(new Event('popstate'));
    assert.equal(pageKey(), 'new');
    assert.equal(location.hash, '/?module=panel');
  });
});

test('a window with a key answers the others', async () => {
  await load('', 'mine');
  const { channel } = openOther();
  const heard = [];
  channel.addEventListener('message', ({ data }) => heard.push(data));
  channel.postMessage({ ask: true });
  await settled();
  assert.deepEqual(heard, [{ key: 'mine' }]);
});

test('a window without a key has no channel, so it cannot answer', async () => {
  await load();
  assert.equal(channels.get('forgego:key'), undefined);
});

test('keyFromOtherWindow', async (t) => {
  await t.test('takes the key of another window, and can then answer', async () => {
    const { keyFromOtherWindow, pageKey } = await load();
    const { asked } = openOther('theirs');
    assert.equal(await keyFromOtherWindow(), true);
    assert.equal(pageKey(), 'theirs');
    assert.deepEqual(asked, [{ ask: true }]);
    const third = openOther();
    third.channel.postMessage({ ask: true });
    await settled();
    assert.deepEqual(third.asked, [{ key: 'theirs' }, { key: 'theirs' }], 'both windows answer');
  });
  for (const [name, own, answer] of /** @type {any[][]} */ ([
    ['its own key again', 'same', { key: 'same' }],
    ['a key that is no text', '', { key: 1 }],
    ['nothing', '', null],
  ])) {
    await t.test(`ignores ${name}, and gives up after 500 ms`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const { keyFromOtherWindow, pageKey } = await load('', own);
      const { channel } = openOther();
      let result;
      keyFromOtherWindow().then((found) => (result = found));
      channel.postMessage(answer);
      await settled();
      t.mock.timers.tick(499);
      await settled();
      assert.equal(result, undefined);
      t.mock.timers.tick(1);
      await settled();
      assert.equal(result, false);
      assert.equal(pageKey(), own);
    });
  }
  await t.test('closes its channel', async () => {
    const { keyFromOtherWindow } = await load('', 'mine');
    const before = channels.get('forgego:key').length;
    openOther('theirs');
    await keyFromOtherWindow();
    assert.equal(channels.get('forgego:key').length, before + 1, 'only the channel of the other window is new');
  });
});
