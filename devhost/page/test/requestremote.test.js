import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, readInit, readRequest, remoteURL } from '../product/requestremote.js';
import { installFileReader } from './browser.js';

installFileReader();

const invalid = { name: 'Error', code: 'INVALID_REQUEST' };

test('readRequest', async (t) => {
  for (const [name, payload, want] of /** @type {any[][]} */ ([
    ['reads key and path', { remoteKey: 'api', fetchRequestInit: { path: '/a' } }, { remoteKey: 'api', path: '/a' }],
    ['has an empty path by default', { remoteKey: 'api' }, { remoteKey: 'api', path: '' }],
  ])) {
    await t.test(name, () => {
      const { remoteKey, path } = readRequest(payload);
      assert.deepEqual({ remoteKey, path }, want);
    });
  }
  for (const [name, payload] of /** @type {any[][]} */ ([
    ['refuses a payload without a key', {}],
    ['refuses a key that is no text', { remoteKey: 1 }],
    ['refuses a missing payload', undefined],
  ])) {
    await t.test(name, () => assert.throws(() => readRequest(payload), invalid));
  }
});

test('readInit', async (t) => {
  const plain = { credentials: 'omit', mode: 'cors' };
  for (const [name, sent, want] of /** @type {any[][]} */ ([
    ['never sends credentials', { credentials: 'include' }, plain],
    ['never turns CORS off', { mode: 'no-cors' }, plain],
    [
      'copies what a remote may see',
      { cache: 'no-store', redirect: 'error', keepalive: true, integrity: 'x', referrerPolicy: 'origin' },
      { ...plain, cache: 'no-store', redirect: 'error', keepalive: true, integrity: 'x', referrerPolicy: 'origin' },
    ],
    ['copies no other member', { signal: 'x', window: null, priority: 'high' }, plain],
    ['keeps the method as it is', { method: 'patch' }, { ...plain, method: 'patch' }],
    ['keeps a body', { body: 'text' }, { ...plain, body: 'text' }],
    ['leaves out an empty body, for HEAD', { method: 'HEAD', body: '' }, { ...plain, method: 'HEAD' }],
    ['leaves out null as a body', { body: null }, plain],
  ])) {
    await t.test(name, () => {
      const { headers, ...init } = readInit(sent, false);
      assert.deepEqual(init, want);
    });
  }
  for (const [name, sent, want] of /** @type {any[][]} */ ([
    ['has no headers by default', undefined, []],
    ['reads headers as an object', { 'X-A': '1' }, [['x-a', '1']]],
    [
      'reads headers as pairs, and joins repeated ones',
      [
        ['x-a', '1'],
        ['X-A', '2'],
      ],
      [['x-a', '1, 2']],
    ],
    ["removes the app's authorization", { Authorization: 'mine', 'x-a': '1' }, [['x-a', '1']]],
  ])) {
    await t.test(name, () => assert.deepEqual([...new Headers(readInit({ headers: sent }, false).headers)], want));
  }
});

test('a form', async (t) => {
  /** Returns the entries of the form, with the content of files. */
  const entries = async (fields) => {
    const body = /** @type {any} */ (readInit({ body: JSON.stringify(fields) }, true).body);
    return Promise.all(
      [...body].map(async ([name, value]) =>
        typeof value === 'string' ? [name, value] : [name, value.name, value.type, await value.text()],
      ),
    );
  };
  for (const [name, fields, want] of /** @type {any[][]} */ ([
    [
      'has its fields in their order',
      { b: '1', a: '2' },
      [
        ['b', '1'],
        ['a', '2'],
      ],
    ],
    [
      'has texts only',
      { n: 1, nothing: null },
      [
        ['n', '1'],
        ['nothing', 'null'],
      ],
    ],
    [
      'has a file with name and type',
      { file: 'data:text/plain;base64,aGk=', __fileName: 'a.txt', __fileType: 'text/plain' },
      [['file', 'a.txt', 'text/plain', 'hi']],
    ],
    [
      'has several files',
      {
        file1: 'data:;base64,YQ==',
        __file1Name: 'a',
        __file1Type: '',
        file2: 'data:;base64,Yg==',
        __file2Name: 'b',
        __file2Type: '',
      },
      [
        ['file1', 'a', '', 'a'],
        ['file2', 'b', '', 'b'],
      ],
    ],
    ['has a file without a type', { file: 'data:;base64,aGk=', __fileName: 'a' }, [['file', 'a', '', 'hi']]],
    [
      'has a file whose type contains a comma',
      { file: 'data:text/plain;a="x,y";base64,aGk=', __fileName: 'a', __fileType: 'text/plain' },
      [['file', 'a', 'text/plain', 'hi']],
    ],
    ['has an empty file', { file: 'data:', __fileName: 'a', __fileType: '' }, [['file', 'a', '', '']]],
    ['has a field "file…" without a name as text', { fileCount: '2' }, [['fileCount', '2']]],
    [
      'has a field "__…Name" that belongs to no file',
      { other: 'y', __otherName: 'x' },
      [
        ['other', 'y'],
        ['__otherName', 'x'],
      ],
    ],
  ])) {
    await t.test(name, async () => assert.deepEqual(await entries(fields), want));
  }
  await t.test("loses the payload's content type, because fetch sets the boundary", () => {
    const { headers } = readInit({ body: '{}', headers: { 'content-type': 'application/json', 'x-a': '1' } }, true);
    assert.deepEqual([...new Headers(headers)], [['x-a', '1']]);
  });
});

test('remoteURL', async (t) => {
  for (const [name, base, path, want] of /** @type {any[][]} */ ([
    ['appends a path', 'https://a.example', '/x', 'https://a.example/x'],
    ['appends a path below a path', 'https://a.example/api', '/x?y=1#z', 'https://a.example/api/x?y=1#z'],
    ['appends an empty path', 'https://a.example/api', '', 'https://a.example/api'],
    ['appends a query', 'https://a.example/api', '?a=b', 'https://a.example/api?a=b'],
    ['resolves dots inside the path', 'https://a.example/api', '/x/../y', 'https://a.example/api/y'],
    ['appends to a base with a slash', 'https://a.example/api/', 'x', 'https://a.example/api/x'],
    [
      'accepts a query with another address',
      'https://a.example',
      '/x?u=https://b.example',
      'https://a.example/x?u=https://b.example',
    ],
  ])) {
    await t.test(name, () => assert.equal(remoteURL(base, path), want));
  }
  for (const [name, base, path] of /** @type {any[][]} */ ([
    ['refuses a longer host name', 'https://a.example', '.evil.example/'],
    ['refuses the base as a user name', 'https://a.example', '@evil.example/'],
    ['refuses a port', 'https://a.example', ':8443/'],
    ['refuses a password', 'https://a.example', ':secret@a.example/'],
    ['refuses a base with a user name', 'https://me@a.example', '/x'],
    ['refuses dots that leave the path of the base', 'https://a.example/api', '/../admin'],
    ['refuses escaped dots that leave it', 'https://a.example/api', '/%2e%2e/admin'],
    ['refuses a longer first segment', 'https://a.example/api', 'admin'],
    ['refuses an address that cannot be parsed', 'https://a.example', ':x/'],
  ])) {
    await t.test(name, () => assert.throws(() => remoteURL(base, path), invalid));
  }
});

test('answerOf', async (t) => {
  for (const [name, contentType, body, want] of /** @type {any[][]} */ ([
    ['sends JSON as text', 'application/json', '{}', { body: '{}', isAttachment: false }],
    [
      'ignores case and parameters of a type',
      'Application/JSON; charset=utf-8',
      '{}',
      { body: '{}', isAttachment: false },
    ],
    ['sends a type with +json as text', 'application/problem+json', '{}', { body: '{}', isAttachment: false }],
    ['sends text of any kind as text', 'text/csv', 'a,b', { body: 'a,b', isAttachment: false }],
    ['keeps a byte order mark', 'text/plain', '\ufeffa', { body: '\ufeffa', isAttachment: false }],
    [
      'sends an image as a data URL',
      'image/png',
      new Uint8Array([1, 2]),
      { body: 'data:application/octet-stream;base64,AQI=', isAttachment: true },
    ],
    [
      'sends text that is not UTF-8 as a data URL',
      'text/plain',
      new Uint8Array([0xff]),
      { body: 'data:application/octet-stream;base64,/w==', isAttachment: true },
    ],
    [
      'does not take "jsonlines" for JSON',
      'application/jsonlines',
      'a',
      { body: 'data:application/octet-stream;base64,YQ==', isAttachment: true },
    ],
    ['sends no bytes as an empty text', 'image/png', '', { body: '', isAttachment: true }],
  ])) {
    await t.test(name, async () => {
      const { body: got, isAttachment } = await answerOf(
        new Response(body, { headers: { 'content-type': contentType } }),
      );
      assert.deepEqual({ body: got, isAttachment }, want);
    });
  }
  await t.test('takes bytes without a type for text', async () => {
    assert.equal((await answerOf(new Response(new Uint8Array([97])))).body, 'a');
  });
  await t.test('copies status and headers', async () => {
    const { status, statusText, headers } = await answerOf(
      new Response('a', { status: 404, statusText: 'No', headers: { 'X-A': '1', 'content-type': 'text/plain' } }),
    );
    assert.deepEqual(
      { status, statusText, headers },
      { status: 404, statusText: 'No', headers: { 'x-a': '1', 'content-type': 'text/plain' } },
    );
  });
});
