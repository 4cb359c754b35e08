import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory } from './browser.js';

installHistory();
/** @type {any} */ (window).location = location;
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null };

const { fetchRemote, namesToAllow } = await import('../product/fetchremote.js');

test('fetchRemote', async (t) => {
  const token = { jwt: 'abc', expiresAt: 0, baseUrl: 'https://a.example/api' };
  /** Performs the command with a fetch that answers 201, and returns what was fetched, noted and answered. */
  const perform = async (t, fetchRequestInit) => {
    const fetched = t.mock.method(
      globalThis,
      'fetch',
      async () => new Response('made', { status: 201, statusText: 'Created' }),
    );
    const notes = [];
    /** @type {any} */
    const call = {
      tokens: { get: async (key) => (assert.equal(key, 'api'), token) },
      note: (about) => notes.push(about),
    };
    /** @type {any} */
    const result = await fetchRemote({ remoteKey: 'api', fetchRequestInit }, call).catch((error) => error);
    return { requests: fetched.mock.calls.map(({ arguments: [url, init] }) => ({ url, init })), notes, result };
  };
  await t.test('sends the token', async (t) => {
    const { requests, result } = await perform(t, {
      path: '/x',
      method: 'POST',
      body: 'b',
      headers: { 'x-a': '1', authorization: 'mine' },
    });
    assert.equal(requests.length, 1);
    const [{ url, init }] = requests;
    assert.equal(url, 'https://a.example/api/x');
    assert.deepEqual(
      [...init.headers],
      [
        ['authorization', 'Bearer abc'],
        ['x-a', '1'],
      ],
    );
    assert.deepEqual([init.method, init.body, init.credentials], ['POST', 'b', 'omit']);
    assert.equal(result.body, 'made');
  });
  await t.test('notes remote, request and status', async (t) => {
    assert.deepEqual((await perform(t, { path: '/x' })).notes, [
      { remote: 'api', request: 'GET /x' },
      { status: '201 Created' },
    ]);
  });
  await t.test('does not send the token to another origin', async (t) => {
    const { requests, result } = await perform(t, { path: '/../../admin' });
    assert.equal(requests.length, 0);
    assert.equal(result.code, 'INVALID_REQUEST');
  });
});

test('a token that the remote refuses', async (t) => {
  /** Performs the command. The remote answers the tokens "1", "2" and so on with these statuses. */
  const perform = async (t, statuses, { replace = async (next) => next } = {}) => {
    const sent = [];
    t.mock.method(globalThis, 'fetch', async (_url, { headers, body }) => {
      sent.push([headers.get('authorization'), body]);
      return new Response('', { status: statuses[sent.length - 1] });
    });
    const notes = [];
    const first = { jwt: '1', baseUrl: 'https://a.example', isRefused: false };
    const second = { jwt: '2', baseUrl: 'https://a.example', isRefused: false };
    /** @type {any} */
    const call = {
      tokens: {
        get: async () => first,
        replace: async (key, refused) => {
          assert.deepEqual([key, refused], ['api', first]);
          return replace(second);
        },
      },
      note: (about) => notes.push(about),
    };
    /** @type {any} */
    const { status } = await fetchRemote(
      { remoteKey: 'api', fetchRequestInit: { path: '/', method: 'POST', body: 'b' } },
      call,
    );
    return { sent, status, note: notes.at(-1).status, second };
  };
  await t.test('is replaced, and the request is sent once more', async (t) => {
    const { sent, status, note, second } = await perform(t, [401, 200]);
    assert.deepEqual(sent, [
      ['Bearer 1', 'b'],
      ['Bearer 2', 'b'],
    ]);
    assert.deepEqual([status, note], [200, '200, sent again with a new token after 401']);
    assert.equal(second.isRefused, false);
  });
  await t.test('is not replaced twice', async (t) => {
    const { sent, status, second } = await perform(t, [401, 401]);
    assert.deepEqual([sent.length, status, second.isRefused], [2, 401, true]);
  });
  for (const [name, replace] of /** @type {any[][]} */ ([
    ['there is no other', async () => undefined],
    ['the host cannot issue another', () => Promise.reject(new Error('no'))],
  ])) {
    await t.test(`leads to its answer if ${name}`, async (t) => {
      const { sent, status, note } = await perform(t, [401], { replace });
      assert.deepEqual([sent.length, status, note], [1, 401, '401']);
    });
  }
  for (const status of [400, 403, 500]) {
    await t.test(`is not replaced after ${status}`, async (t) => {
      const { sent, status: got } = await perform(t, [status], { replace: () => assert.fail('replaced') });
      assert.deepEqual([sent.length, got], [1, status]);
    });
  }
});

test('a request without an answer', async (t) => {
  const payload = {
    remoteKey: 'api',
    fetchRequestInit: { path: '/a?b=c', method: 'put', headers: { 'x-a': '1', authorization: 'mine' } },
  };
  /** Performs the command. fetch fails for the remote; the host answers. Returns the error and what the host was asked. */
  const perform = async (t, failure, host) => {
    const asked = [];
    t.mock.method(globalThis, 'fetch', async (url, init) => {
      if (!String(url).startsWith('/_host/')) throw failure;
      asked.push({ name: url, input: JSON.parse(init.body) });
      return host();
    });
    /** @type {any} */
    const call = { tokens: { get: async () => ({ jwt: 'secret', baseUrl: 'https://a.example' }) }, note: () => {} };
    /** @type {any} */
    const error = await fetchRemote(payload, call).then(
      () => assert.fail('there is an answer'),
      (error) => error,
    );
    return { asked, error };
  };
  const json = (value) => () =>
    new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });

  await t.test('fails as in the browser, and the detail says why', async (t) => {
    const failure = new TypeError('Failed to fetch');
    const { asked, error } = await perform(t, failure, json({ text: 'the remote is down.' }));
    assert.ok(error === failure);
    assert.deepEqual([error.message, error.detail], ['Failed to fetch', 'the remote is down.']);
    assert.equal(asked.length, 1);
    const { ms, ...input } = asked[0].input;
    assert.equal(typeof ms, 'number');
    assert.deepEqual(input, { remoteKey: 'api', method: 'put', path: '/a?b=c', headers: ['authorization', 'x-a'] });
  });
  await t.test('sends no token to the host', async (t) => {
    const { asked } = await perform(t, new TypeError('x'), json({ text: 'x' }));
    assert.doesNotMatch(JSON.stringify(asked), /secret|mine/);
  });
  for (const [name, host] of /** @type {any[][]} */ ([
    ['that does not know it', json({ text: '' })],
    ['that refuses', json({ error: { message: 'no', code: 'NO' } })],
  ])) {
    await t.test(`has no detail from a host ${name}`, async (t) => {
      const { error } = await perform(t, new TypeError('Failed to fetch'), host);
      assert.deepEqual([error.message, error.detail], ['Failed to fetch', undefined]);
    });
  }
  for (const [name, onLine, detail] of /** @type {any[][]} */ ([
    ['the host is gone', true, /^The local host does not answer/],
    ['the browser is offline', false, /^This browser is offline/],
  ])) {
    await t.test(`says that ${name}`, async (t) => {
      Object.defineProperty(globalThis, 'navigator', { value: { onLine }, configurable: true });
      t.after(() => Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true }));
      const { error } = await perform(t, new TypeError('Failed to fetch'), () => {
        throw new TypeError('Failed to fetch');
      });
      assert.equal(error.message, 'Failed to fetch');
      assert.match(error.detail, detail);
    });
  }
  await t.test('asks nothing about an error of another kind', async (t) => {
    const { asked, error } = await perform(t, new DOMException('x', 'AbortError'), json({ text: 'x' }));
    assert.equal(error.name, 'AbortError');
    assert.equal(asked.length, 0);
  });
});

test('namesToAllow', async (t) => {
  for (const [name, headers, want] of /** @type {any[][]} */ ([
    ['has authorization, which the page adds', {}, ['authorization']],
    ['leaves out plain ones', { accept: 'a', 'accept-language': 'de', 'content-language': 'de' }, ['authorization']],
    ['has others', { 'X-B': '1', 'if-match': '2' }, ['authorization', 'if-match', 'x-b']],
    ['has the type of JSON', { 'content-type': 'application/json' }, ['authorization', 'content-type']],
    ['leaves out the type of a text', { 'content-type': 'text/plain; charset=utf-8' }, ['authorization']],
    ['has the type of another text', { 'content-type': 'text/plainer' }, ['authorization', 'content-type']],
    ['has long values', { accept: 'a'.repeat(129) }, ['authorization', 'accept']],
  ])) {
    await t.test(name, () => assert.deepEqual(namesToAllow(new Headers(headers)), want));
  }
});
