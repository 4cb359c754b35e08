import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeForm } from '../product/multipart.js';

test('a form is encoded as fetch encodes it', async () => {
  const form = new FormData();
  form.append('text', 'two\nlines\r\nand ü');
  form.append('a "name"\r\nand\nmore', '');
  form.append('file', new Blob([Uint8Array.of(0, 255, 10)], { type: 'application/x-own' }), 'a "b"\n.bin');
  form.append('file', new Blob(['x']), 'c');
  const ours = encodeForm(form);
  const theirs = new Response(form);
  /** Returns the text without the boundary, with a character for each byte. @param {ArrayBuffer} body @param {string} type */
  const plain = (body, type) => Buffer.from(body).toString('latin1').replaceAll(type.split('boundary=')[1], 'BOUNDARY');
  assert.equal(
    plain(await ours.arrayBuffer(), ours.type),
    plain(await theirs.clone().arrayBuffer(), theirs.headers.get('content-type') ?? ''),
  );
});
