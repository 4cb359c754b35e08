import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardClicks } from '../product/clicks.js';
import { installDocument } from './dom.js';

/** Shows a page with two buttons. Returns how to click them, and whether each click got through. */
const open = () => {
  const page = installDocument({ a: 'button', b: 'button', text: 'p' });
  guardClicks();
  const got = [];
  page.addEventListener('click', () => got.push('click'));
  /** Clicks, by default as a user does with the mouse. */
  const click = (id, properties) => {
    const event = new Event('click', { cancelable: true });
    const all = {
      target: page.getElementById(id),
      isTrusted: true,
      detail: 1,
      screenX: 10,
      screenY: 10,
      ...properties,
    };
    for (const [name, value] of Object.entries(all)) Object.defineProperty(event, name, { value });
    const before = got.length;
    page.dispatchEvent(event);
    return got.length > before;
  };
  return { page, click };
};

test('the second click of a double click does nothing', async (t) => {
  for (const [name, id, second, want] of /** @type {any[][]} */ ([
    ['on what is at its place now', 'b', { timeStamp: 80 }, false],
    ['on the same button', 'a', { timeStamp: 250 }, false],
    ['if it is near', 'b', { timeStamp: 499, screenX: 15, screenY: 14 }, false],
    ['but a later click does', 'b', { timeStamp: 500 }, true],
    ['but a click elsewhere does', 'b', { timeStamp: 80, screenX: 30 }, true],
    ['but one by a key does', 'b', { timeStamp: 80, detail: 0 }, true],
    ['but one by a script does', 'b', { timeStamp: 80, isTrusted: false }, true],
    ['but one on a text does', 'text', { timeStamp: 80 }, true],
  ])) {
    await t.test(name, () => {
      const { click } = open();
      assert.equal(click('a', { timeStamp: 0 }), true);
      assert.equal(click(id, second), want);
    });
  }
  await t.test('and the third one neither', () => {
    const { click } = open();
    click('a', { timeStamp: 0 });
    click('a', { timeStamp: 300 });
    assert.equal(click('a', { timeStamp: 600 }), false);
  });
});

test('a key that is held acts once', async (t) => {
  for (const [name, properties, want] of /** @type {any[][]} */ ([
    ['Enter', { key: 'Enter', repeat: true }, true],
    ['Enter at first', { key: 'Enter', repeat: false }, false],
    ['another key, which moves or types', { key: 'Tab', repeat: true }, false],
  ])) {
    await t.test(name, () => {
      const { page } = open();
      const event = Object.assign(new Event('keydown', { cancelable: true }), properties);
      page.dispatchEvent(event);
      assert.equal(event.defaultPrevented, want);
    });
  }
});
