import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer } from './browser.js';

installHistory();
/** @type {any} */ (window).location = location;
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null };
const { InvocationTokens } = await import('../product/fit.js');

/**
 * Returns the tokens of a module and the requests to the server, which mints the tokens "1", "2" and so on. They live for
 * 10 s. The clocks are set by the test: "now" is the wall clock, "steady" is performance.now.
 */
const setUp = (
  t,
  /** @type {(count: number) => unknown} */
  answer = (count) => ({ jwt: String(count), expiresAt: Date.now() + 10_000, baseUrl: 'https://a.example' }),
) => {
  const clock = { now: 1_000_000, steady: 0 };
  t.mock.method(Date, 'now', () => clock.now);
  t.mock.method(performance, 'now', () => clock.steady);
  const requests = installServer(t, (_name, _input, count) => answer(count));
  const wait = (ms) => {
    clock.now += ms;
    clock.steady += ms;
  };
  return { tokens: new InvocationTokens({ moduleKey: 'panel', view: 'edit' }), requests, clock, wait };
};
const jwt = async (tokens, key = 'api') => (await tokens.get(key)).jwt;

test('get asks the server with module, view and remote', async (t) => {
  const { tokens, requests } = setUp(t);
  assert.equal((await tokens.get('api')).baseUrl, 'https://a.example');
  assert.deepEqual(requests, [{ name: 'token', input: { moduleKey: 'panel', view: 'edit', remoteKey: 'api' } }]);
});

test('get renews a token', async (t) => {
  for (const [name, change, want] of /** @type {any[][]} */ ([
    ['not while it is fresh', ({ wait }) => wait(7999), '1'],
    ['two seconds before it expires', ({ wait }) => wait(8000), '2'],
    ['after it expired', ({ wait }) => wait(60_000), '2'],
    [
      'if the clock was set back',
      ({ clock }) => {
        clock.now -= 3_600_000;
      },
      '2',
    ],
    [
      'if the clock was set forward by more than two seconds',
      ({ clock }) => {
        clock.now += 2000;
      },
      '2',
    ],
    [
      'not if the clock was corrected by less',
      ({ clock }) => {
        clock.now += 1999;
      },
      '1',
    ],
  ])) {
    await t.test(name, async (t) => {
      const setup = setUp(t);
      await setup.tokens.get('api');
      change(setup);
      assert.equal(await jwt(setup.tokens), want);
    });
  }
});

test('get shares a token', async (t) => {
  await t.test('that is being minted', async (t) => {
    const { tokens, requests } = setUp(t);
    assert.deepEqual(await Promise.all([jwt(tokens), jwt(tokens)]), ['1', '1']);
    assert.equal(requests.length, 1);
  });
  await t.test('that is being renewed', async (t) => {
    const { tokens, requests, wait } = setUp(t);
    await tokens.get('api');
    wait(9000);
    assert.deepEqual(await Promise.all([jwt(tokens), jwt(tokens), jwt(tokens)]), ['2', '2', '2']);
    assert.equal(requests.length, 2);
  });
  await t.test('but not with another remote', async (t) => {
    const { tokens } = setUp(t);
    assert.deepEqual(
      [await jwt(tokens, 'api'), await jwt(tokens, 'other'), await jwt(tokens, 'other')],
      ['1', '2', '2'],
    );
  });
});

test('get asks again after a failure', async (t) => {
  const { tokens } = setUp(t, (count) =>
    count === 1 ? { error: { code: 'FAULT', message: 'no token' } } : { jwt: 'good', expiresAt: Date.now() + 10_000 },
  );
  await assert.rejects(tokens.get('api'), { code: 'FAULT', message: 'no token' });
  assert.equal(await jwt(tokens), 'good');
});

test('replace', async (t) => {
  await t.test('returns another token, which is cached', async (t) => {
    const { tokens } = setUp(t);
    const first = await tokens.get('api');
    const second = await tokens.replace('api', first);
    assert.deepEqual([first.jwt, second?.jwt, await jwt(tokens)], ['1', '2', '2']);
  });
  await t.test('mints one token for all requests that were refused', async (t) => {
    const { tokens } = setUp(t);
    const first = await tokens.get('api');
    const all = await Promise.all([1, 2, 3].map(() => tokens.replace('api', first)));
    assert.deepEqual(
      all.map((token) => token?.jwt),
      ['2', '2', '2'],
    );
  });
  await t.test('returns none if the remote refused the token after another', async (t) => {
    const { tokens } = setUp(t);
    const first = await tokens.get('api');
    first.isRefused = true;
    assert.equal(await tokens.replace('api', first), undefined);
  });
});

test('mint returns a new token each time, and does not cache it', async (t) => {
  const { tokens } = setUp(t);
  assert.equal((await tokens.mint('api')).jwt, '1');
  assert.equal((await tokens.mint('api')).jwt, '2');
  assert.equal(await jwt(tokens), '3');
});

test('an answer of the server that is no JSON is an error', async (t) => {
  const { tokens } = setUp(t);
  t.mock.method(globalThis, 'fetch', async () => new Response('Forbidden.\n', { status: 403 }));
  await assert.rejects(tokens.get('api'), { code: 'HOST_REFUSED', message: 'Forbidden.' });
});

test('a server that does not answer is an error', async (t) => {
  const { tokens } = setUp(t);
  t.mock.method(globalThis, 'fetch', () => Promise.reject(new TypeError('fetch failed')));
  await assert.rejects(tokens.get('api'), { code: 'HOST_GONE' });
});
