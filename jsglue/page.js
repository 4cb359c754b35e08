// Runs a program in a worker, for load.js. A page loads this file only if it wants that. worker.js is the other end: this side has
// the bridge, and the worker has the program.

// @ts-check

/**
 * @import { Answer } from './answer.js'
 * @import { Listener, Message } from './exportmemory.js'
 * @import { Options } from './load.js'
 * @import { ConnectCaller, Extend, Fail } from './program.js'
 */

import { pageBridge } from './bridge.js';
import { failure } from './failure.js';
import { answerError, requestFunctions } from './flags.js';
import { newMail } from './mail.js';
import { newNotice } from './notice.js';

/** How long a program may take to end when the page stops it, in ms. Then the worker is ended: it may be in an endless loop. */
const stopTime = 3000;

/**
 * Starts the program in a worker, as run in program.js does here.
 *
 * @param {WebAssembly.Module} module @param {Options} options @param {ConnectCaller} connectCaller @param {Fail} fail
 * @param {() => void} started @param {Extend} [extend]
 * @returns {Promise<{exited: Promise<number>}>}
 */
export async function run(module, options, connectCaller, fail, started, extend) {
  const worker = await startWorker();
  const send = newMail(worker);
  let over = false;
  /** @type {Listener | undefined} */
  let listener;
  /** @type {(status: number) => void} */
  let exit = () => {};
  /** @type {Promise<number>} */
  const exited = new Promise((resolve) => (exit = resolve));

  /** The calls that have something here: they are not answered, or the program uses their answer. By number, with their flags. @type {Map<number, number>} */
  const open = new Map();
  const caller = connectCaller((id, answer) => {
    const flags = open.get(id) ?? 0;
    if (answer.flags & answerError || !(flags & (requestFunctions | holdsRequest))) open.delete(id);
    send(['answer', id, answer], answer.body);
  });

  /** Ends the worker. @param {number} status */
  function end(status) {
    if (over) return;
    over = true;
    worker.terminate();
    removeEventListener('pagehide', hide);
    for (const id of open.keys()) caller.forget(id);
    exit(status);
  }

  /** @param {PageTransitionEvent} event */
  const hide = ({ persisted }) => send(['hide', persisted]);
  addEventListener('pagehide', hide);

  /** @type {any} */
  const port = {
    /** Passes on what the page tells the program about its exported functions. @param {Listener} to */
    connect(to) {
      listener = to;
      return (/** @type {Message[]} */ messages) => {
        for (const message of messages) send(['tell', message], message[3]);
      };
    },
    stop() {
      send(['stop']);
      setTimeout(() => end(2), stopTime);
    },
  };
  extend?.(undefined, undefined, port, () => {}); // the worker knows that it was stopped

  /** What the worker says. @type {Record<string, (...args: any) => void>} */
  const handlers = {
    /** @param {number} id @param {number} flags @param {string} call @param {any} body */
    call(id, flags, call, body) {
      open.set(id, call.startsWith('["fetch",') ? flags | holdsRequest : flags);
      if (caller.send(id, flags, call, body) === 0) return;
      open.delete(id);
      const payload = JSON.stringify({ name: 'Error', message: 'the page has no bridge any more' });
      send(['answer', id, { flags: answerError, payload, body: '' }]);
    },
    /** @param {number} id */
    forget(id) {
      open.delete(id);
      caller.forget(id);
    },
    /** @param {Parameters<Listener['add']>} what */
    add: (...what) => listener?.add(...what),
    /** @param {Parameters<Listener['remove']>} what */
    remove: (...what) => listener?.remove(...what),
    /** @param {Parameters<Listener['reply']>} what */
    reply: (...what) => listener?.reply(...what),
    fail,
    notice: newNotice(),
    /** @param {number} status */
    ended: (status) => end(status),
    /** The program does not call wasm.Run, so it cannot end by itself. */
    deaf: () => end(2),
  };
  return new Promise((resolve, reject) => {
    handlers.started = () => {
      started();
      resolve({ exited });
    };
    /** The program could not start. @param {string} title @param {string} detail */
    handlers.failed = (title, detail) => {
      end(2);
      reject(failure(title, detail));
    };
    worker.onmessage = ({ data }) => {
      for (const [what, ...args] of data) handlers[what](...args);
    };
    send([
      'start',
      module,
      { args: options.args, env: options.env, indicator: options.indicator },
      pageBridge() !== undefined,
      extend !== undefined,
    ]);
  });
}

/** Marks a call that has a request in the page until the program forgets it. */
const holdsRequest = 1 << 30;

/** Starts a worker, and waits until its script runs. @returns {Promise<Worker>} */
function startWorker() {
  let blocked = false;
  /** @param {SecurityPolicyViolationEvent} event */
  const violation = ({ effectiveDirective }) => {
    blocked ||= /^(worker|child|script|default)-src/.test(effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', violation);
  return new Promise((resolve, reject) => {
    // Bundlers look for an expression of this form.
    const worker = new Worker(new URL('./forgego.worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = () => {
      worker.onerror = null;
      resolve(worker);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(event);
    };
  })
    .catch(async (problem) => {
      // The event is a separate task, and may arrive after the error.
      await new Promise((resolve) => setTimeout(resolve));
      throw await explainWorker(blocked, problem);
    })
    .finally(() => document.removeEventListener('securitypolicyviolation', violation));
}

/**
 * Says why a worker did not start. Browsers tell a page as little as possible about it.
 *
 * @param {boolean} blocked @param {any} problem
 */
async function explainWorker(blocked, problem) {
  const here = import.meta.url; // bundlers would copy a file that is named beside it
  const url = new URL('forgego.worker.js', here);
  const title = 'The app’s program cannot run in a worker.';
  const without = ' Without the option worker, the program runs in the page.';
  if (blocked) {
    return failure(title, 'The page’s policy does not allow ' + url + ": add 'self' to worker-src." + without);
  }
  const why = ' did not start: ' + (problem.message ?? 'the browser does not say why') + '.';
  if (!here.endsWith('/forgego.page.js')) return failure(title, 'forgego.worker.js' + why + without); // a bundler has renamed it
  const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => undefined);
  if (!answer) return failure(title, url + ' did not answer.' + without);
  if (!answer.ok || /html/i.test(answer.headers.get('content-type') ?? '')) {
    const what = answer.ok ? 'with HTML' : answer.status;
    return failure(
      title,
      url + ' answered ' + what + '. Put this file, which forgego writes, beside the page’s script.' + without,
    );
  }
  return failure(title, url + why + without);
}
