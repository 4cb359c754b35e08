import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, settled } from './browser.js';
import { installDocument } from './dom.js';

let copies = 0;

/** Returns the module as a page has it that has just been loaded. */
const load = () => {
  copies += 1;
  return import(`../product/history.js?copy=${copies}`);
};

/** Returns a history of the app in a new tab, its place, and a list of what a listener gets. */
const open = async (hash) => {
  installHistory(hash);
  installDocument();
  const { createHistory } = await load();
  const place = { isDialog: false, cleanups: new Set() };
  const app = createHistory(place);
  const heard = [];
  app.listen((at, action) => heard.push(`${action} ${at.pathname}${at.search}${at.hash}`));
  return { app, heard, place, createHistory };
};

/** Answers the question that the page shows. */
const answer = (text) => {
  const [dialog] = /** @type {any} */ (document).querySelectorAll('dialog[open]');
  dialog.find(text).click();
};

test('the location is the part after "#"', async (t) => {
  for (const [name, hash, want] of /** @type {any[][]} */ ([
    ['which may be empty', '', ['/', '', '']],
    ['with a path', '#/a/b', ['/a/b', '', '']],
    ['with a path without a slash', '#a', ['/a', '', '']],
    ['with search and hash', '#/a?b=1#c', ['/a', '?b=1', '#c']],
    ['and two slashes do not make a host', '#//host/a', ['//host/a', '', '']],
  ])) {
    await t.test(name, async () => {
      const { pathname, search, hash: mark, key } = (await open(hash)).app.location;
      assert.deepEqual([pathname, search, mark], want);
      assert.equal(key, 'first');
    });
  }
});

test('push', async (t) => {
  for (const [name, to, want] of /** @type {any[][]} */ ([
    ['goes to a path', '/a', '#/a'],
    ['goes to a path relative to the current one', 'x', '#/start/x'],
    ['goes up', '../x', '#/x'],
    ['keeps the path for a search', '?c=d', '#/start/page?c=d'],
    ['keeps path and search for a hash', '#e', '#/start/page?a=b#e'],
    ['goes to the parts of a path', { pathname: '/a', search: '?b=1', hash: '#c' }, '#/a?b=1#c'],
    ['adds the marks to parts', { pathname: '/a', search: 'b=1', hash: 'c' }, '#/a?b=1#c'],
    ['ignores parts that are a mark only', { pathname: '/a', search: '?', hash: '#' }, '#/a'],
    ['keeps the path if the parts have none', { search: 'b=1' }, '#/start/page?b=1'],
    ['does not take two slashes for a host', '//host/a', '#//host/a'],
    ['does not take backslashes for a host', '\\\\host/a', '#//host/a'],
  ])) {
    await t.test(name, async () => {
      const { app, heard } = await open('#/start/page?a=b');
      await app.push(to);
      assert.equal(location.hash, want);
      assert.deepEqual(heard, [`PUSH ${want.slice(1)}`]);
      assert.equal(app.createHref(to), app.createHref(location.hash.slice(1)));
    });
  }
  for (const to of ['https://other.example/a', 'mailto:a@b.example', 'http://app.other/']) {
    await t.test(`refuses ${to}`, async () => {
      const { app, heard } = await open();
      await assert.rejects(app.push(to), { code: 'INVALID_REQUEST' });
      assert.throws(() => app.createHref(to), { code: 'INVALID_REQUEST' });
      assert.deepEqual([location.hash, heard], ['', []]);
    });
  }
});

test('an entry has a state', async (t) => {
  for (const [name, args, want] of /** @type {any[][]} */ ([
    ['from the second argument', ['/a', { n: 1 }], { n: 1 }],
    ['from the parts', [{ pathname: '/a', state: { n: 2 } }], { n: 2 }],
    ['from the parts only, if there are parts', [{ pathname: '/a' }, { n: 1 }], undefined],
    ['which may be null', ['/a', null], null],
  ])) {
    await t.test(name, async () => {
      const { app } = await open();
      let state = 'none';
      app.listen((at) => {
        state = at.state;
      });
      await app.push(...args);
      assert.deepEqual(state, want);
    });
  }
  await t.test('and comes back with it', async () => {
    const { app } = await open();
    const states = [];
    app.listen((at) => states.push(at.state));
    await app.push('/a', 1);
    await app.push('/b', 2);
    app.goBack();
    await settled();
    assert.deepEqual(states, [1, 2, 1]);
  });
});

test('replace does not add an entry', async () => {
  const { app, heard } = await open();
  await app.push('/a');
  await app.replace('/b');
  assert.equal(history.length, 2);
  app.goBack();
  await settled();
  assert.deepEqual(heard, ['PUSH /a', 'REPLACE /b', 'POP /']);
});

test('go moves by some entries', async () => {
  const { app, heard } = await open();
  await app.push('/a');
  await app.push('/b');
  app.go(-2);
  await settled();
  app.goForward();
  await settled();
  assert.deepEqual(heard, ['PUSH /a', 'PUSH /b', 'POP /', 'POP /a']);
});

test('a listener', async (t) => {
  await t.test('must be a function', async () => {
    const { app } = await open();
    assert.throws(() => app.listen('text'), { code: 'INVALID_REQUEST' });
  });
  await t.test('hears nothing after it stopped', async () => {
    const { app } = await open();
    const heard = [];
    const stop = app.listen(() => heard.push(1));
    stop();
    await app.push('/a');
    assert.deepEqual(heard, []);
  });
  await t.test('is removed if it fails', async () => {
    const { app } = await open();
    let calls = 0;
    app.listen(async () => {
      calls += 1;
      throw new Error('gone');
    });
    await app.push('/a');
    await settled();
    await app.push('/b');
    assert.equal(calls, 1);
  });
  await t.test('hears nothing after the page went away', async () => {
    const { app, heard, place } = await open();
    for (const run of place.cleanups) run();
    await app.push('/a');
    app.goBack();
    await settled();
    assert.deepEqual(heard, []);
  });
});

test('a block decides about a push', async (t) => {
  for (const [name, prompt, reply, want] of /** @type {any[][]} */ ([
    ['which it prevents by default', undefined, undefined, ''],
    ['which true allows', true, undefined, '#/a'],
    ['which a function prevents', () => false, undefined, ''],
    ['which a function allows', () => undefined, undefined, '#/a'],
    ['which the user allows', 'Leave?', 'Go on', '#/a'],
    ['which the user refuses', 'Leave?', 'Stay', ''],
    ["which the user refuses after a function's question", async () => 'Leave?', 'Stay', ''],
  ])) {
    await t.test(name, async () => {
      const { app, heard } = await open();
      app.block(prompt);
      const pushed = app.push('/a');
      await settled();
      if (reply) answer(reply);
      await pushed;
      assert.equal(location.hash, want);
      assert.deepEqual(heard, want ? ['PUSH /a'] : []);
      assert.equal(document.querySelectorAll('dialog[open]').length, 0);
    });
  }
  await t.test('and learns the location and the action', async () => {
    const { app } = await open();
    const asked = [];
    app.block((to, action) => {
      asked.push(`${action} ${to.pathname}`);
    });
    await app.replace('/a');
    assert.deepEqual(asked, ['REPLACE /a']);
  });
  await t.test('until it is removed', async () => {
    const { app } = await open();
    const unblock = app.block();
    unblock();
    await app.push('/a');
    assert.equal(location.hash, '#/a');
  });
  await t.test('until it is removed, even if another block has the same text', async () => {
    const { app } = await open();
    const [first] = [app.block('Leave?'), app.block('Leave?')];
    first();
    const pushed = app.push('/a');
    await settled();
    answer('Stay');
    await pushed;
    assert.equal(location.hash, '');
  });
});

test('a block undoes a step of the browser', async (t) => {
  for (const [name, reply, steps, hash, heard] of /** @type {any[][]} */ ([
    ['back, and repeats it if the user allows it', 'Go on', -1, '#/b', ['POP /b']],
    ['back, and stays if the user refuses it', 'Stay', -1, '#/c', []],
    ['by two entries', 'Go on', -2, '#/a', ['POP /a']],
  ])) {
    await t.test(name, async () => {
      const opened = await open();
      for (const to of ['/a', '/b', '/c']) await opened.app.push(to);
      opened.heard.length = 0;
      opened.app.block('Leave?');
      history.go(steps);
      await settled();
      assert.equal(location.hash, '#/c', 'while it asks');
      answer(reply);
      await settled();
      assert.equal(location.hash, hash);
      assert.deepEqual(opened.heard, heard);
    });
  }
});

test('a block undoes a step forward, after a step back without a block', async () => {
  const { app, heard } = await open();
  for (const to of ['/a', '/b', '/c']) await app.push(to);
  app.goBack();
  await settled();
  app.block(() => false);
  app.goForward();
  await settled();
  assert.equal(location.hash, '#/b');
  assert.equal(heard.at(-1), 'POP /b');
});

test('a block undoes a step after the page was loaded again', async () => {
  const { app } = await open();
  for (const to of ['/a', '/b']) await app.push(to);
  const again = await load();
  again.createHistory({ isDialog: false, cleanups: new Set() }).block(() => false);
  history.back();
  await settled();
  assert.equal(location.hash, '#/b');
});

test('all histories of the app are at the same entry', async () => {
  const { app, createHistory, place, heard } = await open();
  await createHistory(place).push('/a');
  app.goBack();
  await settled();
  assert.deepEqual(heard, ['POP /']);
});

test('a modal has no history', async () => {
  const { createHistory } = await open();
  assert.throws(() => createHistory({ isDialog: true, cleanups: new Set() }), { code: 'NO_HISTORY' });
});
