import assert from 'node:assert/strict';
import test from 'node:test';

import { connect } from '../calls.js';
import { answerCallback, requestFunctions } from '../flags.js';

const words = 0;
const inbox = 1024;
const inboxSize = 4096;
const requests = 8192;

/** Starts a program whose calls go to a host. @param {(command: string, payload: any) => unknown} host */
function program(host) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  /** @type {{id: number, flags: number, payload: string}[]} */
  const answers = [];
  const exports = {
    memory,
    /** @param {number} count */
    forgego_deliver(count) {
      const heads = new Uint32Array(memory.buffer, inbox, 4 * count);
      let at = inbox + 16 * count;
      for (let i = 0; i < count; i++) {
        const [id, flags, payload, body] = heads.subarray(4 * i);
        answers.push({ id, flags, payload: new TextDecoder().decode(new Uint8Array(memory.buffer, at, payload)) });
        at += payload + body;
      }
    },
  };
  Object.assign(globalThis, { __bridge: { callBridge: host } });
  const port = connect({ _resume() {} }, exports, /** @type {any} */ ({ take: () => undefined }));
  port.attach(words, inbox, inboxSize);
  return {
    answers,
    /** @param {number} id @param {number} flags @param {unknown[]} call @param {unknown} body */
    send(id, flags, call, body) {
      const [first, second] = [call, body].map((part) => new TextEncoder().encode(JSON.stringify(part)));
      new Uint8Array(memory.buffer).set([...first, ...second], requests);
      const end = requests + first.length;
      new Uint32Array(memory.buffer, words, 6).set([id, flags, requests, end, end, end + second.length]);
      return port.send();
    },
  };
}

test('a call of a callback with arguments that have no JSON takes no number', async () => {
  /** @type {any} */
  let callback;
  const { send, answers } = program((_, payload) => (callback = payload.f) && true);
  assert.equal(send(1, requestFunctions, ['command', {}], [[7, 'f', true]]), 0);
  /** @type {any} */
  const cycle = {};
  cycle.cycle = cycle;
  assert.throws(() => callback(cycle), TypeError);
  callback('a');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    answers.filter(({ id }) => id === 7),
    [{ id: 7, flags: answerCallback, payload: '1:["a"]' }],
  );
});
