import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingBridge, missingProgram } from '../product/missing.js';

const origin = 'http://127.0.0.1:4001';

test('missingBridge names the page', () => {
  const { name, text } = missingBridge(`${origin}/main/other.html?a=b`);
  assert.equal(name, 'noBridge');
  assert.match(text, /Is \/main\/other\.html such a page/);
});

test('missingProgram', async (t) => {
  const without = (path) => ({ path, hasProgram: false });
  for (const [name, loaded, url, file] of /** @type {[string, unknown, string, string | undefined][]} */ ([
    ['names the main page of the resource', without('/main/'), '/main/', 'main/index.html'],
    ['names another page', without('/main/a.html'), '/main/a.html', 'main/a.html'],
    ['ignores the rest of the address', without('/main/'), '/main/?a#b', 'main/index.html'],
    ['is nothing for a page with a program', { path: '/main/', hasProgram: true }, '/main/', undefined],
    ['is nothing for a resource without a program', without('/other/'), '/other/', undefined],
    ['is nothing for a page to which the app has gone', without('/main/help.html'), '/main/', undefined],
    ['is nothing for a message of another form', 'x', '/main/', undefined],
    ['is nothing without a message', undefined, '/main/', undefined],
  ])) {
    await t.test(name, () => {
      const error = missingProgram(loaded, origin + url, ['first', 'main']);
      if (!file) {
        assert.equal(error, undefined);
        return;
      }
      assert.equal(error?.name, 'noProgram');
      assert.ok(error?.text.startsWith(`The page ${file} does not load the Go program`));
      assert.ok(error?.text.includes('<script src="forgego.js" data-program="app.wasm" defer></script>'));
    });
  }
});
