import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outdated, versionsOf } from '../product/versions.js';

test('versionsOf', () => {
  assert.deepEqual(versionsOf('abc 2 13'), { instance: 'abc', product: 2, app: 13 });
  assert.deepEqual(versionsOf(undefined), { instance: '', product: 0, app: 0 });
});

test('outdated', () => {
  for (const [shown, now, want] of [
    ['a 1 1', 'a 1 1', ''],
    ['a 1 1', 'a 1 2', 'app'],
    ['a 1 1', 'a 2 1', 'product'],
    ['a 1 1', 'a 2 2', 'product'],
    ['a 1 1', 'b 2 2', ''],
  ]) {
    assert.equal(outdated(versionsOf(shown), versionsOf(now)), want, `${shown} → ${now}`);
  }
});
