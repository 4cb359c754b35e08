import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Traffic } from '../product/traffic.js';
import { settled } from './browser.js';
import { fire, installDocument } from './dom.js';

/** Shows an empty panel. */
const show = () => {
  const page = installDocument({
    'traffic-list': 'ol',
    'traffic-empty': 'p',
    'traffic-columns': 'div',
    'traffic-dropped': 'p',
    'traffic-body': 'div',
    'traffic-tools': 'form',
    'traffic-count': 'span',
    'traffic-search': 'input',
    'traffic-kind': 'select',
    'traffic-failed': 'input',
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
      'a detail of one line in the line, and inside the JSON',
      error({ detail: 'why: Bearer abc' }),
      '✕ no – why: Bearer [hidden]',
      '{\n  "error": "Error",\n  "message": "no",\n  "detail": "why: Bearer [hidden]"\n}',
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
  assert.match(get('traffic-empty').textContent, /nothing yet/);
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
  const state = () => [toggle.getAttribute('aria-expanded'), get('traffic-body').hidden, get('traffic-tools').hidden];
  toggle.click();
  assert.deepEqual(state(), ['false', true, true]);
  toggle.click();
  assert.deepEqual(state(), ['true', false, false]);
});

test('the list follows the newest call', async (t) => {
  const scrolled = (panel) => {
    Object.assign(panel.get('traffic-body'), { scrollTop: 0, scrollHeight: 500, clientHeight: 100 });
    panel.grow();
    return panel.get('traffic-body').scrollTop;
  };
  const scroll = (panel, scrollTop, scrollHeight = 500) => {
    Object.assign(panel.get('traffic-body'), { scrollTop, scrollHeight, clientHeight: 100 });
    fire(panel.get('traffic-body'), 'scroll');
  };
  const scrollUp = (panel) => {
    scroll(panel, 400);
    scroll(panel, 100);
  };
  for (const [name, act, want] of /** @type {any[][]} */ ([
    ['at first', () => {}, 500],
    ['but not after the user has scrolled up', scrollUp, 0],
    ['although a line has grown while it scrolled', (panel) => scroll(panel, 400, 550), 500],
    [
      'again after the user has scrolled to the end',
      (panel) => {
        scrollUp(panel);
        scroll(panel, 400);
      },
      500,
    ],
    ['but not after the user has opened a line', (panel) => panel.get('traffic-list').click(), 0],
    [
      'again after the list is cleared',
      (panel) => {
        scrollUp(panel);
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

test('the state stands beside the title', async (t) => {
  const { traffic, get } = show();
  const state = () => [get('traffic-state').textContent, get('traffic-state').className];
  for (const [name, act, text, className] of /** @type {[string, () => void, RegExp, string][]} */ ([
    ['of a page that loads', () => (traffic.frameState = 'loading'), /^Loading the app…$/, ''],
    ['of a connected page', () => (traffic.frameState = 'connected'), /^Connected$/, ''],
    [
      'of a host that is gone',
      () => (traffic.hostProblem = 'The local host is gone.'),
      /^The local host is gone\.$/,
      'failed',
    ],
    [
      'of a page that is loaded meanwhile, which needs the host',
      () => (traffic.frameState = 'loading'),
      /^The local host is gone\.$/,
      'failed',
    ],
    ['of the page, when the host is back', () => (traffic.hostProblem = ''), /^Loading the app…$/, ''],
    ['of a page without the bridge', () => (traffic.frameState = 'without'), /has not loaded the bridge/, 'failed'],
  ])) {
    await t.test(name, () => {
      act();
      assert.match(state()[0], text);
      assert.equal(state()[1], className);
    });
  }
});

/** An event about a request of the app's page. */
const request = (more) => ({
  type: 'request',
  remote: 'api',
  request: 'GET /tasks',
  number: 1,
  status: '200',
  text: '2 bytes received',
  origin: 'http://127.0.0.1:4001',
  ms: 3.4,
  ...more,
});

test('a request of the app’s page is listed', async (t) => {
  for (const [name, event, result] of /** @type {[string, object, string][]} */ ([
    ['with its status', {}, '✓ 200'],
    ['as failed from 400 on', { status: '404' }, '✕ 404'],
    ['with the reason why it failed', { status: 'failed', text: 'the remote is down.' }, '✕ the remote is down.'],
    ['as ended if the page has left', { status: 'canceled' }, '✓ the page has left'],
    ['without tokens', { status: 'failed', text: 'Bearer abc' }, '✕ Bearer [hidden]'],
  ])) {
    await t.test(name, () => {
      const { traffic, line, lines } = show();
      traffic.showRequest(request(event));
      assert.equal(lines().length, 1);
      assert.equal(line().find('command').textContent, 'direct request');
      assert.deepEqual([line().find('remote').textContent, line().find('request').textContent], ['api', 'GET /tasks']);
      assert.equal(
        line()
          .all()
          .find(({ className }) => className.startsWith('result')).textContent,
        result,
      );
      assert.equal(line().find('time').textContent, '3 ms');
    });
  }
  for (const [name, event] of /** @type {[string, unknown][]} */ ([
    ['an event of another type', request({ type: 'build' })],
    ['no event', undefined],
  ])) {
    await t.test(`but not ${name}`, () => {
      const { traffic, lines } = show();
      traffic.showRequest(event);
      assert.equal(lines().length, 0);
    });
  }
});

test('a stream has one line', async (t) => {
  const result = (line) => line.all().find(({ className }) => className.startsWith('result')).textContent;
  const { traffic, line, lines } = show();
  await t.test('while it is open', () => {
    traffic.showRequest(request({ status: 'open', text: 'event stream' }));
    assert.equal(result(line()), '… event stream');
    assert.equal(line().find('time').textContent, '');
  });
  await t.test('and at its end', () => {
    traffic.showRequest(request({ status: '200', text: 'event stream, 9 bytes received', ms: 5000 }));
    assert.equal(lines().length, 1);
    assert.deepEqual([result(line()), line().find('time').textContent], ['✓ 200', '5000 ms']);
    assert.match(line().querySelector('pre').textContent, /GET \/tasks\n.*\nevent stream, 9 bytes received$/);
  });
  await t.test('and is another one than a later request with its number', () => {
    traffic.showRequest(request({}));
    assert.equal(lines().length, 2);
  });
  await t.test('and than that of another remote', () => {
    traffic.showRequest(request({ status: 'open', number: 7 }));
    traffic.showRequest(request({ status: '200', number: 7, remote: 'other' }));
    assert.equal(lines().length, 4);
  });
});

test('the filter', async (t) => {
  /** Shows one entry of each kind, and a call that fails. */
  const fill = () => {
    const panel = show();
    panel.traffic.add('getContext', { moduleKey: 'Panel' }).succeed({ locale: 'de-DE' });
    panel.traffic.add('fetchRemote', {}).fail(new Error('Failed to fetch'));
    panel.traffic.showRequest(request({}));
    panel.traffic.showRequest(request({ status: 'open', text: 'event stream', request: 'GET /events', number: 2 }));
    panel.traffic.addError({ name: 'console.error', text: 'oops\nat main.go', count: 2 });
    return panel;
  };
  const names = (panel) =>
    panel
      .lines()
      .filter(({ hidden }) => !hidden)
      .map((line) => line.find('command').textContent + line.find('request').textContent);
  const set = (panel, { kind = '', failed = false, search = '' }) => {
    panel.get('traffic-kind').value = kind;
    fire(panel.get('traffic-kind'), 'change');
    panel.get('traffic-failed').checked = failed;
    fire(panel.get('traffic-failed'), 'change');
    panel.get('traffic-search').value = search;
    fire(panel.get('traffic-search'), 'input');
  };
  const [context, fetch, direct, stream, error] = [
    'getContext',
    'fetchRemote',
    'direct requestGET /tasks',
    'direct requestGET /events',
    'errorconsole.error',
  ];
  for (const [name, filter, want] of /** @type {[string, object, string[]][]} */ ([
    ['shows all at first', {}, [context, fetch, direct, stream, error]],
    ['shows calls', { kind: 'call' }, [context, fetch]],
    ['shows requests', { kind: 'request' }, [direct]],
    ['shows streams', { kind: 'stream' }, [stream]],
    ['shows errors', { kind: 'error' }, [error]],
    ['shows what has failed', { failed: true }, [fetch, error]],
    ['shows calls that have failed', { kind: 'call', failed: true }, [fetch]],
    ['finds a name, in any case', { search: ' GETCONTEXT ' }, [context]],
    ['finds a path', { search: '/events' }, [stream]],
    ['finds a text of the payload', { search: 'panel' }, [context]],
    ['finds a text of the answer', { search: 'de-de' }, [context]],
    ['finds a text of an error', { search: 'main.go' }, [error]],
    ['finds nothing', { search: 'nothing' }, []],
  ])) {
    await t.test(name, () => {
      const panel = fill();
      set(panel, filter);
      assert.deepEqual(names(panel), want);
      assert.equal(panel.get('traffic-count').textContent, `${want.length} of 5`);
      assert.equal(panel.get('traffic-columns').hidden, want.length === 0);
      assert.equal(panel.get('traffic-empty').hidden, want.length > 0);
    });
  }
  await t.test('says that nothing matches', () => {
    const panel = fill();
    set(panel, { search: 'nothing' });
    assert.match(panel.get('traffic-empty').textContent, /No entry matches/);
  });
  await t.test('holds for later entries', () => {
    const panel = fill();
    set(panel, { kind: 'error' });
    panel.traffic.add('emit', {});
    panel.traffic.addError({ name: 'error', text: 'x', count: 1 });
    assert.deepEqual(names(panel), [error, 'errorerror']);
    assert.equal(panel.get('traffic-count').textContent, '2 of 7');
  });
  await t.test('shows an entry as soon as it matches', () => {
    const panel = fill();
    set(panel, { failed: true });
    const entry = panel.traffic.add('invoke', {});
    assert.deepEqual(names(panel), [fetch, error]);
    entry.fail(new Error('no'));
    assert.deepEqual(names(panel), [fetch, error, 'invoke']);
  });
});

test('a call can be copied as a Go test', async (t) => {
  const copied = [];
  let refuses = false;
  globalThis.navigator ??= /** @type {any} */ ({}); // Node.js 20 has none.
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: {
      writeText: async (text) => {
        if (refuses) throw new Error('not allowed');
        copied.push(text);
      },
    },
  });
  const button = (line) => line.find('Copy as Go test');
  await t.test('when it has an answer, without tokens', async () => {
    const { traffic, line } = show();
    const entry = traffic.add('publish', { jwt: 'secret', body: '{"password":"secret"}', at: 'Bearer secret' });
    assert.equal(button(line()), undefined);
    entry.succeed({ token: 'secret', text: 'yes' });
    button(line()).click();
    await settled();
    const text = copied.at(-1);
    assert.match(text, /^package app\n/);
    assert.match(text, /"publish"/);
    assert.match(text, /"text":"yes"/);
    assert.doesNotMatch(text, /secret/);
    assert.ok(line().find('Copied. Paste it into a file that ends in _test.go.'));
  });
  await t.test('when it has failed', async () => {
    const { traffic, line } = show();
    traffic.add('publish', {}).fail(new TypeError('no way'));
    button(line()).click();
    await settled();
    assert.match(copied.at(-1), /HostError\{Name: "TypeError", Message: "no way"\}/);
  });
  await t.test('by hand if the browser refuses the clipboard', async () => {
    refuses = true;
    const { traffic, line } = show();
    traffic.add('publish', {}).succeed(1);
    button(line()).click();
    await settled();
    assert.match(line().find('test').textContent, /^package app\n/);
    assert.equal(document.activeElement, line().find('test'));
  });
  for (const [name, payload, answer] of /** @type {[string, unknown, unknown][]} */ ([
    ['with a function', { callback: () => {} }, 1],
    ['with a file', { file: new Blob(['x']) }, 1],
    ['whose answer has a function', {}, { off: () => {} }],
    ['with a large integer', { n: 1n }, 1],
    ['that is too long', 'x'.repeat(40_000), 1],
  ])) {
    await t.test(`but not a call ${name}`, () => {
      const { traffic, line } = show();
      traffic.add('publish', payload).succeed(answer);
      assert.equal(button(line()), undefined);
    });
  }
});
