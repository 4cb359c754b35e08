import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { closeOnLeave } from '../product/panel.js';
import { fire, installDocument } from './dom.js';

let page;
let panel;
let summary;
let inside;
let outside;

beforeEach(() => {
  /** @type {any} */ (globalThis).window = new EventTarget();
  page = installDocument({ panel: 'details', outside: 'button', app: 'iframe' });
  [panel, outside] = [page.getElementById('panel'), page.getElementById('outside')];
  [summary, inside] = [page.createElement('summary'), page.createElement('input')];
  panel.append(summary, inside);
  panel.open = true;
  closeOnLeave(panel);
});

test('Escape closes the panel and puts the focus on its summary', () => {
  fire(inside, 'keydown', { key: 'Escape' });
  assert.equal(panel.open, false);
  assert.equal(page.activeElement, summary);
});

test('Escape in a closed panel does not move the focus', () => {
  panel.open = false;
  fire(summary, 'keydown', { key: 'Escape' });
  assert.equal(page.activeElement, page.body);
});

test('the panel', async (t) => {
  for (const [name, leave, want] of /** @type {any[][]} */ ([
    ['stays open for another key', () => fire(inside, 'keydown', { key: 'a' }), true],
    ['stays open for a click into it', () => fire(inside, 'pointerdown'), true],
    ['closes for a click outside', () => fire(outside, 'pointerdown'), false],
    [
      'closes for a click into the app',
      () => {
        page.getElementById('app').focus();
        window.dispatchEvent(new Event('blur'));
      },
      false,
    ],
    ['stays open when the user looks at another window', () => window.dispatchEvent(new Event('blur')), true],
  ])) {
    await t.test(name, () => {
      panel.open = true;
      page.body.focus();
      leave();
      assert.equal(panel.open, want);
    });
  }
});
