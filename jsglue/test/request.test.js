import assert from 'node:assert/strict';
import test from 'node:test';

import { ownRequests } from '../request.js';

Object.assign(globalThis, {
  document: { baseURI: 'https://app.example/', addEventListener() {}, removeEventListener() {} },
});

/** Starts a request whose body arrives in these chunks, and fails at its end with error. @param {Uint8Array[]} chunks @param {Error} [error] */
async function start(chunks, error) {
  globalThis.fetch = async () =>
    new Response(
      new ReadableStream({
        start(body) {
          for (const chunk of chunks) body.enqueue(chunk);
          if (error) setTimeout(() => body.error(error));
          else body.close();
        },
      }),
    );
  const requests = ownRequests();
  await requests.commands.fetch({ url: '/', origin: '', init: {} }, 1);
  return { stop: () => requests.stop(1), read: () => requests.commands.read({ request: 1 }, 2) };
}

const most = 1e6;

test('a large chunk is read in parts, without what is left of it', async () => {
  const chunk = Uint8Array.from({ length: 2 * most + 3 }, (_, i) => i % 251);
  const small = Uint8Array.of(1, 2, 3);
  const { read } = await start([chunk, small]);
  /** @type {Uint8Array[]} */
  const parts = [];
  for (let part; (part = await read());) parts.push(/** @type {Uint8Array} */ (part));
  assert.deepEqual(
    parts.map((part) => part.length),
    [most, most, 3, 3],
  );
  assert.ok(Buffer.concat(parts).equals(Buffer.concat([chunk, small])));
  // A part is copied on its way to a worker with all its buffer.
  for (const part of parts) assert.equal(part.buffer.byteLength, part.length);
});

test('a chunk of exactly the largest size is one part', async () => {
  const { read } = await start([new Uint8Array(most)]);
  assert.equal(/** @type {Uint8Array} */ (await read()).length, most);
  assert.equal(await read(), undefined);
});

test('a request that was stopped has no more parts', async () => {
  const { read, stop } = await start([new Uint8Array(most + 1)]);
  await read();
  stop();
  assert.equal(await read(), undefined);
});

test('an error of the body is the error of a read', async () => {
  const { read } = await start([], new RangeError('cut'));
  await assert.rejects(read, { name: 'RangeError', message: 'cut' });
  assert.equal(await read(), undefined);
});
