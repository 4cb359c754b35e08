import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { element, make, makeButton, makeCross } from '../product/element.js';
import { installDocument } from './dom.js';

beforeEach(() => installDocument({ name: 'input' }));

test('element returns the element of a kind', () => {
  assert.equal(element('name', HTMLInputElement).id, 'name');
});

test('element throws', async (t) => {
  await t.test('if there is none', () => assert.throws(() => element('other', HTMLElement), /no element "other"/));
  await t.test('if it is of another kind', () =>
    assert.throws(() => element('name', HTMLFormElement), /no element "name"/),
  );
});

test('make sets class and text', () => {
  const { tag, className, textContent } = /** @type {any} */ (make('p', 'empty', 'None'));
  assert.deepEqual([tag, className, textContent], ['p', 'empty', 'None']);
});

test('a button does not submit its form', () => {
  let clicks = 0;
  const button = makeButton('Undo', 'main', () => (clicks += 1));
  button.click();
  assert.deepEqual([button.type, button.textContent, clicks], ['button', 'Undo', 1]);
});

test('a cross has a name for screen readers', () => {
  const cross = makeCross('Close', () => {});
  assert.equal(cross.getAttribute('aria-label'), 'Close');
});
