import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, describeBriefly, withoutTokens } from '../product/redact.js';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl';
const cycle = {};
cycle.self = cycle;

test('describe hides secrets', async (t) => {
  for (const [name, value, want] of /** @type {any[][]} */ ([
    ['an authorization header', { authorization: 'abc' }, { authorization: '[hidden]' }],
    ['a header in any case', { 'Proxy-Authorization': 'abc' }, { 'Proxy-Authorization': '[hidden]' }],
    ['cookies', { cookie: 'a=1', 'Set-Cookie': 'b=2' }, { cookie: '[hidden]', 'Set-Cookie': '[hidden]' }],
    ["Forge's OAuth headers", { 'x-forge-oauth-user': 'abc' }, { 'x-forge-oauth-user': '[hidden]' }],
    ['a member jwt', { jwt: 'abc' }, { jwt: '[hidden]' }],
    [
      'a name that contains token, secret or password',
      { accessToken: 'a', clientSecret: 'b', dbPassword: 'c' },
      { accessToken: '[hidden]', clientSecret: '[hidden]', dbPassword: '[hidden]' },
    ],
    ['but not another name', { jwtKind: 'abc', cookies: 'a' }, { jwtKind: 'abc', cookies: 'a' }],
    ['but not a number', { tokens: 3 }, { tokens: 3 }],
    [
      'a header as a pair',
      {
        headers: [
          ['Authorization', 'abc'],
          ['accept', 'text/plain'],
        ],
      },
      {
        headers: [
          ['Authorization', '[hidden]'],
          ['accept', 'text/plain'],
        ],
      },
    ],
    ['a JWT inside a text', { text: `before ${jwt} after` }, { text: 'before [hidden token] after' }],
    ["the local host's replacement for an OAuth token", { text: 'forgego-local-abc1' }, { text: '[hidden token]' }],
    ['a bearer token of any form', { text: 'use bearer abc, please' }, { text: 'use bearer [hidden] please' }],
    [
      'a member of a JSON body',
      { body: `{"token": "abc", "a": ["${jwt}"]}` },
      { body: { token: '[hidden]', a: ['[hidden token]'] } },
    ],
    ['a JWT in a body that is not quite JSON', { body: `{"a": "${jwt}"` }, { body: '{"a": "[hidden token]"' }],
  ])) {
    await t.test(name, () => assert.deepEqual(JSON.parse(describe(value)), want));
  }
});

test('describe shows a value', async (t) => {
  for (const [name, value, want] of /** @type {any[][]} */ ([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object, indented', { a: 1 }, '{\n  "a": 1\n}'],
    ['a function', [() => 1], '[\n  "[function]"\n]'],
    ['a bigint', [12n], '[\n  "12n"\n]'],
    ['a blob', new Blob(['abc'], { type: 'text/plain' }), '"[Blob, 3 bytes, text/plain]"'],
    ['a blob without a type', new Blob(['abc']), '"[Blob, 3 bytes, no type]"'],
    ['a file', new File(['abc'], 'a.txt'), '"[File, 3 bytes, no type]"'],
    ['a buffer', new ArrayBuffer(2), '"[ArrayBuffer, 2 bytes]"'],
    ['a view of a buffer', new Uint16Array(2), '"[Uint16Array, 4 bytes]"'],
    ['a symbol', Symbol('a'), 'Symbol(a)'],
    ['20,000 characters', 'a'.repeat(19_998), `"${'a'.repeat(19_998)}"`],
    ['the start of a longer text', 'a'.repeat(20_000), `"${'a'.repeat(19_999)}\n… 2 more characters`],
  ])) {
    await t.test(name, () => assert.equal(describe(value), want));
  }
  await t.test('unless it contains itself', () => assert.match(describe(cycle), /^This value cannot be shown: /));
});

test('describeBriefly returns one line of at most 200 characters', async (t) => {
  for (const [name, value, want] of /** @type {any[][]} */ ([
    ['an object', { a: { b: 1 } }, '{ "a": { "b": 1 } }'],
    ['a long text', 'a'.repeat(300), `"${'a'.repeat(199)}`],
  ])) {
    await t.test(name, () => assert.equal(describeBriefly(value), want));
  }
});

test('withoutTokens hides every token of a text', async (t) => {
  for (const [name, text, want] of /** @type {any[][]} */ ([
    ['two JWTs', `${jwt} ${jwt}`, '[hidden token] [hidden token]'],
    ['an unsigned JWT', 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.', '[hidden token]'],
    ['basic credentials', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [hidden]'],
    ['the word after "basic", which may be credentials', 'A basic text', 'A basic [hidden]'],
    ['a word that contains a scheme', 'Basically fine', 'Basically fine'],
  ])) {
    await t.test(name, () => assert.equal(withoutTokens(text), want));
  }
});
