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
  }
  assert.deepEqual(reports, [], 'before the next task');
  t.mock.timers.tick(0);
  assert.deepEqual(reports, [lines.join('\n')]);
  assert.equal(panic.print('after'), false);
});

test('errors around a panic belong to it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reports = [];
  const panic = new PanicReport((text) => reports.push(text));
  const error = (text) => panic.error(text, () => reports.push(`error: ${text}`));
  error('alone');
  t.mock.timers.tick(0);
  assert.deepEqual(reports.splice(0), ['error: alone']);

  error('An event handler must not wait.');
  error(`The app’s program has ended.\n${lines[0]}`);
  for (const line of lines) panic.print(line);
  error('RuntimeError: unreachable');
  t.mock.timers.tick(0);
  assert.deepEqual(reports.splice(0), [['An event handler must not wait.', ...lines].join('\n')]);

  error('one');
  error('two');
  t.mock.timers.tick(0);
  assert.deepEqual(reports, ['error: one', 'error: two']);
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
