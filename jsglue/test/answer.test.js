import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAnswer, encodeArguments, encodeError } from '../answer.js';
import { answerBody, answerError, answerUndefined, requestApart } from '../flags.js';

test('an answer is JSON', async (t) => {
  for (const [name, answer, flags, payload] of /** @type {any[][]} */ ([
    ['an object', { a: 1 }, 0, '{"a":1}'],
    ['a text', 'a', 0, '"a"'],
    ['null', null, 0, 'null'],
    ['undefined, which JSON does not have', undefined, answerUndefined, ''],
    ['a function, which JSON does not have', () => {}, answerUndefined, ''],
  ])) {
    await t.test(name, () => assert.deepEqual(encodeAnswer(answer, 0), { flags, payload, body: '' }));
  }
});

test('an answer that is kept has {} for its functions', () => {
  const answer = { a: 1, actions: { submit() {} }, list: [() => {}] };
  assert.equal(encodeAnswer(answer, 0, true).payload, '{"a":1,"actions":{"submit":{}},"list":[{}]}');
  assert.equal(encodeAnswer(answer, 0).payload, '{"a":1,"actions":{},"list":[null]}');
  assert.equal(encodeAnswer(() => {}, 0, true).flags, answerUndefined);
});

test('the answer to a request', async (t) => {
  const response = { status: 200, statusText: 'OK', headers: { a: 'b' }, isAttachment: false };
  await t.test('has its text beside the JSON', () => {
    assert.deepEqual(encodeAnswer({ ...response, body: '"text"' }, 1), {
      flags: answerBody,
      payload: JSON.stringify(response),
      body: '"text"',
    });
  });
  await t.test('keeps a body that is no text inside the JSON', () => {
    const { flags, payload, body } = encodeAnswer({ ...response, body: null }, 1);
    assert.deepEqual([flags, JSON.parse(payload).body, body], [0, null, '']);
  });
  await t.test('loses the members that are not of a Response', () => {
    assert.doesNotMatch(encodeAnswer({ ...response, body: '', secret: 1 }, 1).payload, /secret/);
  });
  await t.test('may be no object', () => {
    assert.equal(encodeAnswer('a', 1).payload, '"a"');
    assert.equal(encodeAnswer(null, 1).payload, 'null');
  });
});

test('an answer that is not for a request keeps its body', () => {
  assert.deepEqual(encodeAnswer({ body: 'a', other: 1 }, 0), { flags: 0, payload: '{"body":"a","other":1}', body: '' });
});

test('the answer to invoke', async (t) => {
  for (const [name, answer, payload, body] of /** @type {any[][]} */ ([
    [
      'has its body apart, as JSON',
      { payload: { body: { c: 1 }, status: 200 }, success: true },
      '{"payload":{"status":200},"success":true}',
      '{"c":1}',
    ],
    ['may have nothing else', { payload: { body: 'text' } }, '{"payload":{}}', '"text"'],
    ['may have a body without a JSON form', { payload: { body() {} } }, '{"payload":{}}', ''],
  ])) {
    await t.test(name, () => {
      assert.deepEqual(encodeAnswer(answer, requestApart), { flags: answerBody, payload, body });
    });
  }
  await t.test('has its body in the JSON for a caller who does not take it apart', () => {
    assert.equal(encodeAnswer({ payload: { body: [1] } }, 0).payload, '{"payload":{"body":[1]}}');
  });
  for (const [name, answer] of /** @type {any[][]} */ ([
    ['may have no body', { success: true, payload: { status: 204, headers: {}, body: null } }],
    ['may be the result of a function', ['a']],
    ['may be null', null],
  ])) {
    await t.test(name, () => {
      assert.deepEqual(encodeAnswer(answer, requestApart), { flags: 0, payload: JSON.stringify(answer), body: '' });
    });
  }
});

test('an answer without a JSON form is an error', () => {
  const cycle = {};
  cycle.cycle = cycle;
  const { flags, payload } = encodeAnswer(cycle, 0);
  assert.equal(flags, answerError);
  assert.equal(JSON.parse(payload).name, 'TypeError');
});

test('an error', async (t) => {
  const unreadable = {
    get name() {
      throw new Error('no');
    },
  };
  for (const [name, error, want] of /** @type {any[][]} */ ([
    [
      'has name, message and code',
      Object.assign(new TypeError('no'), { code: 7 }),
      { name: 'TypeError', message: 'no', code: '7' },
    ],
    ['may be a text', 'no', { message: 'no' }],
    ['may be undefined', undefined, { message: 'undefined' }],
    ['may be null', null, { message: 'null' }],
    ['may be an object without a message', { code: 'E' }, { code: 'E', message: '[object Object]' }],
    ['may be unreadable', unreadable, { message: "the host's error cannot be read" }],
  ])) {
    await t.test(name, () => {
      const { flags, payload, body } = encodeError(error);
      assert.deepEqual([flags, JSON.parse(payload), body], [answerError, want, '']);
    });
  }
});

test('arguments may have errors anywhere', () => {
  assert.equal(
    encodeArguments([1, { reason: new RangeError('no') }, undefined]),
    '[1,{"reason":{"name":"RangeError","message":"no"}},null]',
  );
});
