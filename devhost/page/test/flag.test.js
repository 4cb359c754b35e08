import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { closeFlag, onFlags, raiseFlags, showFlag, startFlags } from '../product/flag.js';
import { FakeElement, fire, installDocument } from './dom.js';

/** @type {any} */
const call = { note: () => {} };
const show = (options) => showFlag(options, call);
const close = (payload) => closeFlag(payload, call);
const flags = () => /** @type {any} */ (raiseFlags()).children;
const titles = () => flags().map((flag) => flag.find('flag-title')?.textContent);

beforeEach(() => {
  installDocument();
  for (const flag of [...flags()]) flag.find('dismiss').click();
});

test('a flag has a kind', async (t) => {
  for (const [name, options, className, role] of /** @type {any[][]} */ ([
    ['info by default', {}, 'flag info', 'status'],
    ['by its type', { type: 'success' }, 'flag success', 'status'],
    ['info for an unknown type', { type: 'loud' }, 'flag info', 'status'],
    ['by its appearance, which is bold', { appearance: 'warning' }, 'flag warning bold', 'status'],
    ['by its appearance rather than its type', { appearance: 'success', type: 'error' }, 'flag success bold', 'status'],
    ['by its type if the appearance is unknown', { appearance: 'loud', type: 'error' }, 'flag error', 'alert'],
    ['and an error is an alert', { type: 'error' }, 'flag error', 'alert'],
  ])) {
    await t.test(name, async () => {
      await show({ id: 'kind', ...options });
      assert.deepEqual([flags()[0].className, flags()[0].getAttribute('role')], [className, role]);
      assert.equal(flags()[0].find('kind').textContent, className.split(' ')[1]);
    });
  }
});

test('an ID', async (t) => {
  for (const [name, payload] of /** @type {any[][]} */ ([
    ['is required', {}],
    ['cannot be null', { id: null }],
    ['cannot be an object', { id: {} }],
    ['is required in any payload', undefined],
  ])) {
    await t.test(name, async () => {
      await assert.rejects(show(payload), { code: 'INVALID_REQUEST' });
      await assert.rejects(close(payload), { code: 'INVALID_REQUEST' });
    });
  }
  await t.test('may be a number, which equals its text', async () => {
    await show({ id: 7 });
    assert.equal(await close({ id: '7' }), true);
    assert.equal(flags().length, 0);
  });
});

test('showFlag puts the newest flag first', async () => {
  await show({ id: 'a', title: 'A' });
  await show({ id: 'b', title: 'B' });
  assert.deepEqual(titles(), ['B', 'A']);
});

test('showFlag replaces a flag with the same ID in its place', async () => {
  await show({ id: 'a', title: 'A' });
  await show({ id: 'b', title: 'B' });
  await show({ id: 'a', title: 'A again' });
  assert.deepEqual(titles(), ['B', 'A again']);
});

test('closeFlag reports whether the flag was shown', async () => {
  await show({ id: 'a' });
  assert.equal(await close({ id: 'a' }), true);
  assert.equal(await close({ id: 'a' }), false);
});

test('the text is complete', async () => {
  await show({ id: 'a', title: 'Saved', description: 'All of it' });
  assert.equal(flags()[0].find('flag-title').textContent, 'Saved');
  assert.equal(flags()[0].find('description').textContent, 'All of it');
});

test('an action', async (t) => {
  await t.test('calls the app', async () => {
    let clicks = 0;
    await show({
      id: 'a',
      actions: [
        {
          text: 'Undo',
          onClick: () => {
            clicks += 1;
          },
        },
      ],
    });
    flags()[0].find('Undo').click();
    assert.equal(clicks, 1);
    assert.equal(flags().length, 1);
  });
  await t.test('removes the flag if the app is gone', async () => {
    await show({ id: 'a', actions: [{ text: 'Undo', onClick: () => Promise.reject(new Error('gone')) }] });
    flags()[0].find('Undo').click();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(flags().length, 0);
  });
  await t.test('may do nothing', async () => {
    await show({ id: 'a', actions: [{ text: 'OK' }, null, 'text'] });
    flags()[0].find('OK').click();
    assert.equal(flags()[0].find('flag-actions').children.length, 1);
  });
  await t.test('is not required', async () => {
    await show({ id: 'a', actions: {} });
    assert.equal(flags()[0].find('flag-actions'), undefined);
  });
});

test('a flag with isAutoDismiss', async (t) => {
  for (const [name, options, steps] of /** @type {any[][]} */ ([
    [
      'goes away after 8 s',
      { isAutoDismiss: true },
      [
        [7999, 1],
        [1, 0],
      ],
    ],
    ['stays if the option is not true', { isAutoDismiss: 'yes' }, [[60_000, 1]]],
    [
      'stays while the user points at the flags',
      { isAutoDismiss: true },
      ['pointerenter', [60_000, 1], 'pointerleave', [7999, 1], [1, 0]],
    ],
    [
      'stays while a flag has the focus',
      { isAutoDismiss: true },
      ['focusin', [60_000, 1], 'focusout', [7999, 1], [1, 0]],
    ],
  ])) {
    await t.test(name, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      await show({ id: 'a', ...options });
      for (const step of steps) {
        if (typeof step === 'string') fire(raiseFlags(), step);
        else {
          t.mock.timers.tick(step[0]);
          assert.equal(flags().length, step[1], `after ${step[0]} ms`);
        }
      }
      await close({ id: 'a' });
    });
  }
  await t.test('does not remove the flag that replaced it', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await show({ id: 'a', title: 'first', isAutoDismiss: true });
    await show({ id: 'a', title: 'second' });
    t.mock.timers.tick(60_000);
    assert.deepEqual(titles(), ['second']);
    assert.equal(await close({ id: 'a' }), true);
  });
});

test('F6', async (t) => {
  /** Shows two flags over an app that has the focus. */
  const start = async () => {
    const page = installDocument({ app: 'iframe', other: 'button' });
    startFlags();
    await show({ id: 'a', title: 'A', actions: [{ text: 'Undo A' }] });
    await show({ id: 'b', title: 'B', actions: [{ text: 'Undo B' }] });
    page.getElementById('app').focus();
    return page;
  };
  const press = (page) => fire(page.activeElement, 'keydown', { key: 'F6' }).defaultPrevented;
  await t.test('moves the focus to the newest flag, and back', async () => {
    const page = await start();
    assert.equal(press(page), true);
    assert.equal(page.activeElement.textContent, 'Undo B');
    assert.equal(press(page), true);
    assert.equal(page.activeElement.id, 'app');
  });
  await t.test('and back to another element that had it', async () => {
    const page = await start();
    page.getElementById('other').focus();
    press(page);
    press(page);
    assert.equal(page.activeElement.id, 'other');
  });
  await t.test('is the browser’s without flags', async () => {
    const page = installDocument({ app: 'iframe' });
    startFlags();
    assert.equal(press(page), false);
  });
});

test('a flag that goes away with the focus in it returns the focus', async (t) => {
  for (const [name, id, want] of [
    ['to what had it before', 'other', 'other'],
    ['to the app, if that has gone', 'gone', 'app'],
  ]) {
    await t.test(name, async () => {
      const page = installDocument({ app: 'iframe', other: 'button', gone: 'button' });
      await show({ id: 'a' });
      const button = flags()[0].find('dismiss');
      button.focus();
      fire(button, 'focusin', { relatedTarget: page.getElementById(id) });
      page.getElementById('gone').remove();
      await close({ id: 'a' });
      assert.equal(page.activeElement.id, want);
    });
  }
  await t.test('and one without it does not', async () => {
    const page = installDocument({ app: 'iframe', other: 'button' });
    await show({ id: 'a' });
    page.getElementById('other').focus();
    await close({ id: 'a' });
    assert.equal(page.activeElement.id, 'other');
  });
});

test('a click on a button of a flag leaves the focus where it is', async () => {
  await show({ id: 'a' });
  assert.equal(fire(flags()[0].find('dismiss'), 'mousedown').defaultPrevented, true);
  assert.equal(fire(flags()[0], 'mousedown').defaultPrevented, false, 'a text can be selected');
});

test('onFlags hears whether there are flags', async () => {
  const heard = [];
  const stop = onFlags((has) => heard.push(has));
  await show({ id: 'a' });
  await show({ id: 'b' });
  await close({ id: 'a' });
  await close({ id: 'b' });
  stop();
  await show({ id: 'c' });
  assert.deepEqual(heard, [false, true, true, true, false]);
});

test('the list is inside the topmost dialog, because the rest of the page is inert', async () => {
  const dialog = () => {
    /** @type {any} */
    const made = new FakeElement('dialog');
    made.showModal();
    document.body.append(made);
    return made;
  };
  await show({ id: 'a' });
  assert.equal(raiseFlags().parentElement, document.body);
  const [below, above] = [dialog(), dialog()];
  assert.equal(raiseFlags().parentElement, above);
  above.remove();
  assert.equal(raiseFlags().parentElement, below);
  below.remove();
  assert.equal(raiseFlags().parentElement, document.body);
});
