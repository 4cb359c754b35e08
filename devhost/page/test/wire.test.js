import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { BridgeError, Peer } from '../wire.js';

/** A lost answer fails the test instead of stopping Node.js from ending. */
const limit = { timeout: 5000 };

/** The peers of the running tests. An open port would keep Node.js running. */
const peers = [];
after(() => {
  for (const peer of peers) peer.close(new Error('The test is over.'));
});

const newPeer = (/** @type {import('../wire.js').Handler} */ handler = () => undefined) => {
  const peer = new Peer(handler);
  peers.push(peer);
  return peer;
};

/**
 * Returns a peer whose other side answers with the handler. Its answers are of any type.
 * @returns {any}
 */
const connect = (handler) => {
  const [here, there] = [newPeer(), newPeer(handler)];
  const { port1, port2 } = new MessageChannel();
  here.attach(port1);
  there.attach(port2);
  return here;
};

/** Returns a peer with the handler, and functions to send it raw messages and to read its own. */
const connectRaw = (handler) => {
  const { port1, port2 } = new MessageChannel();
  const peer = newPeer(handler);
  peer.attach(port1);
  peers.push({ close: () => port2.close() });
  const received = [];
  const waiting = [];
  port2.addEventListener('message', ({ data }) => {
    if (waiting.length > 0) waiting.shift()(data);
    else received.push(data);
  });
  port2.start();
  return {
    peer,
    send: (message) => port2.postMessage(message),
    next: () =>
      received.length > 0 ? Promise.resolve(received.shift()) : new Promise((resolve) => waiting.push(resolve)),
  };
};

const echo = (_command, payload) => payload;
const encoded = (value, specials = []) => ({ value, specials });

class Point {
  constructor(x) {
    this.x = x;
  }
}
const sparse = [1];
sparse.length = 3;
const shared = { a: 1 };

test('a value arrives', async (t) => {
  for (const [name, sent, want = sent] of /** @type {any[][]} */ ([
    ['a string', 'text'],
    ['nothing', undefined],
    ['null', null],
    ['a bigint', 12n],
    ['an object in an object', { a: { b: [1, 2] } }],
    ['undefined in an object', { a: undefined }],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['bytes', new Uint8Array([0, 255])],
    ['an array with holes at the end', sparse],
    ['the same object twice, which is no cycle', [shared, shared]],
    ['an instance of a class, as a plain object', new Point(1), { x: 1 }],
    ['a symbol, as undefined', { a: Symbol('a') }, { a: undefined }],
  ])) {
    await t.test(name, limit, async () => assert.deepEqual(await connect(echo).call('echo', sent), want));
  }
});

test('a blob arrives as a blob', async () => {
  const answer = await connect(echo).call('echo', { file: new Blob(['text'], { type: 'text/plain' }) });
  assert.equal(await answer.file.text(), 'text');
  assert.equal(answer.file.type, 'text/plain');
});

test('a member "__proto__" stays a member', async () => {
  const answer = await connect(echo).call('echo', JSON.parse('{"__proto__": {"a": 1}}'));
  assert.deepEqual(Object.keys(answer), ['__proto__']);
  assert.equal(Object.getPrototypeOf(answer), Object.prototype);
});

test('a value is refused', async (t) => {
  const cycle = {};
  cycle.self = cycle;
  const nested = { list: [{}] };
  nested.list[0].top = nested.list;
  const deep = (levels) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  for (const [name, value, code, text] of /** @type {any[][]} */ ([
    ['if it contains itself', cycle, 'CYCLE', /itself at self\./],
    ['if a part contains itself, with the path', nested, 'CYCLE', /itself at list\.0\.top\./],
    ['if it is nested too deeply', deep(1002), 'TOO_DEEP', /1000 levels/],
  ])) {
    await t.test(name, limit, () =>
      assert.rejects(connect(echo).call('echo', value), (error) => {
        assert(error instanceof BridgeError);
        assert.equal(error.code, code);
        assert.match(error.message, text);
        return true;
      }),
    );
  }
  await t.test('but not one level earlier', limit, async () =>
    assert.deepEqual(await connect(echo).call('echo', deep(1001)), deep(1001)),
  );
  await t.test('if it cannot be cloned', limit, () =>
    assert.rejects(connect(echo).call('echo', new WeakMap()), { name: 'DataCloneError' }),
  );
});

test('an error arrives', async (t) => {
  const withCode = (code) => Object.assign(new TypeError('bad'), { code });
  for (const [name, error, code] of /** @type {any[][]} */ ([
    ['without a code', new TypeError('bad'), undefined],
    ['with a text as code', withCode('E_BAD'), 'E_BAD'],
    ['with a number as code', withCode(7), 7],
    ['without a code of another type', withCode({ a: 1 }), undefined],
  ])) {
    await t.test(name, limit, async () => {
      const { inside } = await connect(echo).call('echo', { inside: error });
      assert.ok(inside instanceof Error);
      assert.deepEqual(
        [inside.name, inside.message, /** @type {any} */ (inside).code, inside.stack],
        ['TypeError', 'bad', code, error.stack],
      );
      assert.deepEqual(Object.keys(inside), code === undefined ? [] : ['code']);
    });
  }
});

test('a call rejects', async (t) => {
  for (const [name, handler, want] of /** @type {any[][]} */ ([
    [
      'with the error that the handler throws',
      () => {
        throw Object.assign(new RangeError('no'), { code: 'E_NO' });
      },
      { name: 'RangeError', message: 'no', code: 'E_NO' },
    ],
    [
      'with the error of a promise',
      async () => {
        throw new Error('later');
      },
      { name: 'Error', message: 'later' },
    ],
    [
      'with the text of another thrown value',
      () => {
        throw 'text';
      },
      { name: 'Error', message: 'text' },
    ],
    ['if the answer cannot be cloned', () => new WeakMap(), { name: 'DataCloneError' }],
    [
      'if the answer contains itself',
      () => {
        const a = [];
        a.push(a);
        return a;
      },
      { name: 'BridgeError', code: 'CYCLE' },
    ],
  ])) {
    await t.test(name, limit, () => assert.rejects(connect(handler).call('any'), want));
  }
});

test('a function can be called from the other side', async (t) => {
  await t.test('and gets the arguments', limit, async () => {
    const seen = [];
    await connect(async (_command, { onChange }) => onChange(1, { a: 2 })).call('any', {
      onChange: (...args) => seen.push(args),
    });
    assert.deepEqual(seen, [[1, { a: 2 }]]);
  });
  await t.test('and its answer arrives', limit, async () => {
    assert.equal(await connect(async (_command, double) => (await double(4)) + 1).call('any', (n) => 2 * n), 9);
  });
  await t.test('and its error arrives', limit, async () => {
    const call = connect(async (_command, fail) => fail()).call('any', () => {
      throw new RangeError('mine');
    });
    await assert.rejects(call, { name: 'RangeError', message: 'mine' });
  });
  await t.test('if the answer contains it', limit, async () => {
    const { unsubscribe } = await connect(() => ({ unsubscribe: () => 'done' })).call('any');
    assert.equal(await unsubscribe(), 'done');
  });
  await t.test('until it is released', limit, async () => {
    const { peer, send, next } = connectRaw();
    peer.call('any', () => 'here').catch(() => {});
    const id = (await next()).payload.specials[0].function;
    send({ kind: 'apply', id: 1, function: id, args: encoded([]) });
    assert.deepEqual(await next(), { kind: 'answer', id: 1, ok: true, value: encoded('here') });
    send({ kind: 'release', function: id });
    send({ kind: 'apply', id: 2, function: id, args: encoded([]) });
    const { ok, value } = await next();
    assert.deepEqual([ok, value.specials[0].error.code], [false, 'RELEASED']);
  });
});

test('before there is a port', async (t) => {
  await t.test('calls wait, in their order', limit, async () => {
    /** @type {[Peer, string[]]} */
    const [here, commands] = [newPeer(), []];
    const calls = [here.call('first'), here.call('second')];
    const { port1, port2 } = new MessageChannel();
    newPeer((command) => commands.push(command)).attach(port2);
    here.attach(port1);
    await Promise.all(calls);
    assert.deepEqual(commands, ['first', 'second']);
  });
  await t.test('a call keeps the payload of its time', limit, async () => {
    const here = newPeer();
    const bytes = new Uint8Array([1]);
    const call = here.call('echo', bytes);
    bytes[0] = 2;
    const { port1, port2 } = new MessageChannel();
    newPeer(echo).attach(port2);
    here.attach(port1);
    assert.deepEqual(await call, new Uint8Array([1]));
  });
  await t.test('a payload that cannot be cloned is refused at once', limit, () =>
    assert.rejects(newPeer().call('echo', new WeakMap()), { name: 'DataCloneError' }),
  );
});

test('a closed peer', async (t) => {
  const reason = new Error('gone');
  await t.test('rejects its pending calls', limit, async () => {
    const here = connect(() => new Promise(() => {}));
    const call = here.call('never');
    here.close(reason);
    await assert.rejects(call, reason);
    assert.equal(here.closed, true);
  });
  await t.test('rejects calls that wait for a port', limit, async () => {
    const here = newPeer();
    const call = here.call('never');
    here.close(reason);
    await assert.rejects(call, reason);
  });
  await t.test('rejects later calls', limit, async () => {
    const here = newPeer();
    here.close(reason);
    await assert.rejects(here.call('late'), reason);
  });
  await t.test('keeps its first reason', limit, async () => {
    const here = newPeer();
    here.close(reason);
    here.close(new Error('other'));
    await assert.rejects(here.call('late'), reason);
  });
  await t.test('closes a port that it gets later', limit, async () => {
    const here = newPeer();
    here.close(reason);
    const { port1, port2 } = new MessageChannel();
    const closed = new Promise((resolve) => port2.addEventListener('close', resolve));
    port2.start();
    here.attach(port1);
    await closed;
  });
  await t.test('closes the other side', limit, async () => {
    const { port1, port2 } = new MessageChannel();
    const [here, there] = [newPeer(), newPeer()];
    here.attach(port1);
    there.attach(port2);
    const call = there.call('any');
    here.close(reason);
    await assert.rejects(call, { code: 'BRIDGE_CLOSED' });
  });
});

test('a message of the wrong form is ignored', async (t) => {
  for (const [name, message] of /** @type {any[][]} */ ([
    ['null', null],
    ['an unknown kind', { kind: 'other', id: 1, command: 'echo', payload: encoded(1) }],
    ['a call without an ID', { kind: 'call', command: 'echo', payload: encoded(1) }],
    ['a call whose command is no text', { kind: 'call', id: 1, command: 7, payload: encoded(1) }],
    ['a call without a payload', { kind: 'call', id: 1, command: 'echo' }],
    [
      'a payload whose specials are no list',
      { kind: 'call', id: 1, command: 'echo', payload: { value: 1, specials: {} } },
    ],
    ['a special without a path', { kind: 'call', id: 1, command: 'echo', payload: encoded(1, [{ function: 1 }]) }],
    [
      'a special that is nothing',
      { kind: 'call', id: 1, command: 'echo', payload: encoded({ a: 1 }, [{ path: ['a'] }]) },
    ],
    ['arguments that are no list of parts', { kind: 'apply', id: 1, function: 1, args: [] }],
    ['an answer to no call', { kind: 'answer', id: 99, ok: true, value: encoded(1) }],
  ])) {
    await t.test(name, limit, async () => {
      const { send, next } = connectRaw(echo);
      send(message);
      send({ kind: 'call', id: 2, command: 'echo', payload: encoded('good') });
      assert.deepEqual(await next(), { kind: 'answer', id: 2, ok: true, value: encoded('good') });
    });
  }
});

test('the path of a special does not reach a prototype', async (t) => {
  const { toString } = Object.prototype;
  t.afterEach(() => {
    Object.prototype.toString = toString;
  });
  for (const path of [
    ['__proto__', 'polluted'],
    ['constructor', 'prototype', 'polluted'],
    ['missing', 'polluted'],
    ['toString'],
    ['__proto__', 'toString'],
    ['constructor', 'prototype', 'toString'],
  ]) {
    await t.test(path.join('.'), limit, async () => {
      const { send, next } = connectRaw((_command, payload) => Object.hasOwn(payload, path[0]));
      send({ kind: 'call', id: 1, command: 'any', payload: encoded({}, [{ path, function: 1 }]) });
      assert.equal((await next()).value.value, false);
      assert.equal({}.polluted, undefined);
      assert.equal(Object.prototype.toString, toString);
    });
  }
});

test('a second answer to a call is ignored', async () => {
  const { peer, send, next } = connectRaw();
  const call = peer.call('any');
  const { id } = await next();
  send({ kind: 'answer', id, ok: true, value: encoded('first') });
  send({ kind: 'answer', id, ok: true, value: encoded('second') });
  assert.equal(await call, 'first');
});
