import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installHistory, installServer, settled } from './browser.js';
import { installDocument } from './dom.js';

installHistory();
/** @type {any} */ (globalThis).sessionStorage = { getItem: () => null };
/** @type {any} */ (window).location = {
  origin: 'http://localhost:4000',
  hash: '',
  pathname: '/',
  search: '?module=panel',
};
const { getUrl, navigate } = await import('../product/router.js');

/** Sets the page and the server up, and returns the call of a command. */
const setUp = (t) => {
  const page = installDocument();
  const { querySelectorAll } = page;
  const link = (href) => Object.assign(page.createElement('a'), { href });
  page.querySelector = () => ({ dataset: { app: 'ari:app' } });
  page.querySelectorAll = (selector) =>
    selector === 'nav a'
      ? [link('http://localhost:4000/?module=panel'), link('http://localhost:4000/?module=other')]
      : querySelectorAll(selector);
  installServer(t, () => ({ environmentId: 'env', extension: { space: { key: 'SPACE' } } }));
  return /** @type {any} */ ({ moduleKey: 'panel', note: () => {} });
};

test('getUrl returns the address of a target', async (t) => {
  for (const [name, location, want] of /** @type {any[][]} */ ([
    ['content', { target: 'contentView', contentId: '12' }, '/wiki/pages/viewpage.action?pageId=12'],
    [
      'a version of content',
      { target: 'contentView', contentId: 12, version: '3' },
      '/wiki/pages/viewpage.action?pageId=12&pageVersion=3',
    ],
    [
      'the editor, in the space of the context',
      { target: 'contentEdit', contentId: '12' },
      '/wiki/spaces/SPACE/pages/edit-v2/12',
    ],
    ['a space', { target: 'spaceView', spaceKey: 'ABC' }, '/wiki/spaces/ABC'],
    ['the pages of a space', { target: 'contentList', contentType: 'page', spaceKey: 'ABC' }, '/wiki/spaces/ABC/pages'],
    [
      'custom content',
      { target: 'contentList', contentType: 'customContent', moduleKey: 'x' },
      '/wiki/search?type=forge:ari:app:env:x',
    ],
    ['a dashboard', { target: 'dashboard', dashboardId: '1' }, '/jira/dashboards/1'],
    ['an issue', { target: 'issue', issueKey: 'DEMO-1' }, '/browse/DEMO-1'],
    [
      'the details of a project',
      { target: 'projectSettingsDetails', projectKey: 'ABC' },
      '/jira/software/projects/ABC/settings/details',
    ],
    ['a user', { target: 'userProfile', accountId: '1:2' }, '/people/1%3A2'],
    ['a module', { target: 'module', moduleKey: 'other' }, '/?module=other'],
    ['a place in a module', { target: 'module', moduleKey: 'other', path: '/a' }, '/?module=other#/a'],
    ['a place without a slash', { target: 'module', moduleKey: 'other', path: 'a' }, '/?module=other#/a'],
    ['an escaped key', { target: 'issue', issueKey: '../a?b#c' }, '/browse/..%2Fa%3Fb%23c'],
  ])) {
    await t.test(name, async (t) => assert.equal(await getUrl(location, setUp(t)), `http://localhost:4000${want}`));
  }
});

test('the address of a module keeps the window’s account and site', async (t) => {
  t.after(() => (window.location.search = '?module=panel'));
  window.location.search = '?account=3&module=panel&site=2';
  assert.equal(
    await getUrl({ target: 'module', moduleKey: 'other', path: '/a' }, setUp(t)),
    'http://localhost:4000/?module=other&account=3&site=2#/a',
  );
});

test('getUrl refuses', async (t) => {
  for (const [name, location, code, text] of /** @type {any[][]} */ ([
    ['an unknown target', { target: 'moon' }, 'UNKNOWN_TARGET', /no target "moon"/],
    ['a target that is a member of every object', { target: 'toString' }, 'UNKNOWN_TARGET', /no target/],
    ['a payload without a target', undefined, 'UNKNOWN_TARGET', /no target/],
    ['a missing key', { target: 'dashboard' }, 'INVALID_REQUEST', /"dashboard" needs a dashboardId\./],
    ['an empty key', { target: 'issue', issueKey: '' }, 'INVALID_REQUEST', /"issue" needs an issueKey\./],
    ['an unknown kind of content', { target: 'contentList', contentType: 'blogpost' }, 'UNKNOWN_ADDRESS', /"blogpost"/],
    ['a module that the manifest does not have', { target: 'module', moduleKey: 'none' }, 'UNKNOWN_MODULE', /"none"/],
  ])) {
    await t.test(name, async (t) =>
      assert.rejects(getUrl(location, setUp(t)), (/** @type {any} */ error) => {
        assert.equal(error.code, code);
        assert.match(error.message, text);
        return true;
      }),
    );
  }
});

test('navigate refuses an address', async (t) => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://', '', undefined]) {
    await t.test(String(url), async (t) => assert.rejects(navigate({ url }, setUp(t)), { code: 'INVALID_REQUEST' }));
  }
});

test('navigate asks before it opens another site', async (t) => {
  for (const [name, button, want] of /** @type {any[][]} */ ([
    ['and opens it in a new tab', 'Open in a new tab', [['https://other.example/', '_blank', 'noopener']]],
    ['and stays if the user says so', 'Stay here', []],
  ])) {
    await t.test(name, async (t) => {
      const call = setUp(t);
      const opened = [];
      /** @type {any} */ (window).open = (url, ...rest) => opened.push([String(url), ...rest]);
      const done = navigate({ url: 'https://other.example' }, call).catch((error) => error.code);
      await settled();
      /** @type {any} */ (document.body).find('question').find(button).click();
      assert.equal(await done, want.length > 0 ? undefined : 'DECLINED');
      assert.deepEqual(opened, want);
    });
  }
});
