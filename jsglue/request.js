// Makes direct requests, which the page sends itself. bridge/fetch_js.go is the other end, and has
// the texts for the codes of errors.

// @ts-check

/** @param {string} code */
const refusal = (code) => Object.assign(new Error(), { code });

/**
 * A request, and the body of its answer. The rest is what was read of it and is not passed on yet.
 * @typedef {{controller: AbortController, reader?: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>, rest?: Uint8Array<ArrayBuffer>}} Own
 */

/** The size of the largest part of a body, in bytes. */
const most = 1e6;

/** Makes the requests of one program, identified by the number of the call that started them. */
export function ownRequests() {
  /** @type {Map<number, Own>} */
  const running = new Map();

  /** Ends a request, if it has not ended. @param {number} id */
  const stop = (id) => {
    running.get(id)?.controller.abort();
    running.delete(id);
  };

  /** @type {Record<string, (payload: any, id: number, body?: Uint8Array<ArrayBuffer>) => Promise<unknown>>} */
  const commands = {
    /** Answers when the header has arrived. The body stays here until it is read. */
    async fetch({ url, origin, init }, id, body) {
      // Send the token to this origin only. Without an origin there is no token.
      const target = new URL(url, document.baseURI).origin;
      if (origin && target !== origin) throw refusal('ORIGIN');
      const controller = new AbortController();
      running.set(id, { controller });
      try {
        const response = await blockable(target, () => fetch(url, { ...init, body, signal: controller.signal }));
        if (response.type === 'opaqueredirect') throw refusal('REDIRECT');
        if (response.body) running.set(id, { controller, reader: response.body.getReader() });
        else stop(id);
        const { status, statusText } = response;
        return { status, statusText, url: response.url, headers: [...response.headers], empty: !response.body };
      } catch (error) {
        stop(id);
        throw error;
      }
    },

    /**
     * Returns the next part of a body, or undefined at its end. Firefox and WebKit read all that has arrived at once, which
     * can be 100 MB. The program gets parts that its memory has room for.
     */
    async read({ request }) {
      const body = running.get(request);
      let chunk;
      try {
        chunk = body?.rest?.length ? body.rest : (await body?.reader?.read())?.value;
      } finally {
        if (!chunk) stop(request);
      }
      if (chunk) {
        /** @type {Own} */ (body).rest = chunk.subarray(most);
        return chunk.slice(0, most);
      }
    },
  };

  return { commands, stop };
}

/**
 * Sends a request. If the page's policy blocks it, the error says so.
 *
 * @param {string} origin @param {() => Promise<Response>} request
 */
async function blockable(origin, request) {
  let blocked = false;
  /** @param {SecurityPolicyViolationEvent} event */
  const violation = (event) => {
    blocked ||= (event.blockedURI + '/').startsWith(origin + '/');
  };
  document.addEventListener('securitypolicyviolation', violation);
  try {
    return await request();
  } catch (error) {
    // The event is a separate task, and may arrive after the promise settles.
    await new Promise((resolve) => setTimeout(resolve));
    if (blocked) throw refusal('BLOCKED');
    throw error;
  } finally {
    document.removeEventListener('securitypolicyviolation', violation);
  }
}
