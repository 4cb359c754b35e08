import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, installStorage, settled } from './browser.js';
import { fire, installDocument } from './dom.js';

installHistory();
installStorage('sessionStorage');
/** @type {any} */ (window).location = { hash: '' };
const { Faults } = await import('../product/faults.js');

const none = { failNext: 0, delayMs: 0, mints: 0, failures: 0 };

/** Shows the panel of a server that answers with a state. */
const show = async (t, answer) => {
  const page = installDocument({
    faults: 'details',
    'faults-on': 'span',
    'faults-form': 'form',
    'faults-fail': 'input',
    'faults-delay': 'input',
    'faults-off': 'button',
    'faults-revoke': 'button',
    'faults-state': 'p',
  });
  const requests = installServer(t, answer);
  const faults = new Faults();
  await settled();
  const get = (id) => page.getElementById(id);
  return { faults, requests, get, text: () => get('faults-state').textContent };
};

test('the panel shows the state of the server', async (t) => {
  for (const [name, state, on, text] of /** @type {any[][]} */ ([
    ['without faults', none, false, 'Tokens issued: 0. Failed on purpose: 0.'],
    [
      'with failures to come',
      { failNext: 2, delayMs: 0, mints: 5, failures: 1 },
      true,
      'Tokens issued: 5. Failed on purpose: 1. 2 more will fail.',
    ],
    ['with a delay', { ...none, delayMs: 9 }, true, 'Tokens issued: 0. Failed on purpose: 0.'],
  ])) {
    await t.test(name, async (t) => {
      const panel = await show(t, () => state);
      assert.equal(panel.text(), text);
      assert.equal(panel.get('faults-on').hidden, !on);
      assert.equal(panel.get('faults-fail').value, String(state.failNext));
      assert.equal(panel.get('faults-delay').value, String(state.delayMs));
    });
  }
});

test('a change is sent to the server', async (t) => {
  for (const [name, act, want, done] of /** @type {any[][]} */ ([
    [
      'by the form',
      ({ get }) => {
        get('faults-fail').valueAsNumber = 3;
        get('faults-delay').valueAsNumber = 40;
        const event = fire(get('faults-form'), 'submit');
        assert.equal(event.defaultPrevented, true, 'the form is not submitted');
      },
      { failNext: 3, delayMs: 40 },
      'Set.',
    ],
    [
      'by the form, 0 for an empty field',
      ({ get }) => {
        get('faults-fail').valueAsNumber = NaN;
        get('faults-delay').valueAsNumber = NaN;
        fire(get('faults-form'), 'submit');
      },
      { failNext: 0, delayMs: 0 },
      'Set.',
    ],
    ['by “Turn off”', ({ get }) => get('faults-off').click(), { failNext: 0, delayMs: 0 }, 'Turned off.'],
    ['by “Revoke tokens”', ({ get }) => get('faults-revoke').click(), { revoke: true }, 'The signing key has changed.'],
  ])) {
    await t.test(name, async (t) => {
      const panel = await show(t, () => none);
      act(panel);
      await settled();
      assert.deepEqual(panel.requests.at(-1), { name: 'faults', input: want });
      assert.equal(panel.text(), `${done} Tokens issued: 0. Failed on purpose: 0.`);
    });
  }
});

test('refresh', async (t) => {
  for (const [name, state, open, want] of /** @type {any[][]} */ ([
    ['asks nothing if no count is visible', none, false, 0],
    ['reads the state if the panel is open', none, true, 1],
    ['reads the state if there are faults', { ...none, failNext: 1 }, false, 1],
  ])) {
    await t.test(name, async (t) => {
      const panel = await show(t, () => state);
      const before = panel.requests.length;
      panel.get('faults').open = open;
      panel.get('faults-fail').value = 'the user is typing';
      panel.faults.refresh();
      await settled();
      assert.deepEqual(
        panel.requests.slice(before),
        Array.from({ length: want }, () => ({ name: 'faults', input: {} })),
      );
      assert.equal(panel.get('faults-fail').value, 'the user is typing');
    });
  }
});

test('an error of the server is shown', async (t) => {
  const panel = await show(t, () => ({ error: { code: 'NO', message: 'failNext is too large' } }));
  assert.equal(panel.text(), 'failNext is too large');
});
