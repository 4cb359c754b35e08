import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followHeight, setHeight, setViewport } from '../product/frameheight.js';

globalThis.CSS = /** @type {any} */ ({
  supports: (/** @type {string} */ _name, /** @type {string} */ value) => /^\d+(px|vh)$/.test(value),
});

/**
 * Returns what stands in for an iframe.
 * @param {string} [viewport]
 * @returns {any}
 */
const frame = (viewport) => ({
  dataset: viewport ? { viewport } : {},
  style: { height: '', width: '' },
  classList: {
    add(name) {
      this.names.push(name);
    },
    names: /** @type {string[]} */ ([]),
  },
  offsetHeight: 102,
  clientHeight: 100,
});

test('a frame has the height of its page and its own border', () => {
  const iframe = frame();
  const follow = followHeight(iframe);
  for (const height of [40, 2000, 10]) {
    follow(height);
    assert.equal(iframe.style.height, `${height + 2}px`);
  }
  follow(0);
  assert.equal(iframe.style.height, '12px');
});

test('a frame whose page grows with it stops', () => {
  const iframe = frame();
  const follow = followHeight(iframe);
  for (let height = 100; height <= 1000; height += 10) follow(height);
  assert.equal(iframe.style.height, '192px');
});

test('different steps do not stop a frame', () => {
  const iframe = frame();
  const follow = followHeight(iframe);
  for (let i = 1; i <= 40; i++) follow(i * i);
  assert.equal(iframe.style.height, '1602px');
});

test('the height that the app has set stays', () => {
  const iframe = frame();
  const follow = followHeight(iframe);
  setHeight(iframe, 200);
  follow(50);
  assert.equal(iframe.style.height, '200px');
});

test('the frame of a page of its own fills the place', () => {
  const iframe = frame();
  followHeight(iframe, true)(50);
  assert.equal(iframe.style.height, '');
});

test('a frame with a size of the manifest does not follow', () => {
  const iframe = frame('{"size":"large"}');
  followHeight(iframe)(50);
  assert.deepEqual([iframe.style.height, iframe.classList.names.at(-1)], ['', 'large']);
});

test('only lengths and words become a size', () => {
  const box = frame();
  box.classList.names = [];
  setViewport(box, { size: 'a b', width: '60vh', height: 'url(x)' });
  assert.deepEqual([box.classList.names, box.style.width, box.style.height], [[], '60vh', '']);
});
