import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlyName, watchFirstCalls } from '../app/early.js';

/** @param {object} [init] @param {boolean} [isMultipartFormData] */
const fetchOf = (init, isMultipartFormData = false) => ({
  remoteKey: 'api',
  fetchRequestInit: { path: '/notes', headers: [], body: null, ...init },
  isMultipartFormData,
});

test('the name of a call in data-early', async (t) => {
  for (const [name, command, payload, want] of /** @type {any[][]} */ ([
    ['of the context', 'getContext', undefined, 'getContext'],
    ['of a GET', 'fetchRemote', fetchOf(), 'get:api/notes'],
    ['of a GET with its method', 'fetchRemote', fetchOf({ method: 'GET' }), 'get:api/notes'],
    ['is missing for a POST', 'fetchRemote', fetchOf({ method: 'POST', body: '' }), undefined],
    ['is missing with header fields', 'fetchRemote', fetchOf({ headers: [['accept', 'text/plain']] }), undefined],
    ['is missing with a query', 'fetchRemote', fetchOf({ path: '/notes?of=me' }), undefined],
    ['is missing with a space in the path', 'fetchRemote', fetchOf({ path: '/a b' }), undefined],
    ['is missing for a form', 'fetchRemote', fetchOf({}, true), undefined],
    ['is missing for other commands', 'invoke', {}, undefined],
  ])) {
    await t.test(name, () => assert.equal(earlyName(command, payload), want));
  }
});

const answered = Promise.resolve({ status: 200 });

/** A page with the script of a Go program. @param {any} t @param {string | undefined} early its data-early */
const open = (t, early) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  class HTMLScriptElement {
    dataset = { early };
  }
  const [page, window] = [new EventTarget(), new EventTarget()];
  Object.assign(page, { querySelector: () => new HTMLScriptElement() });
  Object.assign(globalThis, { document: page, window, HTMLScriptElement, location: { pathname: '/main/' } });
  /** @type {unknown[]} */
  const found = [];
  return {
    found,
    call: watchFirstCalls((calls) => found.push(calls)),
    start: () => page.dispatchEvent(new Event('forgego:started')),
    click: () => window.dispatchEvent(new Event('pointerdown')),
  };
};

test('the first calls of a program', async (t) => {
  await t.test('are found, once each', (t) => {
    const { found, call, start } = open(t, undefined);
    call('getContext', undefined, answered); // the shim's own, before the program
    start();
    call('fetchRemote', fetchOf(), answered);
    call('fetchRemote', fetchOf(), answered);
    call('fetchRemote', undefined, answered);
    t.mock.timers.tick(1000);
    call('getContext', undefined, answered); // too late
    t.mock.timers.tick(1000);
    assert.deepEqual(found, [{ path: '/main/', names: ['get:api/notes'] }]);
  });
  await t.test('are proposed beside the calls that the page names', (t) => {
    const { found, call, start } = open(t, 'token:api');
    start();
    call('getContext', undefined, answered);
    t.mock.timers.tick(1000);
    assert.deepEqual(found, [{ path: '/main/', names: ['token:api', 'getContext'] }]);
  });
  await t.test('are not proposed if the page names them', (t) => {
    const { found, call, start } = open(t, ' getContext  get:api/notes');
    start();
    call('getContext', undefined, answered); // a second time: the first was early
    t.mock.timers.tick(1000);
    assert.deepEqual(found, []);
  });
  await t.test('are not proposed if they fail', async (t) => {
    const { found, call, start } = open(t, undefined);
    start();
    call('getContext', undefined, answered);
    call('fetchRemote', fetchOf({ path: '/nots' }), Promise.resolve({ status: 404 }));
    call('fetchRemote', { ...fetchOf(), remoteKey: 'bakend' }, Promise.reject(new Error('no such remote')));
    await Promise.resolve();
    t.mock.timers.tick(1000);
    assert.deepEqual(found, [{ path: '/main/', names: ['getContext'] }]);
  });
  await t.test('end with the first input of the user', (t) => {
    const { found, call, start, click } = open(t, undefined);
    start();
    click();
    call('getContext', undefined, answered);
    t.mock.timers.tick(1000);
    assert.deepEqual(found, []);
  });
});
