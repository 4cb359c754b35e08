import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newReplies } from '../replies.js';

test('a call of a callback waits for its result', async () => {
  const replies = newReplies();
  const [first, second] = [replies.expect(1), replies.expect(1)];
  replies.settle([second[0], { a: 1 }]);
  replies.settle([first[0]]);
  assert.deepEqual([await first[1], await second[1]], [undefined, { a: 1 }]);
});

test('a call of a callback fails with the error of the program', async () => {
  const replies = newReplies();
  const [number, promise] = replies.expect(1);
  replies.settle([number, null, { name: 'QuotaError', message: 'full', code: 'QUOTA' }]);
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof Error);
    assert.deepEqual({ ...error, message: error.message }, { name: 'QuotaError', message: 'full', code: 'QUOTA' });
    return true;
  });
});

test("the end of the program's call returns undefined from its callbacks, and from no others", async () => {
  const replies = newReplies();
  const [gone, other] = [replies.expect(1), replies.expect(2)];
  replies.forget(1);
  replies.settle([gone[0], 'late']);
  replies.settle([other[0], 'other']);
  assert.deepEqual([await gone[1], await other[1]], [undefined, 'other']);
});

test('a result for a call that nobody waits for changes nothing', () => {
  newReplies().settle([7, 1]);
});
