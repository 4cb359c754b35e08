import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, failure } from '../failure.js';
import { explainProgram } from '../trouble.js';

const explained = (error, isCompiled) => {
  try {
    return explainProgram(error, isCompiled);
  } catch (why) {
    return why;
  }
};
const titleOf = (error, isCompiled) => explained(error, isCompiled).title;

test('a failure has a title, and a detail that says what to do', () => {
  const { message, title, detail } = failure('It is missing.', 'Build it.');
  assert.deepEqual([message, title, detail], ['It is missing.\nBuild it.', 'It is missing.', 'Build it.']);
});

test('explain returns a failure as it is, and adds a title to any other error', () => {
  const known = failure('a', 'b');
  assert.equal(explain(known), known);
  const { title, detail } = explain(new Error('no'));
  assert.deepEqual([title, detail], ['The program could not be loaded.', 'no']);
});

test('the cause of a program that cannot be loaded', async (t) => {
  const error = new Error('no');
  await t.test('is the browser, if it has no WebAssembly', (t) => {
    const before = globalThis.WebAssembly;
    t.after(() => (globalThis.WebAssembly = before));
    /** @type {any} */ (globalThis).WebAssembly = undefined;
    assert.equal(titleOf(error, false), 'This browser has no WebAssembly.');
  });
  await t.test('is the policy, if not even the smallest program is allowed', (t) => {
    t.mock.method(WebAssembly, 'Module', () => {
      throw new WebAssembly.CompileError('blocked');
    });
    assert.equal(titleOf(error, false), 'The page’s policy does not allow WebAssembly.');
  });
  await t.test('is the memory for a RangeError', () => {
    const memory = new RangeError('out of memory');
    assert.equal(explained(memory, true), memory);
  });
  await t.test('is the file, if it was not compiled', () => {
    assert.equal(titleOf(error, false), 'The program’s file is damaged or incomplete.');
  });
  await t.test('is another version of Go, if it was compiled', () => {
    assert.match(titleOf(error, true), /different Go versions/);
  });
});
