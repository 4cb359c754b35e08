// Sends messages between a page and its worker.

// @ts-check

/** From how many characters and bytes on messages are sent at once, so that the receiver can do something else between them. */
const most = 256 << 10;

/**
 * Returns a function that sends a message, with the others of its tick. The memory of bytes in it is moved, not copied.
 *
 * @param {{postMessage: (messages: any[], moved: Transferable[]) => void}} to
 */
export function newMail(to) {
  /** @type {any[]} */
  let messages = [];
  /** @type {Transferable[]} */
  let moved = [];
  let size = 0;
  function post() {
    if (!messages.length) return;
    to.postMessage(messages, moved);
    messages = [];
    moved = [];
    size = 0;
  }
  /** @param {any[]} message @param {string | Uint8Array} [data] the part of it that may be large */
  return (message, data = '') => {
    if (typeof data !== 'string') moved.push(data.buffer);
    size += data.length;
    messages.push(message);
    if (size > most) post();
    else if (messages.length === 1) queueMicrotask(post);
  };
}
