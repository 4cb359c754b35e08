// Calls the functions that a program exports by wasm.ExportFunc and wasm.ExportSeq. exportmemory.js passes the calls on.

// @ts-check

/** @import { Listener, Message } from './exportmemory.js' */

import { encodeArguments } from './answer.js';
import {
  exportBytes,
  exportFunctions,
  exportNoInput,
  exportSeq,
  replyBytes,
  replyCall,
  replyDone,
  replyError,
  replySeq,
  tellCall,
  tellError,
  tellNext,
  tellResult,
  tellStop,
} from './flags.js';

/**
 * A call that the program has not answered: what settles it, the functions in its input, and what to do at its end.
 * @typedef {{settle: [(value: any) => void, (reason: unknown) => void], functions: Function[], end: () => void}} Pending
 */

/**
 * Makes the object with the functions that one program exports.
 *
 * @param {(messages: Message[]) => void} deliver tells the program something
 */
export function newExports(deliver) {
  let last = 0;
  /** Why calls fail after the program has ended. @type {unknown} */
  let over;
  /** @type {Map<number, Pending>} */
  const calls = new Map();
  /** @type {Record<string, Function>} */
  const exports = {};

  /** What the program is told at the end of this tick. @type {Message[]} */
  let queue = [];

  /**
   * Tells the program something. It waits for the end of the tick, because the program may be running now: it has called the
   * JavaScript that calls this.
   *
   * @param {number} what @param {number} id @param {number} [number] @param {string | Uint8Array} [data]
   */
  function tell(what, id, number = 0, data = '') {
    if (queue.push([what, id, number, data]) === 1) queueMicrotask(flush);
  }

  function flush() {
    const all = queue;
    queue = [];
    deliver(all);
  }

  /** Removes a call. @param {number} id */
  function take(id) {
    const call = calls.get(id);
    calls.delete(id);
    call?.end();
    return call;
  }

  /**
   * Starts a call.
   *
   * @param {string} name @param {number} number @param {number} flags @param {any[]} args
   * @returns {[id: number, result: Promise<any>]}
   */
  function start(name, number, flags, [input, options]) {
    const id = ++last;
    /** @type {Function[]} */
    const functions = [];
    if (flags & exportNoInput) options = input;
    /** @type {AbortSignal | undefined} */
    const signal = options?.signal;
    return [
      id,
      new Promise((resolve, reject) => {
        // What throws here rejects the promise.
        if (over) throw over;
        signal?.throwIfAborted();
        const data =
          flags & exportNoInput
            ? ''
            : flags & exportBytes
              ? bytesOf(name, input)
              : encode(name, input, flags, id, functions);
        const abort = () => {
          tell(tellStop, id);
          take(id)?.settle[1](signal?.reason);
        };
        signal?.addEventListener('abort', abort);
        calls.set(id, { settle: [resolve, reject], functions, end: () => signal?.removeEventListener('abort', abort) });
        tell(tellCall, id, number, data);
      }),
    ];
  }

  /** Returns the values of a sequence, one for each call of next. The program makes a value when it is asked for. @param {() => [number, Promise<any>]} begin */
  function iterate(begin) {
    let id = 0;
    /** What next returns after the end: no value, or a rejection. @type {any} */
    let end;
    /** Settles the promise of the running next. @type {Pending['settle']} */
    let settle;
    const next = () =>
      end ??
      new Promise((...functions) => {
        settle = functions;
        if (id) return tell(tellNext, id);
        [id, end] = begin();
        const call = calls.get(id);
        if (!call) return end.then(...settle); // it could not begin
        end = undefined;
        call.settle = [
          (value) => {
            if (value.done) end = value;
            settle[0](value);
          },
          (reason) => {
            end = Promise.reject(reason);
            end.catch(settle[1]);
          },
        ];
      });
    let turn = Promise.resolve();
    /** Runs f after the earlier calls of next and return. @param {() => any} f */
    const after = (f) => (turn = turn.then(f, f));
    return {
      next: () => after(next),
      return: (/** @type {unknown} */ value) =>
        after(() => {
          if (take(id)) tell(tellStop, id);
          end = { done: true };
          return { done: true, value };
        }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Calls a function of the input, and tells the program its result. @param {number} id @param {number} index @param {number} reply @param {any} value */
  async function callBack(id, index, reply, value) {
    try {
      const { functions } = /** @type {Pending} */ (calls.get(id));
      tell(tellResult, reply, 0, encode('A callback', (await functions[index](value)) ?? null, 0, 0, []));
    } catch (error) {
      tell(tellError, reply, 0, encodeArguments([error]).slice(1, -1));
    }
  }

  /** @type {Listener} */
  const listener = {
    add(name, number, flags) {
      exports[name] = (/** @type {any[]} */ ...args) => {
        const begin = () => start(name, number, flags, args);
        return flags & exportSeq ? iterate(begin) : begin()[1];
      };
    },
    /** Removes a function. After the end they stay, and reject. */
    remove(name) {
      if (!over) delete exports[name];
    },
    reply(id, flags, data, index, number) {
      const value = flags & replyBytes ? data : data ? JSON.parse(data) : undefined;
      if (flags & replyCall) callBack(id, index, number, value);
      else if (flags & replyError) take(id)?.settle[1](Object.assign(new Error(), value));
      else if (flags & replyDone) take(id)?.settle[0](flags & replySeq ? { done: true } : value);
      else calls.get(id)?.settle[0]({ value });
    },
  };

  return {
    exports,
    listener,
    /** Rejects all waiting calls and all later calls with reason. @param {unknown} reason */
    end(reason) {
      over ??= reason;
      for (const id of calls.keys()) take(id)?.settle[1](over);
    },
  };
}

/** @param {string} name @param {unknown} input */
function bytesOf(name, input) {
  if (input instanceof ArrayBuffer) return new Uint8Array(input.slice());
  if (input instanceof Uint8Array) return input.slice(); // the caller may change it before the program gets it
  throw new TypeError(name + ' takes a Uint8Array or an ArrayBuffer.');
}

/**
 * Encodes an input as JSON. What JSON would lose is an error: NaN, an invalid date, undefined in an array.
 *
 * @param {string} name @param {any} input @param {number} flags @param {number} id @param {Function[]} functions gets the
 *   functions in the input
 * @returns {string}
 */
function encode(name, input, flags, id, functions) {
  /** Puts the place of a function in functions where the function was. @param {string} _ @param {any} value */
  const mark = (_, value) => (typeof value === 'function' ? [id, functions.push(value) - 1] : value);
  /** @this {any} @param {string} key @param {any} value */
  function check(key, value) {
    value = flags & exportFunctions ? mark(key, value) : value;
    if (
      typeof value === 'bigint' ||
      (typeof value === 'number' && !Number.isFinite(value)) ||
      (value === null && this[key] !== null) ||
      (['undefined', 'function', 'symbol'].includes(typeof value) && (!key || Array.isArray(this)))
    ) {
      const kind = String(this[key]) + ' (' + typeof this[key] + ')';
      throw new TypeError((key ? '"' + key + '" is ' : 'it is ') + kind + ', which JSON does not have');
    }
    return value;
  }
  try {
    const text = JSON.stringify(input, flags & exportFunctions ? mark : undefined);
    if (text?.includes('null') === false) return text;
  } catch {} // check says why
  functions.length = 0;
  try {
    return JSON.stringify(input, check);
  } catch (/** @type {any} */ error) {
    throw new TypeError(name + ': the value cannot be sent: ' + error.message);
  }
}
