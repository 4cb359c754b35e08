// Sends messages between a page and its worker.

// @ts-check

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
  function post() {
    const [all, with_] = [messages, moved];
    messages = [];
    moved = [];
    to.postMessage(all, with_);
  }
  /** @param {any[]} message @param {unknown} [data] what may be bytes */
  return (message, data) => {
    if (data instanceof Uint8Array) moved.push(data.buffer);
    if (messages.push(message) === 1) queueMicrotask(post);
  };
}
