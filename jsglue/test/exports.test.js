import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectMemory } from '../exportmemory.js';
import { newExports } from '../exports.js';
import {
  exportBytes,
  exportFunctions,
  exportNoInput,
  exportSeq,
  replyBytes,
  replyCall,
  replyDone,
  replyError,
  replySeq,
  tellCall,
  tellError,
  tellNext,
  tellRoom,
  tellStop,
} from '../flags.js';

const inbox = 64;
const inboxSize = 32;
const room = 1024;

/** Makes exports of a program that records what it is told, and replies by the function reply. */
function connected() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const log = [];
  const program = {
    mem: memory,
    forgego_export(what, id, number, size) {
      if (what === tellRoom) return size > 1e6 ? 0 : room;
      const at = size > inboxSize ? room : inbox;
      log.push([what, id, number, Buffer.from(memory.buffer, at, size).toString()]);
      return 0;
    },
  };
  const port = {};
  const go = { exited: false, _resume() {} };
  /** @type {ReturnType<typeof connectMemory>} */
  let tell;
  const calls = newExports((messages) => tell(messages));
  tell = connectMemory(go, program, port, calls.listener);
  port.exports.attach(0, inbox, inboxSize);
  const reply = (id, flags, text) => {
    const data = Buffer.from(text);
    new Uint8Array(memory.buffer).set(data, 4096);
    new Uint32Array(memory.buffer, 0, 6).set([id, flags, 4096, data.length, 0, 0]);
    port.exports.reply();
  };
  /** The program calls a function of an input. @param {number} id @param {number} index @param {number} number */
  const call = (id, index, number) => {
    new Uint32Array(memory.buffer, 0, 6).set([id, replyCall, 4096, 0, index, number]);
    port.exports.reply();
  };
  return { log, port, reply, call, memory, ...calls };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

test('a call passes its input at the end of the tick, and gets the reply', async () => {
  const { exports, port, log, reply } = connected();
  port.exports.add('f', 7, 0);
  const result = exports.f({ a: 'ä' });
  assert.deepEqual(log, []);
  await tick();
  assert.deepEqual(log, [[tellCall, 1, 7, '{"a":"ä"}']]);
  reply(1, replyDone, '{"b":null}');
  assert.deepEqual(await result, { b: null });
  reply(1, replyDone, '1'); // nobody waits for it
});

test('an input that does not fit the inbox gets memory of its own', async () => {
  const { exports, port, log } = connected();
  port.exports.add('f', 7, 0);
  exports.f('x'.repeat(100));
  await tick();
  assert.deepEqual(log, [[tellCall, 1, 7, JSON.stringify('x'.repeat(100))]]);
  await assert.rejects(exports.f('x'.repeat(2e6)), /The value is too large: it has 2000002 bytes/);
  assert.equal(log.length, 1);
});

test('memory that grows detaches no view', async () => {
  const { exports, port, log, reply, memory } = connected();
  port.exports.add('f', 7, 0);
  const first = exports.f(1);
  await tick();
  memory.grow(1);
  reply(1, replyDone, '2');
  assert.equal(await first, 2);
  memory.grow(1);
  exports.f(3);
  await tick();
  assert.deepEqual(log.at(-1), [tellCall, 2, 7, '3']);
});

test('bytes and no input', async () => {
  const { exports, port, log, reply } = connected();
  port.exports.add('bytes', 1, exportBytes);
  port.exports.add('none', 2, exportNoInput);
  const result = exports.bytes(new Uint8Array([65, 66]));
  await tick();
  assert.deepEqual(log.pop(), [tellCall, 1, 1, 'AB']);
  reply(1, replyDone | replyBytes, 'CD');
  assert.deepEqual(await result, new Uint8Array([67, 68]));
  await assert.rejects(exports.bytes([1]), /bytes takes a Uint8Array or an ArrayBuffer/);
  await assert.rejects(exports.none({ signal: AbortSignal.abort(new RangeError('no')) }), RangeError);
});

test('an error of the program is an Error with its members', async () => {
  const { exports, port, reply } = connected();
  port.exports.add('f', 7, 0);
  const result = exports.f(1);
  await tick();
  reply(1, replyDone | replyError, '{"name":"QuotaError","message":"full","code":"QUOTA"}');
  await assert.rejects(result, (error) => {
    assert.ok(error instanceof Error);
    assert.deepEqual([error.name, error.message, error['code']], ['QuotaError', 'full', 'QUOTA']);
    return true;
  });
});

test('a sequence asks for each value', async () => {
  const { exports, port, log, reply } = connected();
  port.exports.add('s', 7, exportSeq);
  const values = exports.s(1);
  await tick();
  assert.deepEqual(log, []); // nobody has asked
  const first = values.next();
  await tick();
  reply(1, 0, '5');
  assert.deepEqual(await first, { value: 5 });
  const second = values.next();
  await tick();
  assert.deepEqual(log.at(-1), [tellNext, 1, 0, '']);
  reply(1, replyDone | replySeq, '');
  assert.deepEqual([await second, await values.next()], [{ done: true }, { done: true }]);

  const left = exports.s(1);
  const value = left.next();
  await tick();
  reply(2, 0, '5');
  await value;
  assert.deepEqual(await left.return('x'), { done: true, value: 'x' });
  await tick();
  assert.deepEqual(log.at(-1), [tellStop, 2, 0, '']);
});

test('what JSON would lose is an error', async () => {
  const { exports, port, log } = connected();
  port.exports.add('f', 7, 0);
  for (const [input, message] of [
    [{ a: [NaN] }, 'f: the value cannot be sent: "0" is NaN (number), which JSON does not have'],
    [{ a: { b: 1n } }, 'f: the value cannot be sent: "b" is 1 (bigint), which JSON does not have'],
    [[undefined], 'f: the value cannot be sent: "0" is undefined (undefined), which JSON does not have'],
    [undefined, 'f: the value cannot be sent: it is undefined (undefined), which JSON does not have'],
    [{ d: new Date(NaN) }, 'f: the value cannot be sent: "d" is Invalid Date (object), which JSON does not have'],
  ]) {
    await assert.rejects(exports.f(input), { name: 'TypeError', message });
  }
  await tick();
  assert.deepEqual(log, []);
  exports.f({ a: null, b: undefined, c: 'null' });
  await tick();
  assert.deepEqual(log, [[tellCall, 6, 7, '{"a":null,"c":"null"}']]);
});

test('the end rejects waiting calls and later calls', async () => {
  const { exports, port, end } = connected();
  port.exports.add('f', 7, 0);
  const waiting = exports.f(1);
  end(new RangeError('replaced'));
  end(new RangeError('ended'));
  port.exports.remove('f');
  await assert.rejects(waiting, /replaced/);
  await assert.rejects(exports.f(2), /replaced/);
});

test('a result of a callback that is too large is an error of the callback', async () => {
  const { exports, port, log, call } = connected();
  port.exports.add('f', 7, exportFunctions);
  exports.f({ each: () => 'x'.repeat(2e6) });
  await tick();
  call(1, 0, 1);
  await tick();
  await tick();
  const message = 'The value is too large: it has 2000002 bytes, and the limit is 256 MiB.';
  assert.deepEqual(log.at(-1), [tellError, 1, 0, JSON.stringify({ message })]);
});
