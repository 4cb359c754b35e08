// Makes direct requests, which the page sends itself. bridge/fetch_js.go is the other end, and has
// the texts for the codes of errors.

// @ts-check

/** @param {string} code */
const refusal = (code) => Object.assign(new Error(), { code });

/** Makes the requests of one program, identified by the number of the call that started them. */
export function ownRequests() {
  /** @type {Map<number, {controller: AbortController, reader?: ReadableStreamDefaultReader<Uint8Array>}>} */
  const running = new Map();

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
        if (response.type === 'opaqueredirect') {
          throw refusal('REDIRECT');
        }
        if (response.body) running.set(id, { controller, reader: response.body.getReader() });
        else running.delete(id);
        const { status, statusText } = response;
        return { status, statusText, url: response.url, headers: [...response.headers], empty: !response.body };
      } catch (error) {
        running.delete(id);
        throw error;
      }
    },

    /** Returns the next chunk of a body, or undefined at its end. */
    async read({ request }) {
      try {
        const chunk = await running.get(request)?.reader?.read();
        if (chunk?.value) return chunk.value;
      } catch (error) {
        running.delete(request);
        throw error;
      }
      running.delete(request);
    },
  };

  return {
    commands,
    /** @param {number} id */
    stop(id) {
      running.get(id)?.controller.abort();
      running.delete(id);
    },
  };
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
