import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PanicReport } from '../app/panic.js';

const lines = [
  'panic: runtime error: index out of range [3] with length 3',
  '',
  'goroutine 1 [running]:',
  'main.main()',
  '\t/app/frontend/main.go:12 +0x3',
];

test('the lines of a panic become one report', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reports = [];
  const panic = new PanicReport((text) => reports.push(text));
  assert.equal(panic.print('before'), false);
  for (const line of lines) {
    assert.equal(panic.print(line), true);
    assert.equal(panic.isOpen, true);
  }
  assert.deepEqual(reports, [], 'before the next task');
  t.mock.timers.tick(0);
  assert.deepEqual(reports, [lines.join('\n')]);
  assert.equal(panic.isOpen, false);
  assert.equal(panic.print('after'), false);
});

test('print recognizes a report', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const [text, want] of /** @type {any[][]} */ ([
    ['panic: boom', true],
    ['fatal error: all goroutines are asleep - deadlock!', true],
    ['runtime: goroutine stack exceeds 250000000-byte limit', true],
    ['no panic: all is well', false],
    ['panicky', false],
  ])) {
    await t.test(text, () => assert.equal(new PanicReport(() => {}).print(text), want));
  }
});
