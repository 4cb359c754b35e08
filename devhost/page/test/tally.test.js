import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../app/tally.js';

test('an error that repeats is counted', () => {
  const tally = new Tally();
  for (const [name, text] of /** @type {any[][]} */ ([
    ['error', 'a'],
    ['error', 'b'],
    ['error', 'a'],
    ['console.error', 'a'],
    ['error', 'a'],
  ])) {
    tally.add(name, text);
  }
  assert.deepEqual(tally.take(), [
    { name: 'error', text: 'a', count: 3 },
    { name: 'error', text: 'b', count: 1 },
    { name: 'console.error', text: 'a', count: 1 },
  ]);
  assert.deepEqual(tally.take(), []);
});

test('a long text is cut', () => {
  const tally = new Tally();
  tally.add('error', 'x'.repeat(16 * 1024 + 7));
  const [{ text }] = tally.take();
  assert.equal(text, `${'x'.repeat(16 * 1024)}\n… 7 more characters`);
});

test('many different errors are counted together', () => {
  const tally = new Tally();
  for (let i = 0; i < 60; i += 1) tally.add('error', `error ${i}`);
  const errors = tally.take();
  assert.equal(errors.length, 51);
  assert.equal(errors[50].count, 10);
  tally.add('error', 'next');
  assert.deepEqual(tally.take(), [{ name: 'error', text: 'next', count: 1 }]);
});
