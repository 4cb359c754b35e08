import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanUp, newPlace } from '../product/place.js';

test('a new place is the module’s frame, and its page is not connected yet', async () => {
  const place = newPlace('http://app/', { close: () => {} });
  assert.equal(place.isDialog, false);
  assert.deepEqual(place.extension, {});
  await assert.rejects(place.call('theme'), /not connected yet/);
});

test('cleanUp runs each function once, and forgets the callbacks of the page', () => {
  const place = newPlace('http://app/', { close: () => {} });
  const runs = [];
  place.cleanups.add(() => runs.push('a'));
  place.cleanups.add(() => runs.push('b'));
  place.onClose.add(() => runs.push('never'));
  cleanUp(place);
  cleanUp(place);
  assert.deepEqual(runs, ['a', 'b']);
  assert.equal(place.onClose.size, 0);
});
