import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitAt } from '../product/sourceline.js';

test('splitAt', async (t) => {
  for (const [name, source, column, want] of /** @type {any[][]} */ ([
    ['marks the word at the column', '\treturn foo + bar', 9, ['\treturn ', 'foo', ' + bar']],
    ['marks one character', 'a := (b', 6, ['a := ', '(', 'b']],
    ['counts bytes', 's := "é" + x', 13, ['s := "é" + ', 'x', '']],
    ['does not split a character', '😀x', 2, ['😀', 'x', '']],
    ['marks a space after the end', 'f(', 3, ['f(', ' ', '']],
    ['marks a space far after the end', 'f(', 99, ['f(', ' ', '']],
    ['marks nothing without a column', 'f()', 0, ['f()', '', '']],
  ])) {
    await t.test(name, () => assert.deepEqual(splitAt(source, column), want));
  }
});
