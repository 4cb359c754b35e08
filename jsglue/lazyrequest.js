// Takes the place of request.js in the ES module, which loads it for the first direct request.

// @ts-check

/** @typedef {ReturnType<typeof import('./request.js').ownRequests>} Requests */

/** @returns {Requests} */
export function ownRequests() {
  /** @type {Promise<Requests> | undefined} */
  let requests;
  /** @param {string} name */
  const lazy =
    (name) =>
    async (/** @type {[any, number, any]} */ ...call) =>
      (await (requests ??= import('./more.js').then((more) => more.ownRequests()))).commands[name](...call);
  return {
    commands: { fetch: lazy('fetch'), read: lazy('read') },
    stop: (id) => requests?.then((all) => all.stop(id)),
  };
}
