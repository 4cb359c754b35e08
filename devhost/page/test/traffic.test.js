import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Traffic } from '../product/traffic.js';
import { fire, installDocument } from './dom.js';

/** Shows an empty panel. */
const show = () => {
  const page = installDocument({
    'traffic-list': 'ol',
    'traffic-empty': 'p',
    'traffic-columns': 'div',
    'traffic-body': 'div',
    'traffic-state': 'p',
    'traffic-toggle': 'button',
    'traffic-clear': 'button',
  });
  let resized;
  /** @type {any} */ (globalThis).ResizeObserver = class {
    constructor(callback) {
      resized = callback;
    }
    observe() {}
  };
  const traffic = new Traffic();
  const get = (id) => page.getElementById(id);
  const list = get('traffic-list');
  return { traffic, get, lines: () => list.children, line: () => list.children.at(-1), grow: () => resized() };
};

/** Returns the texts of a line: remote, request, result, and the answer. */
const texts = (line) => ({
  remote: line.find('remote').textContent,
  request: line.find('request').textContent,
  result: line.all().find(({ className }) => className.startsWith('result')).textContent,
  answer: line.all().filter(({ tag }) => tag === 'pre')[1].textContent,
});

test('a call is listed', async (t) => {
  const { traffic, line } = show();
  const entry = traffic.add('fetchRemote', { path: '/a' });
  await t.test('with its payload, before it has an answer', () => {
    assert.equal(line().find('command').textContent, 'fetchRemote');
    assert.equal(line().querySelector('pre').textContent, '{\n  "path": "/a"\n}');
    assert.equal(texts(line()).result, '… waiting');
  });
  await t.test('with what the command notes', () => {
    entry.note({ remote: 'api', request: 'GET /a', status: '200' });
    entry.note({});
    const { remote, request } = texts(line());
    assert.deepEqual([remote, request, line().find('request').title], ['api', 'GET /a', 'GET /a']);
  });
  await t.test('with its answer', () => {
    entry.succeed({ ok: 1 });
    const { result, answer } = texts(line());
    assert.deepEqual([result, answer], ['✓ 200', '{\n  "ok": 1\n}']);
  });
});

test('the time of a call is in whole milliseconds', (t) => {
  const { traffic, line } = show();
  let now = 1000.25;
  t.mock.method(performance, 'now', () => now);
  const entry = traffic.add('emit', {});
  now += 12.4;
  entry.succeed(undefined);
  assert.equal(line().find('time').textContent, '12 ms');
});

test('the payload is that of the call, even if the app changes it later', () => {
  const { traffic, line } = show();
  const payload = { a: 1 };
  traffic.add('emit', payload);
  payload.a = 2;
  assert.equal(line().querySelector('pre').textContent, '{\n  "a": 1\n}');
});

test('a result', async (t) => {
  for (const [name, status, className, want] of /** @type {any[][]} */ ([
    ['is “done” if the command notes none', undefined, 'result ok', '✓ done'],
    ['has succeeded with 302', '302 Found', 'result ok', '✓ 302 Found'],
    ['has failed with 404', '404 Not Found', 'result failed', '✕ 404 Not Found'],
    ['has failed with 500', '500', 'result failed', '✕ 500'],
  ])) {
    await t.test(name, () => {
      const { traffic, line } = show();
      const entry = traffic.add('fetchRemote', {});
      if (status) entry.note({ status });
      entry.succeed(undefined);
      assert.equal(line().find(className)?.textContent, want);
    });
  }
});

test('a failure shows', async (t) => {
  const error = (more) => Object.assign(new Error('no'), more);
  for (const [name, reason, result, answer] of /** @type {any[][]} */ ([
    [
      'message and code',
      error({ code: 'E_NO' }),
      '✕ no',
      '{\n  "error": "Error",\n  "message": "no",\n  "code": "E_NO"\n}',
    ],
    [
      'the name of another error',
      new TypeError('no'),
      '✕ TypeError: no',
      '{\n  "error": "TypeError",\n  "message": "no"\n}',
    ],
    ['a reason that is no error', 'no', '✕ no', '{\n  "error": "Error",\n  "message": "no"\n}'],
    ['no reason at all', undefined, '✕ undefined', '{\n  "error": "Error",\n  "message": "undefined"\n}'],
    [
      'a detail of one line inside the JSON',
      error({ detail: 'why' }),
      '✕ no',
      '{\n  "error": "Error",\n  "message": "no",\n  "detail": "why"\n}',
    ],
    [
      'a detail of several lines below it, without tokens',
      error({ detail: 'at a\nBearer abc' }),
      '✕ no',
      '{\n  "error": "Error",\n  "message": "no"\n}\n\nat a\nBearer [hidden]',
    ],
    ['a message of several lines above it', new Error('a\nb'), '✕ a\nb', 'a\nb\n\n{\n  "error": "Error"\n}'],
  ])) {
    await t.test(name, () => {
      const { traffic, line } = show();
      traffic.add('invoke', {}).fail(reason);
      const shown = texts(line());
      assert.deepEqual([shown.result, shown.answer], [result, answer]);
    });
  }
});

test('the list keeps the newest 200 calls', () => {
  const { traffic, lines } = show();
  for (let i = 0; i < 203; i += 1) traffic.add(`call ${i}`, {});
  assert.equal(lines().length, 200);
  assert.ok(lines()[0].find('call 3'));
});

test('an empty list has a text instead of columns', () => {
  const { traffic, get } = show();
  const hidden = () => [get('traffic-empty').hidden, get('traffic-columns').hidden];
  traffic.add('emit', {});
  assert.deepEqual(hidden(), [true, false]);
  get('traffic-clear').click();
  assert.deepEqual(hidden(), [false, true]);
  assert.equal(get('traffic-list').children.length, 0);
});

test('the title opens and closes the list', () => {
  const { get } = show();
  const toggle = get('traffic-toggle');
  toggle.setAttribute('aria-expanded', 'true');
  const state = () => [toggle.getAttribute('aria-expanded'), get('traffic-body').hidden];
  toggle.click();
  assert.deepEqual(state(), ['false', true]);
  toggle.click();
  assert.deepEqual(state(), ['true', false]);
});

test('the list follows the newest call', async (t) => {
  const scrolled = (panel) => {
    Object.assign(panel.get('traffic-body'), { scrollTop: 0, scrollHeight: 500, clientHeight: 100 });
    panel.grow();
    return panel.get('traffic-body').scrollTop;
  };
  const scroll = (panel, scrollTop) => {
    Object.assign(panel.get('traffic-body'), { scrollTop, scrollHeight: 500, clientHeight: 100 });
    fire(panel.get('traffic-body'), 'scroll');
  };
  for (const [name, act, want] of /** @type {any[][]} */ ([
    ['at first', () => {}, 500],
    ['but not after the user has scrolled up', (panel) => scroll(panel, 100), 0],
    [
      'again after the user has scrolled to the end',
      (panel) => {
        scroll(panel, 100);
        scroll(panel, 400);
      },
      500,
    ],
    ['but not after the user has opened a line', (panel) => panel.get('traffic-list').click(), 0],
    [
      'again after the list is cleared',
      (panel) => {
        scroll(panel, 100);
        panel.get('traffic-clear').click();
      },
      500,
    ],
  ])) {
    await t.test(name, () => {
      const panel = show();
      act(panel);
      assert.equal(scrolled(panel), want);
    });
  }
});

test('the state stands beside the title', () => {
  const { traffic, get } = show();
  traffic.state = 'Connected';
  assert.equal(get('traffic-state').textContent, 'Connected');
});
