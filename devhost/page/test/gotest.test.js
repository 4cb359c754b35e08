// The folder gotest holds the tests that goTest makes of the calls below. "go test" compiles and runs them. After a change
// of goTest, UPDATE=1 writes them again.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { goTest } from '../product/gotest.js';

const folder = new URL('gotest/', import.meta.url);

const answer = (status, contentType, body, isAttachment = false) => ({
  status,
  statusText: 'x',
  headers: { 'content-type': contentType },
  body,
  isAttachment,
});

/** @type {Record<string, import('../product/gotest.js').Recorded>} */
const calls = {
  request: {
    command: 'fetchRemote',
    payload: { remoteKey: 'tasks-api', fetchRequestInit: { path: '/tasks', headers: [], body: '' } },
    remote: 'tasks-api',
    answer: answer(200, 'application/json', '[{"id": 1, "title": "Buy `milk` \\ more"}]'),
  },
  request_with_body: {
    command: 'fetchRemote',
    payload: {
      remoteKey: 'tasks-api',
      fetchRequestInit: {
        path: '/tasks/ä b?q=1&q=2#part',
        method: 'post',
        headers: [
          ['content-type', 'application/json'],
          ['x-b', '1'],
          ['x-a', '"2"'],
          ['x-a', '3'],
          ['authorization', '[hidden]'],
        ],
        body: '{\n\t"title": "Über \u2028 \ud83d\ude00"\n}',
      },
    },
    remote: 'tasks-api',
    answer: answer(201, 'text/plain', 'first\nsecond'),
  },
  request_of_bytes: {
    command: 'fetchRemote',
    payload: { remoteKey: 'tasks-api', fetchRequestInit: { path: '/picture' } },
    remote: 'tasks-api',
    answer: answer(200, 'image/png', 'data:application/octet-stream;base64,iVBORwAiXGEK/w==', true),
  },
  request_without_answer_body: {
    command: 'fetchRemote',
    payload: { remoteKey: 'tasks-api', fetchRequestInit: { path: '/tasks/1', method: 'DELETE' } },
    remote: 'tasks-api',
    answer: answer(204, '', ''),
  },
  request_that_is_refused: {
    command: 'fetchRemote',
    payload: { remoteKey: 'tasks-api', fetchRequestInit: { path: '/tasks/2' } },
    remote: 'tasks-api',
    answer: answer(403, 'text/plain', 'no\u0000"'),
  },
  request_without_an_answer: {
    command: 'fetchRemote',
    payload: { remoteKey: 'tasks-api', fetchRequestInit: { path: '/tasks', method: 'PATCH', body: 'a=b' } },
    error: { name: 'TypeError', message: 'Failed to fetch' },
  },
  form: {
    command: 'fetchRemote',
    payload: {
      remoteKey: 'tasks-api',
      isMultipartFormData: true,
      fetchRequestInit: { path: '/form', method: 'POST', body: '{"a":"b"}' },
    },
    answer: answer(200, 'text/plain', 'ok'),
  },
  invoke_remote: {
    command: 'invoke',
    payload: {
      invokeType: 'ui-remote-fetch',
      path: '/reports?year=2026',
      method: 'POST',
      headers: { 'x-a': '1' },
      body: { year: 2026, note: '`' },
    },
    remote: 'tasks-api',
    answer: { success: true, payload: { status: 201, headers: {}, body: { rows: [1, 2.5, null], title: '"Rows"' } } },
  },
  invoke_remote_fails: {
    command: 'invoke',
    payload: { invokeType: 'ui-remote-fetch', path: '/reports', method: 'GET' },
    remote: 'tasks-api',
    error: {
      name: 'Error',
      message: 'Invalid response from remote - remote network error',
      code: 'REMOTE_NETWORK_ERROR',
    },
  },
  invoke_remote_not_found: {
    command: 'invoke',
    payload: { invokeType: 'ui-remote-fetch', path: '/none', method: 'GET' },
    remote: 'tasks-api',
    answer: { success: true, payload: { status: 404, headers: {}, error: 'not found' } },
  },
  invoke_service: {
    command: 'invoke',
    payload: { invokeType: 'ui-container-fetch', path: '/jobs', method: 'GET' },
    remote: 'worker',
    answer: { success: true, payload: { status: 200, headers: {}, body: [] } },
  },
  invoke: {
    command: 'invoke',
    payload: { functionKey: 'getText', payload: { example: 'a "quoted" word' } },
    answer: { text: 'line 1\nline 2', list: [true] },
  },
  invoke_without_result: { command: 'invoke', payload: { functionKey: 'save-all.now' }, answer: undefined },
  invoke_fails: {
    command: 'invoke',
    payload: { functionKey: 'fail' },
    error: { name: 'Error', message: 'It said "no".\nTwice.' },
  },
  invoke_with_metadata: {
    command: 'invoke',
    payload: { functionKey: 'getText', metadata: { rateLimitProperties: true } },
    answer: { body: 1, metadata: {} },
  },
  context: {
    command: 'getContext',
    payload: undefined,
    answer: { accountId: 'a', moduleKey: 'panel', locale: 'en-US', extension: { type: 'jira:issuePanel' } },
  },
  context_fails: { command: 'getContext', payload: undefined, error: { name: 'Error', message: 'no', code: 7 } },
  product: {
    command: 'fetchProduct',
    payload: {
      product: 'jira',
      restPath: '/rest/api/3/issue/DEMO-1?fields=a',
      fetchRequestInit: { method: 'PUT', headers: [['accept', 'application/json']], body: '{}' },
    },
    answer: answer(200, 'application/json', '{"key":"DEMO-1"}'),
  },
  product_bytes: {
    command: 'fetchProduct',
    payload: { product: 'confluence', restPath: '/wiki/download', fetchRequestInit: {} },
    answer: answer(200, 'image/png', 'data:application/octet-stream;base64,AQI=', true),
  },
  product_fails: {
    command: 'fetchProduct',
    payload: { product: 'bitbucket', restPath: '/2.0/user', fetchRequestInit: {} },
    error: { name: 'Error', message: 'no', code: 'NO' },
  },
  command: { command: 'view.emitReadyEvent', payload: { a: ['`', '\u0001'] }, answer: null },
  command_without_payload: { command: 'getUrl', payload: undefined, answer: 'https://example.com/a' },
  command_without_answer: { command: 'close', payload: undefined, answer: undefined },
  command_fails: { command: 'submit', payload: {}, error: { name: 'BridgeAPIError', message: 'this is no modal' } },
};

test('the test of each kind of call is the one that go test runs', async (t) => {
  for (const [name, call] of Object.entries(calls)) {
    await t.test(name, () => {
      const file = new URL(`${name}_test.go`, folder);
      // The tests are in one package here, so each function needs a name of its own.
      const text = goTest(call)?.replaceAll(/\bTest[A-Z]\w*(?=\(t \*testing| repeats)/g, `$&_${name}`);
      if (process.env.UPDATE) writeFileSync(file, text ?? '');
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }
  await t.test('and there is no other', () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      Object.keys(calls)
        .map((name) => `${name}_test.go`)
        .sort(),
    );
  });
});

test('a call that is too long has no test', () => {
  assert.equal(goTest({ command: 'emit', payload: 'x'.repeat(40_000), answer: undefined }), undefined);
  assert.equal(goTest({ command: 'emit', payload: '', answer: 'x'.repeat(40_000) }), undefined);
});
