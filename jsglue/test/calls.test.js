import assert from 'node:assert/strict';
import test from 'node:test';

import { newCaller } from '../calls.js';
import {
  answerBody,
  answerCallback,
  answerLong,
  requestApart,
  requestFetch,
  requestBody,
  requestFunctions,
} from '../flags.js';
import { connect } from '../memory.js';

const words = 0;
const inbox = 1024;
const inboxSize = 32768;
const requests = 65536;

/** Starts a program whose calls go to a host. @param {(command: string, payload: any) => unknown} host */
function program(host) {
  const memory = new WebAssembly.Memory({ initial: 3 });
  /** @type {{id: number, flags: number, sizes: number[], payload: string, body: string}[]} */
  const answers = [];
  const exports = {
    memory,
    /** @param {number} count */
    forgego_deliver(count) {
      const heads = new Uint32Array(memory.buffer, inbox, 4 * count);
      let at = inbox + 16 * count;
      for (let i = 0; i < count; i++) {
        const [id, flags, ...sizes] = heads.subarray(4 * i, 4 * i + 4);
        const [payload, body] = flags & answerLong ? [0, 0] : sizes;
        answers.push({ id, flags, sizes, payload: read(at, payload), body: read(at + payload, body) });
        at += payload + body;
      }
    },
  };
  /** @param {number} at @param {number} size */
  const read = (at, size) => new TextDecoder().decode(new Uint8Array(memory.buffer, at, size));
  Object.assign(globalThis, { __bridge: { callBridge: host } });
  const early = /** @type {any} */ ({ take: () => undefined });
  const port = connect({ _resume() {} }, exports, (post) => newCaller(early, post));
  port.attach(words, inbox, inboxSize);
  const numbers = new Uint32Array(memory.buffer, words, 6);
  return {
    answers,
    /** Takes the next part of a long answer, in pieces of so many bytes. @param {number} id @param {number} room @returns {string} */
    take(id, room) {
      let text = '';
      do {
        numbers.set([requests, requests + room, id]);
        port.take();
        text += read(requests, numbers[0] - requests);
      } while (numbers[1] > 0);
      return text;
    },
    /** @param {number} id */
    forget(id) {
      numbers[0] = id;
      port.forget();
    },
    /** @param {number} id @param {number} flags @param {unknown[]} call @param {unknown} body */
    send(id, flags, call, body) {
      const [first, second] = [call, body].map((part) => new TextEncoder().encode(JSON.stringify(part)));
      new Uint8Array(memory.buffer).set([...first, ...second], requests);
      const end = requests + first.length;
      numbers.set([id, flags, requests, end, end, end + second.length]);
      return port.send();
    },
  };
}

test('a call of a callback with arguments that have no JSON takes no number', async () => {
  /** @type {any} */
  let callback;
  const { send, answers } = program((_, payload) => (callback = payload.f) && true);
  assert.equal(send(1, requestBody | requestFunctions, ['command', {}], [[7, 'f', true]]), 0);
  /** @type {any} */
  const cycle = {};
  cycle.cycle = cycle;
  assert.throws(() => callback(cycle), TypeError);
  callback('a');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    answers.filter(({ id }) => id === 7),
    [{ id: 7, flags: answerCallback, sizes: [7, 0], payload: '1:["a"]', body: '' }],
  );
});

/** Runs what is due. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the parts of a long answer stay here until the program takes them', async (t) => {
  const long = 'Grüße, 世界 '.repeat(1000);
  const { send, answers, take, forget } = program((_, body) => ({ status: 200, body }));
  let id = 0;
  /** @param {string} body */
  const call = async (body) => {
    assert.equal(send(++id, requestFetch, ['fetchRemote', body], null), 0);
    await settled();
    return answers.at(-1);
  };
  await t.test('and come in pieces, once', async () => {
    const sizes = [14, long.length];
    assert.deepEqual(await call(long), { id, flags: answerBody | answerLong, sizes, payload: '', body: '' });
    assert.equal(take(id, 5), '{"status":200}');
    assert.equal(take(id, 100), long);
    assert.throws(() => take(id, 100), TypeError);
  });
  await t.test('but those of a short one do not', async () => {
    const short = { id: id + 1, flags: answerBody, sizes: [14, 7], payload: '{"status":200}', body: 'größe' };
    assert.deepEqual(await call('größe'), short);
  });
  await t.test('unless the program forgets the call', async () => {
    await call(long);
    take(id, 100);
    forget(id);
    assert.throws(() => take(id, 100), TypeError);
  });
  await t.test('and the body of an invoke is JSON, if it comes apart', async () => {
    const { send, take } = program(() => ({ payload: { body: { long } } }));
    send(1, requestApart, ['invoke'], null);
    await settled();
    assert.equal(take(1, 100), '{"payload":{}}');
    assert.equal(take(1, 1000), JSON.stringify({ long }));
  });
});
