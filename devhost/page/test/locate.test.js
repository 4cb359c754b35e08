import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectorsOf } from '../app/locate.js';

/** Returns an element with attributes, in a form if the form has attributes. */
const make = (tag, attributes, form = /** @type {any} */ (undefined)) =>
  /** @type {any} */ ({
    localName: tag,
    id: attributes.id ?? '',
    hasAttribute: (name) => name in attributes,
    getAttribute: (name) => attributes[name] ?? null,
    getAttributeNames: () => Object.keys(attributes),
    closest: () => (form ? make('form', form) : null),
  });

test('selectorsOf', async (t) => {
  for (const [name, element, want] of /** @type {any[][]} */ ([
    ['nothing', make('input', { class: 'wide', style: 'color: red' }), []],
    [
      'an ID before all others',
      make('input', { 'data-a': '1', id: 'title', name: 'title' }),
      ['input[id="title"]', 'input[name="title"]', 'input[data-a="1"]'],
    ],
    [
      'a name within its form',
      make('input', { name: 'a', type: 'text', value: 'x' }, { name: 'task' }),
      ['form[name="task"] input[name="a"][type="text"]', 'input[name="a"][type="text"]'],
    ],
    ['a name within a form without attributes', make('textarea', { name: 'a' }, {}), ['textarea[name="a"]']],
    [
      'the value of a radio button',
      make('input', { name: 'a', type: 'radio', value: 'x' }),
      ['input[name="a"][type="radio"][value="x"]'],
    ],
    [
      'data and label',
      make('div', { 'data-id': '7', 'data-empty': '', 'aria-label': 'List' }),
      ['div[data-id="7"]', 'div[aria-label="List"]'],
    ],
    ['text with quotes, backslashes and lines', make('div', { id: 'a"b\\c\nd' }), ['div[id="a\\"b\\\\c\\a d"]']],
  ])) {
    await t.test(name, () => assert.deepEqual(selectorsOf(element), want));
  }
});
