import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdLastWords } from '../ending.js';
import { explainEnd } from '../trouble.js';

const handler = (/** @type {string} */ state, /** @type {string} */ frames) =>
  `goroutine 6 [${state}]:\n${frames}\nsyscall/js.handleEvent()\n\tsyscall/js/func.go:100 +0x2a`;
const other = 'goroutine 1 [select (no cases)]:\nmain.main()\n\texample.com/app/main.go:9 +0x3';
const click = 'main.run.func1({{}, 0x7})\n\texample.com/app/main.go:33 +0x5';
const library = 'sync.(*Mutex).Lock(...)\n\tsync/mutex.go:46';

for (const [name, status, words, title, detail] of /** @type {[string, number, string, string, string][]} */ ([
  [
    'main has returned',
    0,
    '',
    'The app’s program has ended.',
    'Its main function returned. Reload the page to start it again. (wasm.Run keeps a program running.)',
  ],
  [
    'os.Exit',
    3,
    '',
    'The app’s program has ended.',
    'Its exit status is 3; see the console. Reload the page to start it again.',
  ],
  [
    'a handler that waits',
    2,
    ['fatal error: all goroutines are asleep - deadlock!', other, handler('chan receive', `${library}\n${click}`)].join(
      '\n\n',
    ),
    'An event handler must not wait.',
    'Use wasm.Listen or wasm.Go.\nexample.com/app/main.go:33',
  ],
  [
    'a handler outside package main',
    2,
    ['fatal error: all goroutines are asleep - deadlock!', handler('chan receive', library)].join('\n\n'),
    'An event handler must not wait.',
    'Use wasm.Listen or wasm.Go.',
  ],
  [
    'a handler that panics',
    2,
    ['panic: far', handler('running', click)].join('\n\n'),
    'The app’s program has ended.',
    'panic: far\nexample.com/app/main.go:33\nUse wasm.Listen or wasm.Go.',
  ],
  [
    'a goroutine that panics',
    2,
    ['panic: far', `goroutine 7 [running]:\n${click}`].join('\n\n'),
    'The app’s program has ended.',
    'panic: far\nexample.com/app/main.go:33',
  ],
  ['no trace', 2, 'fatal error: out of memory', 'The app’s program has ended.', 'fatal error: out of memory'],
])) {
  test(`the end is explained: ${name}`, () => {
    const shown = /** @type {string[][]} */ ([]);
    explainEnd((...texts) => void shown.push(/** @type {string[]} */ (texts)), status, words);
    assert.deepEqual(shown, [[title, detail]]);
  });
}

test('the last words of the runtime are held back, and nothing else', () => {
  const memory = new DataView(new ArrayBuffer(1024));
  const printed = /** @type {string[]} */ ([]);
  const go = {
    mem: memory,
    importObject: { gojs: { 'runtime.wasmWrite': (/** @type {number} */ at) => printed.push(read(at)) } },
  };
  const read = (/** @type {number} */ at) =>
    new TextDecoder().decode(
      new Uint8Array(memory.buffer, memory.getUint32(at + 16, true), memory.getUint32(at + 24, true)),
    );
  const lastWords = holdLastWords(go);
  for (const text of ['hello\n', 'panic: in the app\n', 'panic: ', 'fär', '\n']) {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(memory.buffer).set(bytes, 100);
    memory.setUint32(16, 100, true);
    memory.setUint32(24, bytes.length, true);
    go.importObject.gojs['runtime.wasmWrite'](0);
  }
  assert.deepEqual([printed, lastWords()], [['hello\n', 'panic: in the app\n'], 'panic: fär\n']);
});

test('a program of another compiler has no last words', () => {
  assert.equal(holdLastWords({ importObject: {} })(), '');
});
