// Runs a program in a worker. page.js is the other end. The compiler's wasm_exec.js comes before this, in the same file.

// @ts-check

/**
 * @import { Listener, Message } from './exportmemory.js'
 * @import { ConnectCaller, Fail } from './program.js'
 */

import { connectMemory } from './exportmemory.js';
import { explain } from './failure.js';
import { answerCallback, replyError, requestLocal } from './flags.js';
import { newMail } from './mail.js';
import { watchMissing } from './missing.js';
import { run } from './program.js';

/** @type {any} */
const scope = globalThis;
const send = newMail(scope);

/** Says what a program lacks in a worker. */
const hint = watchMissing(scope);

/** The calls that the program waits for. @type {Set<number>} */
const waiting = new Set();
/** @type {import('./calls.js').Post} */
let post;
/** @type {(messages: Message[]) => void} */
let tell;
/** @type {any} */
let port;
/** Says that the end of the program needs no explanation. @type {() => void} */
let explained;
let hasBridge = false;

/** @type {ConnectCaller} */
const connectCaller = (to) => {
  post = to;
  return {
    send(id, flags, call, body) {
      if (!hasBridge && !(flags & requestLocal)) return 1;
      waiting.add(id);
      send(['call', id, flags, call, body], body);
      return 0;
    },
    forget(id) {
      waiting.delete(id);
      send(['forget', id]);
    },
  };
};

/** @type {Fail} */
const fail = (title, detail, stack) => send(['fail', title, hint(detail, stack), stack]);

/** @type {Listener} */
const listener = {
  add: (...what) => send(['add', ...what]),
  remove: (...what) => send(['remove', ...what]),
  reply(id, flags, data, index, number) {
    if (flags & replyError) {
      const error = JSON.parse(data);
      data = JSON.stringify({ ...error, message: hint(error.message) });
    }
    send(['reply', id, flags, data, index, number], data);
  },
};

/** What the page says. @type {Record<string, (...args: any) => void>} */
const handlers = {
  /**
   * @param {WebAssembly.Module} module @param {{args?: string[], env?: Record<string, string>}} options @param {boolean} bridge
   * @param {boolean} isModule whether the ES module has loaded the program, so that the page can call exported functions
   */
  start(module, options, bridge, isModule) {
    hasBridge = bridge;
    const started = () => send(['started']);
    run(module, { program: '', ...options }, connectCaller, fail, started, (go, exports, ...rest) => {
      [port, explained] = rest;
      port.inWorker = true;
      port.notice = (/** @type {string} */ text) => send(['notice', hint(text)]);
      if (isModule) tell = connectMemory(go, exports, port, listener);
    }).then(
      ({ exited }) => exited.then((status) => send(['ended', status])),
      (error) => {
        const { title, detail } = explain(error);
        send(['failed', title.replace('forgego.js', 'forgego.worker.js'), detail]);
      },
    );
  },
  /** @param {number} id @param {import('./answer.js').Answer} answer */
  answer(id, answer) {
    // The program may have forgotten the call since. A callback's number is not waited for, but the program always takes it.
    if (answer.flags & answerCallback || waiting.delete(id)) post(id, answer);
  },
  /** @param {Message} message */
  tell: (message) => tell([message]),
  stop() {
    if (!port.stop) return send(['deaf']);
    explained();
    port.stop();
  },
  /** @param {boolean} persisted */
  hide(persisted) {
    dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
  },
};

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  for (const [what, ...args] of data) handlers[what](...args);
};
send(['ready']);
