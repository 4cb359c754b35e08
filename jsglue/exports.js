// Calls the functions that a program exports by wasm.ExportFunc and wasm.ExportSeq. internal/exported is the other end, and
// describes the bytes.

// @ts-check

import { encodeArguments } from './answer.js';
import { fault } from './failure.js';
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
  tellRoom,
  tellStop,
} from './flags.js';

/**
 * A call that the program has not answered: what settles it, the functions in its input, and what to do at its end.
 * @typedef {{settle: [(value: any) => void, (reason: unknown) => void], functions: Function[], end: () => void}} Pending
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Makes the object with the functions that one program exports.
 *
 * @param {any} go @param {any} program the exports of the WebAssembly instance @param {any} port where the program finds it
 * @param {() => void} explained
 */
export function connectExports(go, program, port, explained) {
  /** @type {WebAssembly.Memory} */
  const memory = program.mem ?? program.memory;
  let [wordsAt, inboxAt, inboxSize] = [0, 0, 0];
  // Views of the memory; look updates them.
  let bytes = new Uint8Array(0);
  let words = new Uint32Array(0);
  let last = 0;
  /** Why calls fail after the program has ended. @type {unknown} */
  let over;
  /** @type {Map<number, Pending>} */
  const calls = new Map();
  /** @type {Record<string, Function>} */
  const exports = {};

  /** What the program is told at the end of this tick. @type {[what: number, id: number, number: number, data: string | Uint8Array][]} */
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
    for (const message of all) if (!go.exited) deliver(...message);
    if (program.go_scheduler) resume();
    else if (!resuming) {
      resuming = true;
      setTimeout(resume);
    }
  }

  /** Whether resume is going to be called. */
  let resuming = false;

  /** Lets the program do what it has started besides. With Go's compiler, a message itself runs goroutines until they wait. */
  function resume() {
    resuming = false;
    if (go.exited) return;
    if (program.go_scheduler) program.go_scheduler();
    else go._resume();
  }

  /** Updates the views. When the memory grows, its old views are detached. */
  function look() {
    if (bytes.length > 0) return;
    bytes = new Uint8Array(memory.buffer);
    words = new Uint32Array(memory.buffer, wordsAt, 6);
  }

  /** @param {number} what @param {number} id @param {number} number @param {string | Uint8Array} data */
  function deliver(what, id, number, data) {
    // In UTF-8, a UTF-16 code unit takes at most three bytes.
    if (typeof data === 'string' && 3 * data.length > inboxSize) data = encoder.encode(data);
    let [at, size] = [inboxAt, data.length];
    if (size > inboxSize) at = program.forgego_export(tellRoom, id, 0, size) >>> 0;
    if (!at) {
      take(id)?.settle[1](fault('The value is too large: it has ' + size + ' bytes, and the limit is 256 MiB.', {}));
      return;
    }
    look();
    if (typeof data !== 'string') bytes.set(data, at);
    else if (size > 0) size = encoder.encodeInto(data, bytes.subarray(at, at + inboxSize)).written;
    program.forgego_export(what, id, number, size);
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
    if (flags & exportNoInput) [input, options] = [null, input];
    /** @type {AbortSignal | undefined} */
    const signal = options?.signal;
    return [
      id,
      new Promise((resolve, reject) => {
        // What throws here rejects the promise.
        if (over) throw over;
        signal?.throwIfAborted();
        const data = flags & exportBytes ? bytesOf(name, input) : encode(name, input, flags, id, functions);
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

  port.exports = {
    /** Sets where in memory the words and the inbox are. @param {number[]} places */
    attach(...places) {
      [wordsAt, inboxAt, inboxSize] = places;
    },
    /** @param {string} name @param {number} number @param {number} flags */
    add(name, number, flags) {
      exports[name] = (/** @type {any[]} */ ...args) => {
        const begin = () => start(name, number, flags, args);
        return flags & exportSeq ? iterate(begin) : begin()[1];
      };
    },
    /** Removes a function. After the end they stay, and reject. @param {string} name */
    remove(name) {
      if (!over) delete exports[name];
    },
    /** Takes a reply, or a call of a function of the input. */
    reply() {
      look();
      const id = words[0];
      const flags = words[1];
      const end = words[2] + words[3];
      let value;
      if (flags & replyBytes) value = bytes.slice(words[2], end);
      else if (words[3]) value = JSON.parse(decoder.decode(bytes.subarray(words[2], end)));
      if (flags & replyCall) callBack(id, words[4], words[5], value);
      else if (flags & replyError) take(id)?.settle[1](Object.assign(new Error(), value));
      else if (flags & replyDone) take(id)?.settle[0](flags & replySeq ? { done: true } : value);
      else calls.get(id)?.settle[0]({ value });
    },
  };

  /** Rejects all waiting calls and all later calls with reason. @param {unknown} reason */
  function end(reason) {
    over ??= reason;
    for (const id of calls.keys()) take(id)?.settle[1](over);
  }

  return {
    exports,
    end,
    /** Asks the program to end. @param {unknown} [reason] */
    stop(reason = fault('The program was stopped.', {})) {
      if (over) return;
      if (!port.stop) throw fault('The program cannot be stopped, because it does not call wasm.Run.', {});
      end(reason);
      explained();
      port.stop();
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
