import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as modal from '../product/modal.js';
import { settled } from './browser.js';
import { fire, installDocument } from './dom.js';

/** @type {(...args: any[]) => Promise<unknown>} */
const openModal = modal.openModal;
let page;
beforeEach(() => {
  page = installDocument();
  const main = page.createElement('main');
  main.dataset.resources = JSON.stringify({
    main: 'http://app.localhost:4001/main/',
    dialog: 'http://app.localhost:4001/dialog/',
    tunnelled: 'http://app.localhost:4002/',
  });
  page.body.append(main);
  /** @type {any} */ (globalThis).CSS = { supports: (_property, value) => /^(0|\d+(px|%))$/.test(value) };
});

/** Opens a modal with these options. The dialog's frame is where the product would show the page. */
const open = async (payload) => {
  const opener = { url: 'http://app.localhost:4001/main/', cleanups: new Set(), dialogs: new Set() };
  const notes = [];
  let shown;
  let disconnects = 0;
  await openModal(payload, {
    place: opener,
    note: (about) => notes.push(about),
    show: (place, options) => {
      options.into.append(page.createElement('iframe'));
      shown = { place, ...options };
      return () => (disconnects += 1);
    },
  });
  const dialog = page.querySelectorAll('dialog[open]').at(-1);
  return { ...shown, dialog, opener, notes, isOpen: () => dialog.open, disconnects: () => disconnects };
};

test('the page of a modal', async (t) => {
  for (const [name, resource, want] of /** @type {any[][]} */ ([
    ['is that of the opener', undefined, 'http://app.localhost:4001/main/'],
    ['also for null', null, 'http://app.localhost:4001/main/'],
    ['also for an empty text', '', 'http://app.localhost:4001/main/'],
    ['is that of a resource', 'dialog', 'http://app.localhost:4001/dialog/'],
    ['is an entry of a resource', 'dialog/a?b', 'http://app.localhost:4001/dialog/a%3Fb.html'],
    ['is on the origin of a tunnel', 'tunnelled', 'http://app.localhost:4002/'],
    ['is an entry on the origin of a tunnel', 'tunnelled/a', 'http://app.localhost:4002/a.html'],
  ])) {
    await t.test(name, async () => {
      const { place } = await open({ resource });
      assert.deepEqual([place.url, place.isDialog], [want, true]);
    });
  }
  await t.test('gets the context', async () => {
    assert.deepEqual((await open({ context: { id: 1 } })).place.extension, { modal: { id: 1 } });
    assert.deepEqual((await open(undefined)).place.extension, { modal: {} });
  });
});

test('a modal is refused', async (t) => {
  for (const [name, payload, code] of /** @type {any[][]} */ ([
    ['for an unknown resource', { resource: 'other' }, 'UNKNOWN_RESOURCE'],
    ['for a resource with two slashes', { resource: 'dialog/a/b' }, 'UNKNOWN_RESOURCE'],
    ['for an empty entry', { resource: 'dialog/' }, 'UNKNOWN_RESOURCE'],
    ['for an unknown size', { size: 'huge' }, 'INVALID_REQUEST'],
    ['for a size without a width', { size: { height: '10px' } }, 'INVALID_REQUEST'],
    ['for a width that is no length', { size: { width: 'wide' } }, 'INVALID_REQUEST'],
    ['for a height that is no length', { size: { width: '10px', height: '5' } }, 'INVALID_REQUEST'],
    ['for a width that is no text', { size: { width: 0 } }, 'INVALID_REQUEST'],
    ['for a height that is no text', { size: { width: '10px', height: 0 } }, 'INVALID_REQUEST'],
  ])) {
    await t.test(name, async () => {
      await assert.rejects(open(payload), { code });
      assert.equal(page.querySelector('dialog'), null);
    });
  }
});

test('a size', async (t) => {
  for (const [name, size, className, style] of /** @type {any[][]} */ ([
    ['is medium by default', undefined, 'modal medium', {}],
    ['may be a name', 'xlarge', 'modal xlarge', {}],
    ['may be a width', { width: '10px' }, 'modal custom', { width: '10px' }],
    ['may be a width and a height', { width: '10px', height: '50%' }, 'modal custom', { width: '10px', height: '50%' }],
  ])) {
    await t.test(name, async () => {
      const { dialog } = await open({ size });
      assert.deepEqual([dialog.className, dialog.style], [className, style]);
    });
  }
  await t.test('may follow the page', async () => {
    const { dialog, onSize } = await open({ size: 'resizable' });
    onSize({ width: 300, height: 200 });
    assert.deepEqual(dialog.querySelector('iframe').style, { width: '300px', height: '200px' });
    assert.equal((await open({})).onSize, undefined, 'only if the app asks for it');
  });
});

test('the bar', async (t) => {
  const bar = ({ dialog }) => dialog.querySelector('header');
  await t.test('is only there for a title or an icon', async () => assert.equal(bar(await open({})), null));
  await t.test('has the title, which is also the name', async () => {
    const modal = await open({ title: 'Task' });
    assert.equal(bar(modal).querySelector('h2').textContent, 'Task');
    assert.deepEqual([modal.title, modal.dialog.getAttribute('aria-label')], ['Task', 'Task']);
  });
  await t.test('has the icon, by an address relative to the app’s page', async () => {
    assert.equal(bar(await open({ icon: 'i.svg' })).querySelector('img').src, 'http://app.localhost:4001/main/i.svg');
    assert.equal(bar(await open({ icon: 'http://[' })).querySelector('img').src, '');
  });
});

test('a modal is closed', async (t) => {
  const escape = { key: 'Escape' };
  for (const [name, options, close, isOpen] of /** @type {any[][]} */ ([
    ['by its cross', { title: 'Task' }, ({ dialog }) => dialog.find('dismiss').click(), false],
    ['by Escape in the product’s page', {}, ({ dialog }) => fire(dialog, 'keydown', escape), false],
    ['by Escape in the app’s page', {}, ({ onEscape }) => onEscape(), false],
    ['by “cancel”', {}, ({ dialog }) => fire(dialog, 'cancel'), false],
    ['but not by another key', {}, ({ dialog }) => fire(dialog, 'keydown', { key: 'a' }), true],
    [
      'but not by Escape if the app does not want that',
      { closeOnEscape: false },
      ({ dialog, onEscape }) => {
        fire(dialog, 'keydown', escape);
        fire(dialog, 'cancel');
        onEscape();
      },
      true,
    ],
    [
      'by a click beside it',
      {},
      ({ dialog }) => {
        fire(dialog, 'pointerdown');
        dialog.click();
      },
      false,
    ],
    [
      'but not by a click that begins inside it',
      {},
      ({ dialog }) => {
        fire(dialog.find('box'), 'pointerdown');
        dialog.click();
      },
      true,
    ],
    [
      'but not by a click beside it if the app does not want that',
      { closeOnOverlayClick: false },
      ({ dialog }) => {
        fire(dialog, 'pointerdown');
        dialog.click();
      },
      true,
    ],
  ])) {
    await t.test(name, async () => {
      const calls = [];
      const modal = await open({ ...options, onClose: (...args) => calls.push(args) });
      close(modal);
      assert.equal(modal.isOpen(), isOpen);
      assert.deepEqual(calls, isOpen ? [] : [[]], 'onClose gets no value');
    });
  }
  await t.test('without the browser closing it first', async () => {
    const { dialog } = await open({ closeOnEscape: false });
    assert.equal(fire(dialog, 'keydown', escape).defaultPrevented, true);
    assert.equal(fire(dialog, 'cancel').defaultPrevented, true);
  });
});

test('view.close', async (t) => {
  for (const [name, value, hasValue, want] of /** @type {any[][]} */ ([
    ['hands a value to onClose', 7, true, [7]],
    ['hands undefined to onClose if the app does', undefined, true, [undefined]],
    ['hands nothing to onClose without a value', undefined, false, []],
  ])) {
    await t.test(name, async () => {
      const calls = [];
      const { place } = await open({ onClose: (...args) => calls.push(args) });
      place.close(value, hasValue);
      place.close(value, hasValue);
      assert.deepEqual(calls, [want], 'once');
    });
  }
  await t.test('cleans up', async () => {
    const { place, opener, dialog, disconnects } = await open({});
    let cleaned = 0;
    place.cleanups.add(() => (cleaned += 1));
    place.close(undefined, false);
    assert.deepEqual([cleaned, disconnects(), opener.dialogs.size, dialog.parentElement], [1, 1, 0, null]);
  });
  await t.test('does not mind that the opener’s page is gone', async () => {
    const { place, isOpen } = await open({ onClose: () => Promise.reject(new Error('gone')) });
    place.close(undefined, false);
    await settled();
    assert.equal(isOpen(), false);
  });
});

test('when the opener’s page goes away, the modal does too, without onClose', async () => {
  const calls = [];
  const { opener, place, dialog, disconnects } = await open({ onClose: () => calls.push('closed') });
  for (const run of opener.dialogs) run();
  place.close(1, true);
  assert.deepEqual([calls, disconnects(), dialog.parentElement], [[], 1, null]);
});
