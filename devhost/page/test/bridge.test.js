import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Peer } from '../wire.js';
import { settled } from './browser.js';
import { installDocument } from './dom.js';

const host = 'http://localhost:4000';
let copies = 0;
let peers = [];

afterEach(() => {
  for (const peer of peers) peer.close(new Error('The test is over.'));
  peers = [];
});

/** Loads an app's page in the product's page, and with it the bridge. */
const load = async (/** @type {any} */ { embedded = true, existing, readyState = 'complete' } = {}) => {
  copies += 1;
  const page = installDocument();
  page.currentScript = page.createElement('script');
  page.currentScript.dataset.host = host;
  Object.assign(page, { readyState, adoptedStyleSheets: ['the app’s own'] });
  const sent = [];
  const parent = { postMessage: (data, origin) => sent.push({ data, origin }) };
  /** @type {any} */ (globalThis).window = new EventTarget();
  /** @type {any} */ (window).parent = embedded ? parent : window;
  /** @type {any} */ (globalThis).CSSStyleSheet = class {
    replaceSync(css) {
      this.css = css;
    }
  };
  /** @type {any} */ (globalThis).__bridge = existing;
  await import(`../app/bridge.js?copy=${copies}`);
  const commands = [];
  return {
    page,
    sent,
    commands,
    call: (...args) => globalThis.__bridge.callBridge(...args),
    /** Delivers a message to the app's page. */
    post: (data, /** @type {any} */ { source = parent, origin = host, ports = [] } = {}) =>
      window.dispatchEvent(Object.assign(new Event('message'), { data, source, origin, ports })),
    /** Completes the last handshake, and returns the product's end. */
    welcome(more = {}) {
      const { port1, port2 } = new MessageChannel();
      const product = new Peer((command, payload) => {
        commands.push([command, payload]);
        return `answer to ${command}`;
      });
      peers.push(product);
      product.attach(port1);
      this.post({ type: 'forgego:welcome', nonce: sent.at(-1).data.nonce }, { ports: [port2], ...more });
      return product;
    },
  };
};

test('the page greets the product only', async () => {
  const { sent } = await load();
  assert.equal(sent.length, 1);
  assert.equal(sent[0].origin, host);
  assert.equal(sent[0].data.type, 'forgego:hello');
  assert.match(sent[0].data.nonce, /^\d+-\d+-\d+-\d+$/);
});

test('calls wait for the handshake and keep their order', async () => {
  const app = await load();
  const answers = [app.call('getContext'), app.call('emit', { event: 'a' })];
  app.welcome();
  assert.deepEqual(await Promise.all(answers), ['answer to getContext', 'answer to emit']);
  assert.deepEqual(app.commands, [
    ['getContext', undefined],
    ['emit', { event: 'a' }],
  ]);
});

test('a welcome is ignored', async (t) => {
  for (const [name, welcome] of /** @type {any[][]} */ ([
    ['from another window', (app) => app.welcome({ source: {} })],
    ['from another origin', (app) => app.welcome({ origin: 'http://evil.example' })],
    ['without a port', (app) => app.welcome({ ports: [] })],
    ['to the page before a reload', (app) => app.post({ type: 'forgego:welcome', nonce: '1-2-3-4' }, { ports: [{}] })],
    ['of another type', (app) => app.post({ type: 'forgego:hello', nonce: app.sent[0].data.nonce }, { ports: [{}] })],
    ['that is null', (app) => app.post(null, { ports: [{}] })],
    ['that is no object', (app) => app.post('forgego:welcome', { ports: [{}] })],
  ])) {
    await t.test(name, async () => {
      const app = await load();
      const answer = app.call('getContext');
      welcome(app);
      await settled();
      assert.deepEqual(app.commands, []);
      app.welcome();
      assert.equal(await answer, 'answer to getContext', 'the right one is still accepted');
    });
  }
});

test('a second welcome is ignored', async () => {
  const app = await load();
  app.welcome();
  const second = app.welcome();
  assert.equal(await app.call('getContext'), 'answer to getContext');
  const call = second.call('theme', {});
  call.catch(() => {});
  await settled();
  assert.equal(app.page.documentElement.dataset.theme, undefined);
});

test('without an answer within 5 s the calls are rejected, and the next call greets again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const app = await load();
  const early = assert.rejects(app.call('getContext'), { code: 'BRIDGE_TIMEOUT' });
  t.mock.timers.tick(4999);
  const late = assert.rejects(app.call('getContext'), { code: 'BRIDGE_TIMEOUT' });
  t.mock.timers.tick(1);
  await Promise.all([early, late]);
  const again = app.call('getContext');
  assert.equal(app.sent.length, 2);
  assert.notEqual(app.sent[0].data.nonce, app.sent[1].data.nonce);
  app.welcome();
  assert.equal(await again, 'answer to getContext');
});

test('a page that is not inside a product says where to open it', async () => {
  const { call, sent } = await load({ embedded: false });
  await assert.rejects(call('getContext'), { code: 'NO_HOST', message: new RegExp(host) });
  assert.deepEqual(sent, []);
});

test('callBridge needs the name of a command', async () => {
  const { call } = await load();
  await assert.rejects(call(1), TypeError);
});

test('a bridge that is already there stays', async () => {
  const existing = { callBridge: () => {} };
  const { sent } = await load({ existing });
  assert.equal(globalThis.__bridge, existing);
  assert.deepEqual(sent, []);
});

test('a command for the page', async (t) => {
  await t.test('sets the theme, before the app’s own rules and once', async () => {
    const app = await load();
    const product = app.welcome();
    const theme = { colorMode: 'dark', theme: 'dark:dark light:light', css: 'html { color: red }' };
    await product.call('theme', theme);
    await product.call('theme', theme);
    assert.deepEqual(app.page.documentElement.dataset, { colorMode: 'dark', theme: 'dark:dark light:light' });
    const [sheet, ...others] = app.page.adoptedStyleSheets;
    assert.equal(sheet.css, 'html { color: red }');
    assert.deepEqual(others, ['the app’s own']);
  });
  await t.test('is refused if it is unknown', async () => {
    const product = (await load()).welcome();
    await assert.rejects(product.call('other'), { code: 'UNKNOWN_COMMAND' });
  });
});

test('watchSize reports the size of the content with its margins', async (t) => {
  for (const readyState of ['complete', 'loading']) {
    await t.test(`in a page whose state is “${readyState}”`, async () => {
      const app = await load({ readyState });
      const product = app.welcome();
      let report, added;
      const observed = [];
      /** @type {any} */ (globalThis).ResizeObserver = class {
        constructor(callback) {
          report = callback;
        }
        observe = (element) => observed.push(element);
        disconnect() {}
      };
      /** @type {any} */ (globalThis).MutationObserver = class {
        constructor(callback) {
          added = callback;
        }
        observe() {}
      };
      const margins = new Map();
      /** Returns an element with a margin of 1.5 px at the right. @param {number} bottom its lower edge @param {string} margin below it */
      const element = (bottom, margin, /** @type {object[]} */ ...children) => {
        const made = {
          children,
          getBoundingClientRect: () => ({ left: 8, top: 1.5, bottom }),
          getClientRects: () => (bottom ? [{}] : []),
        };
        margins.set(made, margin);
        return made;
      };
      /** @type {any} */ (globalThis).getComputedStyle = (of) => ({
        marginRight: '2.5px',
        marginBottom: margins.get(of),
      });
      // The margin of the list below the last visible child collapses with that of the body.
      const list = element(60, '13px', element(50, '90px'));
      const body = element(60, '8px', element(60, '70px'), list, element(0, '99px'));
      margins.set(app.page.body, '8px');
      Object.assign(app.page.body, body, { scrollWidth: 100, scrollHeight: 50 });
      Object.assign(app.page.documentElement, { clientHeight: 185 });
      Object.assign(window, { scrollX: 0, scrollY: 20, innerHeight: 200 });
      await product.call('watchSize');
      if (readyState === 'loading') {
        assert.deepEqual(observed, [], 'the body is not complete yet');
        app.page.dispatchEvent(new Event('DOMContentLoaded'));
      }
      assert.deepEqual(observed, [app.page.body, ...body.children]);
      const later = element(0, '0px');
      body.children.push(later);
      added();
      assert.ok(observed.includes(later), 'what is added to the body is not observed');
      report();
      await app.call('getContext');
      assert.deepEqual(app.commands[0], ['forgego:size', { width: 111, height: 100 }]);
    });
  }
});

test('Escape', async (t) => {
  for (const [name, key, prevent, want] of /** @type {any[][]} */ ([
    ['is reported', 'Escape', false, 'forgego:escape'],
    ['is not reported if the app handles it', 'Escape', true, 'getContext'],
    ['is the only key that is reported', 'a', false, 'getContext'],
  ])) {
    await t.test(name, async () => {
      const app = await load();
      app.welcome();
      const event = Object.assign(new Event('keydown', { cancelable: true }), { key });
      if (prevent) event.preventDefault();
      window.dispatchEvent(event);
      await app.call('getContext');
      assert.equal(app.commands[0][0], want);
    });
  }
});
