import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, installStorage } from './browser.js';
import { fire, installDocument } from './dom.js';

installHistory();
installStorage('sessionStorage');

/** Sets the window's address. Returns the addresses that the window is sent to. */
const at = (address) => {
  const url = new URL(address, 'http://localhost:4000');
  const visited = [];
  /** @type {any} */ (window).location = {
    href: url.href,
    search: url.search,
    hash: url.hash,
    assign: (to) => visited.push(to),
  };
  return visited;
};

at('/');
const { chooseSession, chosen, startSession } = await import('../product/session.js');
const { askServer } = await import('../product/server.js');

test('the choice of a window is in its address', async (t) => {
  for (const [address, want] of [
    ['/', ''],
    ['/?module=panel', ''],
    ['/?module=panel&account=2', '?account=2'],
    ['/?site=2&module=panel&account=3#/a?account=9', '?account=3&site=2'],
    ['/?site=', '?site='],
    ['/?site=2%263', '?site=2%263'],
  ]) {
    await t.test(address, () => {
      at(address);
      assert.equal(chosen(), want);
    });
  }
});

test('a request repeats the choice', async (t) => {
  const requests = installServer(t, () => ({}));
  at('/?module=panel&account=2&site=2');
  await askServer('context', {});
  at('/?module=panel');
  await askServer('context', {});
  assert.deepEqual(
    requests.map(({ name }) => name),
    ['context?account=2&site=2', 'context'],
  );
});

test('a switch opens the page with its choice, at the same place of the app', async (t) => {
  for (const [name, address, id, number, want] of [
    ['an account', '/?module=panel#/a', 'account', '2', '/?module=panel&account=2#/a'],
    ['another account', '/?module=panel&account=2&site=2', 'account', '3', '/?module=panel&account=3&site=2'],
    ['the first account', '/?module=panel&account=2&site=2', 'account', '1', '/?module=panel&site=2'],
    ['a site', '/', 'site', '2', '/?site=2'],
  ]) {
    await t.test(name, () => {
      const page = installDocument({ account: 'select', site: 'select' });
      const visited = at(address);
      startSession();
      const control = page.getElementById(id);
      control.value = number;
      fire(control, 'change');
      assert.deepEqual(visited, [`http://localhost:4000${want}`]);
    });
  }
});

test('a program can choose an account and a site; the page opens after the answer', async (t) => {
  for (const [name, address, choice, want] of /** @type {any[][]} */ ([
    ['both', '/?module=panel#/a', { account: 2, site: 3 }, '/?module=panel&account=2&site=3#/a'],
    ['the first ones', '/?module=panel&account=2&site=2', { account: 1, site: 1 }, '/?module=panel'],
    ['an account', '/?account=2&site=2', { account: 3 }, '/?account=3&site=2'],
  ])) {
    await t.test(name, async () => {
      const visited = at(address);
      const later = [];
      await chooseSession(choice, (run) => later.push(run));
      assert.deepEqual(visited, []);
      later.forEach((run) => run());
      assert.deepEqual(visited, [`http://localhost:4000${want}`]);
    });
  }
});

test('a page without switches starts', () => {
  installDocument({});
  startSession();
});
