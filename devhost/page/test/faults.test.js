import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, installSocket, installStorage, settled } from './browser.js';
import { fire, installDocument } from './dom.js';

installHistory();
installStorage('sessionStorage');
/** @type {any} */ (window).location = { hash: '', href: 'http://localhost:4000/', search: '' };
const { Faults } = await import('../product/faults.js');
const send = await installSocket();

const none = { failNext: 0, delayMs: 0, mints: 0, failures: 0, revision: 1 };

/** Sends the state of the host to the page. */
const tell = (state) => send({ type: 'faults', payload: state });

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
  new Faults();
  tell({ ...answer(), revision: 0 });
  tell(answer());
  const get = (id) => page.getElementById(id);
  return { requests, get, text: () => get('faults-state').textContent };
};

test('the panel shows the state of the host', async (t) => {
  for (const [name, state, on, text] of /** @type {any[][]} */ ([
    ['without faults', none, false, 'Tokens issued: 0. Failed on purpose: 0.'],
    [
      'with failures to come',
      { failNext: 2, delayMs: 0, mints: 5, failures: 1, revision: 3 },
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

test('the fields follow the host, but for what the user types', async (t) => {
  const panel = await show(t, () => none);
  const values = () => ['faults-fail', 'faults-delay'].map((id) => panel.get(id).value);
  tell({ ...none, failNext: 2, delayMs: 7, revision: 2 });
  assert.deepEqual(values(), ['2', '7']);
  panel.get('faults').open = true;
  panel.get('faults-fail').value = '50';
  fire(panel.get('faults-fail'), 'input');
  tell({ ...none, failNext: 1, delayMs: 8, failures: 1, revision: 3 });
  assert.deepEqual(values(), ['50', '8']);
  assert.match(panel.text(), /1 more will fail/);
  await t.test('until the panel closes', () => {
    panel.get('faults').open = false;
    fire(panel.get('faults'), 'toggle');
    assert.deepEqual(values(), ['1', '8']);
  });
});

test('what has been set is shown, even if the host has counted on meanwhile', async (t) => {
  const panel = await show(t, () => ({ ...none, failNext: 3, revision: 5 }));
  panel.get('faults-fail').valueAsNumber = 3;
  fire(panel.get('faults-fail'), 'input');
  fire(panel.get('faults-form'), 'submit');
  tell({ ...none, failNext: 2, failures: 1, revision: 6 });
  await settled();
  assert.equal(panel.text(), 'Set. Tokens issued: 0. Failed on purpose: 1. 2 more will fail.');
  assert.equal(panel.get('faults-fail').value, '2');
});

test('the message about a change stays when the host repeats the state', async (t) => {
  const panel = await show(t, () => ({ ...none, revision: 2 }));
  panel.get('faults-off').click();
  await settled();
  tell({ ...none, revision: 2 });
  assert.equal(panel.text(), 'Turned off. Tokens issued: 0. Failed on purpose: 0.');
});

test('after a restart of the host, its state counts', async (t) => {
  const panel = await show(t, () => ({ ...none, failNext: 9, revision: 40 }));
  tell({ ...none, revision: 0 });
  assert.equal(panel.get('faults-fail').value, '0');
});

test('an error of the host is shown', async (t) => {
  let answer = /** @type {any} */ (none);
  const panel = await show(t, () => answer);
  answer = { error: { code: 'NO', message: 'failNext is too large' } };
  fire(panel.get('faults-form'), 'submit');
  await settled();
  assert.equal(panel.text(), 'failNext is too large');
});
