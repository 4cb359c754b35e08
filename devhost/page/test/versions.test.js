import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outdated, versionsOf } from '../product/versions.js';

test('versionsOf', () => {
  assert.deepEqual(versionsOf('abc 2 13 f0'), { instance: 'abc', product: 2, app: 13, fixed: 'f0' });
  assert.deepEqual(versionsOf(undefined), { instance: '', product: 0, app: 0, fixed: '' });
});

test('outdated', () => {
  for (const [shown, now, want] of [
    ['a 1 1', 'a 1 1', ''],
    ['a 1 1', 'a 1 2', 'app'],
    ['a 1 1', 'a 2 1', 'product'],
    ['a 1 1', 'a 2 2', 'product'],
    ['a 1 1 f', 'b 0 0 f', ''],
    ['a 1 1 f', 'b 0 0 g', 'restart'],
    ['a 1 1 f', 'b 1 1 g', 'restart'],
    ['a 1 1 f', 'a 1 1 g', ''],
  ]) {
    assert.equal(outdated(versionsOf(shown), versionsOf(now)), want, `${shown} → ${now}`);
  }
});
