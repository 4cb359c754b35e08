import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { makeAction, makeStatus, openPanel, perPlace } from '../product/productpanel.js';
import { settled } from './browser.js';
import { installDocument } from './dom.js';

let page;
beforeEach(() => {
  page = installDocument({ products: 'div' });
});

const newPlace = () => /** @type {any} */ ({ cleanups: new Set() });

test('a panel goes away with the app’s page', () => {
  const place = newPlace();
  openPanel(place, 'Form', 'An example.');
  assert.equal(page.getElementById('products').children.length, 1);
  for (const run of [...place.cleanups]) run();
  assert.deepEqual([page.getElementById('products').children.length, place.cleanups.size], [0, 0]);
});

test('a place has one state until the app’s page goes away', () => {
  let made = 0;
  const stateOf = perPlace((_place, moduleKey) => ({ moduleKey, number: (made += 1) }));
  const [place, other] = [newPlace(), newPlace()];
  assert.equal(stateOf(place, 'm'), stateOf(place, 'm'));
  assert.notEqual(stateOf(other, 'm'), stateOf(place, 'm'));
  for (const run of [...place.cleanups]) run();
  assert.deepEqual(stateOf(place, 'n'), { moduleKey: 'n', number: 3 });
});

test('a button runs one action at a time, and says how it ended', async () => {
  const status = makeStatus();
  /** @type {any} */
  let end;
  let runs = 0;
  const button = makeAction('Save', /** @type {any} */ (status), () => {
    runs += 1;
    return new Promise((resolve, reject) => (end = { resolve, reject }));
  });
  button.click();
  assert.equal(button.disabled, true);
  end.resolve('Saved');
  await settled();
  assert.deepEqual([status.textContent, button.disabled, runs], ['Saved', false, 1]);
  button.click();
  end.reject(new Error('no room'));
  await settled();
  assert.deepEqual([status.textContent, button.disabled], ['no room', false]);
});
