import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, installStorage, settled } from './browser.js';
import { fire, installDocument } from './dom.js';

installHistory();
installStorage('sessionStorage');
let reloads = 0;
/** @type {any} */ (window).location = { hash: '', reload: () => (reloads += 1) };
const { startLocale } = await import('../product/locale.js');

/** Chooses a language, and returns the text of the page's notice. */
const choose = async (value) => {
  reloads = 0;
  const page = installDocument({ locale: 'select', notice: 'div' });
  startLocale();
  const control = page.getElementById('locale');
  control.value = value;
  fire(control, 'change');
  await settled();
  return page.getElementById('notice').querySelector('p')?.textContent;
};

test('a new language is sent to the host, which tells all windows to load again', async (t) => {
  const requests = installServer(t, () => ({}));
  await choose('de-DE');
  assert.deepEqual(requests, [{ name: 'locale', input: { locale: 'de-DE' } }]);
  assert.equal(reloads, 0);
});

test('if the server refuses, the page says so and stays', async (t) => {
  installServer(t, () => ({ error: { code: 'NO', message: 'no' } }));
  assert.equal(await choose('xx'), 'The language could not be changed.');
  assert.equal(reloads, 0);
});
