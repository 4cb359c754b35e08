import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, installStorage, settled } from './browser.js';
import { FakeElement, fire, installDocument } from './dom.js';

installHistory();
installStorage('sessionStorage');
/** @type {any} */ (window).location = { hash: '' };
/** @type {any} */ (globalThis).Option = class extends FakeElement {
  constructor(text) {
    super('option');
    this.textContent = text;
  }
};
const { PermissionPanel, permissionCommands } = /** @type {any} */ (await import('../product/permissions.js'));

const state = {
  scopes: [{ name: 'read:jira-work', granted: true }],
  external: [{ list: 'fetch.client', address: 'https://a.example', granted: true }],
  lists: ['fetch.client', 'images'],
  configurable: true,
  groups: [{ key: 'apis', configured: [{ domain: 'b.example', type: ['fetch', 'images'] }] }],
  remotes: [
    { key: 'api', configured: { endpoint: 'https://c.example' } },
    { key: 'other', configured: { endpoint: null } },
  ],
  isAdmin: true,
  consent: { published: true, functional: true, analytics: false, marketing: false },
  rovo: false,
};

/** Shows the panel of a server that answers with a state, and opens it. */
const show = async (t, /** @type {(...args: any[]) => any} */ answer = () => state) => {
  const parts = ['scopes', 'external', 'managed', 'user', 'consent'];
  const page = installDocument({
    notice: 'div',
    permissions: 'details',
    'permissions-form': 'form',
    'permissions-list': 'select',
    'permissions-address': 'input',
    'permissions-state': 'p',
    ...Object.fromEntries(parts.map((part) => [`permissions-${part}`, 'div'])),
  });
  const get = (id) => page.getElementById(id);
  get('permissions-list').options = [];
  get('permissions-address').value = '';
  const requests = installServer(t, answer);
  new PermissionPanel();
  get('permissions').open = true;
  fire(get('permissions'), 'toggle');
  await settled();
  return { page, get, requests, lines: (part) => get(`permissions-${part}`).children };
};

const box = (line) => line.querySelector('input');
const label = (line) => line.querySelector('span').textContent;

test('an open panel shows the state of the server', async (t) => {
  const { get, lines } = await show(t);
  assert.deepEqual(
    get('permissions-list').children.map(({ textContent }) => textContent),
    state.lists,
  );
  for (const part of ['scopes', 'external']) assert.equal(box(lines(part)[0]).checked, true);
  assert.equal(lines('external')[0].querySelector('code').textContent, 'fetch.client');
  assert.deepEqual(
    lines('managed').map(({ textContent }) => textContent),
    ['apis: b.example for fetch, images', 'remote api: https://c.example', 'remote other: as in manifest.yml'],
  );
  assert.deepEqual(
    [lines('user')[0].textContent, label(lines('user')[1]), box(lines('user')[1]).checked],
    ['The user is an administrator.', 'The site has Rovo', false],
  );
  assert.deepEqual(
    lines('consent').map((line) => [label(line), box(line).checked, box(line).disabled]),
    [
      ['The product shares the preferences', true, false],
      ['Functional', true, false],
      ['Analytics', false, false],
      ['Marketing', false, false],
    ],
  );
});

test('a user who is not an administrator learns how to become one', async (t) => {
  const { lines } = await show(t, () => ({ ...state, isAdmin: false }));
  assert.match(lines('user')[0].textContent, /^The user is not an administrator\. Choose an account at the top/);
});

test('a closed panel asks nothing', async (t) => {
  const { get, requests } = await show(t);
  const before = requests.length;
  get('permissions').open = false;
  fire(get('permissions'), 'toggle');
  await settled();
  assert.equal(requests.length, before);
});

test('preferences that the product does not share cannot be changed', async (t) => {
  const { lines } = await show(t, () => ({ ...state, consent: { ...state.consent, published: false } }));
  assert.deepEqual(
    lines('consent').map((line) => box(line).disabled),
    [false, true, true, true],
  );
});

test('a part without lines says why', async (t) => {
  for (const [name, configurable, want] of /** @type {any[][]} */ ([
    ['with customer-managed egress', true, 'The app has not requested anything yet.'],
    ['without', false, 'Not enabled: manifest.yml has no permissions.external.configurable.enabled.'],
  ])) {
    await t.test(name, async (t) => {
      const empty = { ...state, scopes: [], external: [], groups: [], remotes: [], configurable };
      const { lines } = await show(t, () => empty);
      assert.deepEqual(
        ['scopes', 'external', 'managed'].map((part) => lines(part)[0].textContent),
        ['manifest.yml has no scopes.', 'The app has no addresses outside Atlassian.', want],
      );
    });
  }
});

test('a checkbox changes the server’s state', async (t) => {
  for (const [name, part, index, input, done] of /** @type {any[][]} */ ([
    ['of a scope', 'scopes', 0, { scope: { name: 'read:jira-work', granted: false } }, 'Revoked read:jira-work.'],
    [
      'of an address',
      'external',
      0,
      { external: { list: 'fetch.client', address: 'https://a.example', granted: false } },
      'Revoked https://a.example. Load the app again to update its policy.',
    ],
    ['of Rovo', 'user', 1, { rovo: true }, 'The site has Rovo.'],
    ['of a preference', 'consent', 2, { consent: { ...state.consent, analytics: true } }, 'Preferences changed.'],
  ])) {
    await t.test(name, async (t) => {
      const { get, lines, requests } = await show(t);
      const control = box(lines(part)[index]);
      control.checked = !control.checked;
      control.focus();
      fire(control, 'change');
      await settled();
      assert.deepEqual(requests.at(-1), { name: 'permissions', input });
      assert.equal(get('permissions-state').textContent, done);
      assert.notEqual(box(lines(part)[index]), control, 'the lines are new');
      assert.equal(document.activeElement, box(lines(part)[index]), 'the focus stays on its line');
    });
  }
});

test('the form grants an address', async (t) => {
  const { get, requests } = await show(t);
  get('permissions-list').value = 'images';
  get('permissions-address').value = ' https://d.example ';
  assert.equal(fire(get('permissions-form'), 'submit').defaultPrevented, true);
  await settled();
  assert.deepEqual(requests.at(-1).input, {
    external: { list: 'images', address: 'https://d.example', granted: true },
  });
  assert.equal(get('permissions-address').value, '');
});

test('a refused address stays in the field', async (t) => {
  const { get } = await show(t, (_name, input) =>
    input.external ? { error: { code: 'NO', message: 'not an address' } } : state,
  );
  get('permissions-address').value = 'wrong';
  fire(get('permissions-form'), 'submit');
  await settled();
  assert.equal(get('permissions-address').value, 'wrong');
  assert.equal(get('permissions-state').textContent, 'not an address');
});

test('customer-managed egress', async (t) => {
  const call = permissionCommands.__permission__egressSet;
  const payload = { groupKey: 'apis' };
  await t.test('is sent to the server, whose answer is returned', async (t) => {
    const { requests } = await show(t, (_name, { command }) => (command ? { configured: [1] } : state));
    assert.deepEqual(await call(payload), { configured: [1] });
    assert.deepEqual(
      requests.map(({ input }) => input),
      [{}, { command: 'egressSet', payload }],
    );
  });
  await t.test('returns undefined for an empty answer', async (t) => {
    await show(t, (_name, { command }) => (command ? {} : state));
    assert.equal(await call(payload), undefined);
  });
  const ask = (_name, { command, approved }) => {
    if (!command) return state;
    return approved ? { configured: [2] } : { ask: 'Allow it?', detail: 'd.example' };
  };
  await t.test('asks the administrator, and is sent again after approval', async (t) => {
    const { page, requests } = await show(t, ask);
    const answer = call(payload);
    await settled();
    const [dialog] = page.querySelectorAll('dialog[open]');
    assert.equal(dialog.find('detail').textContent, 'd.example');
    dialog.find('Approve').click();
    assert.deepEqual(await answer, { configured: [2] });
    assert.deepEqual(requests[2].input, { command: 'egressSet', payload, approved: true });
  });
  await t.test('fails if the administrator rejects it', async (t) => {
    const { page, requests } = await show(t, ask);
    const answer = assert.rejects(call(payload), { code: 'NOT_APPROVED' });
    await settled();
    page.querySelectorAll('dialog[open]')[0].find('Reject').click();
    await answer;
    assert.equal(requests.length, 2);
  });
});

test('getCookieConsentPreferences', async (t) => {
  for (const [name, published, want] of /** @type {any[][]} */ ([
    [
      'returns the preferences',
      true,
      { strictlyNecessary: true, functional: true, analytics: false, marketing: false },
    ],
    ['returns null if the product does not share them', false, null],
  ])) {
    await t.test(name, async (t) => {
      installServer(t, () => ({ ...state, consent: { ...state.consent, published } }));
      assert.deepEqual(await permissionCommands.getCookieConsentPreferences(), want);
    });
  }
});
