// Passes the calls of exported functions into a program's memory, and takes its replies out of it. exports.js is this side's end
// of a call, and internal/exported the program's, which describes the bytes.

// @ts-check

import { replyBytes, replyError, tellCall, tellError, tellRoom } from './flags.js';
import { decoder, encoder, resume } from './memory.js';

/**
 * What the program is told.
 * @typedef {[what: number, id: number, number: number, data: string | Uint8Array]} Message
 */

/**
 * What the program says. A reply's data is text or bytes.
 *
 * @typedef {object} Listener
 * @property {(name: string, number: number, flags: number) => void} add
 * @property {(name: string) => void} remove
 * @property {(id: number, flags: number, data: any, index: number, number: number) => void} reply
 */

/**
 * Adds to the port of one program what it needs to export functions.
 *
 * @param {any} go @param {any} program the exports of the WebAssembly instance @param {any} port where the program finds it
 * @param {Listener} listener
 * @returns {(messages: Message[]) => void} tells the program something, when it does not run
 */
export function connectMemory(go, program, port, listener) {
  /** @type {WebAssembly.Memory} */
  const memory = program.mem ?? program.memory;
  let [wordsAt, inboxAt, inboxSize] = [0, 0, 0];
  // Views of the memory; look updates them.
  let bytes = new Uint8Array();
  let words = new Uint32Array();
  /** Whether the program is going to be resumed. */
  let resuming = false;

  /** Lets the program do what it has started besides. With Go's compiler, a message itself runs goroutines until they wait. */
  function wake() {
    resuming = false;
    resume(go, program);
  }

  /** Updates the views. When the memory grows, its old views are detached. */
  function look() {
    if (bytes.length) return;
    bytes = new Uint8Array(memory.buffer);
    words = new Uint32Array(memory.buffer, wordsAt, 6);
  }

  /** @param {Message} message */
  function deliver([what, id, number, data]) {
    // In UTF-8, a UTF-16 code unit takes at most three bytes.
    if (typeof data === 'string' && 3 * data.length > inboxSize) data = encoder.encode(data);
    let [at, size] = [inboxAt, data.length];
    if (size > inboxSize) at = program.forgego_export(tellRoom, id, 0, size) >>> 0;
    if (!at) {
      const error = '{"message":"The value is too large: it has ' + size + ' bytes, and the limit is 256 MiB."}';
      if (what === tellCall) listener.reply(id, replyError, error, 0, 0);
      else deliver([tellError, id, 0, error]); // it is what a callback has returned
      return;
    }
    look();
    if (typeof data !== 'string') bytes.set(data, at);
    else if (size > 0) size = encoder.encodeInto(data, bytes.subarray(at, at + inboxSize)).written;
    program.forgego_export(what, id, number, size);
  }

  port.exports = {
    /** Sets where in memory the words and the inbox are. @param {number[]} places */
    attach(...places) {
      [wordsAt, inboxAt, inboxSize] = places;
    },
    add: listener.add,
    remove: listener.remove,
    /** Takes a reply, or a call of a function of the input. */
    reply() {
      look();
      const data = bytes.subarray(words[2], words[2] + words[3]);
      listener.reply(
        words[0],
        words[1],
        words[1] & replyBytes ? data.slice() : decoder.decode(data),
        words[4],
        words[5],
      );
    },
  };

  return (messages) => {
    for (const message of messages) if (!go.exited) deliver(message);
    if (program.go_scheduler) wake();
    else if (!resuming) {
      resuming = true;
      setTimeout(wake);
    }
  };
}
