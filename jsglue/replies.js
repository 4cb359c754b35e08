// Keeps the host's calls of callbacks until the program returns their results.

// @ts-check

/** A result, or an error. @typedef {[number: number, result?: unknown, error?: {name: string, message: string, code?: string}]} Reply */

export function newReplies() {
  let last = 0;
  /** The waiting calls by number. @type {Map<number, [id: number, resolve: (value?: unknown) => void, reject: (reason: Error) => void]>} */
  const waiting = new Map();
  return {
    /**
     * Adds a call of a callback that belongs to the program's call id.
     *
     * @param {number} id @returns {[number: number, promise: Promise<unknown>]}
     */
    expect: (id) => [++last, new Promise((resolve, reject) => waiting.set(last, [id, resolve, reject]))],
    /** @param {Reply} reply */
    settle([number, result, error]) {
      const [, resolve, reject] = waiting.get(number) ?? [];
      waiting.delete(number);
      if (error) reject?.(Object.assign(new Error(), error));
      else resolve?.(result);
    },
    /** Returns undefined from all calls of the callbacks of one of the program's calls. @param {number} id */
    forget(id) {
      for (const [number, [owner, resolve]] of waiting) {
        if (owner === id && waiting.delete(number)) resolve();
      }
    },
  };
}
