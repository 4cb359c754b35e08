// forgego.js loads a Go program into a Forge Custom UI page and carries its calls to the bridge.
//
//   <script src="forgego.js" data-program="app.wasm" defer></script>
//
// data-program    the program's address, relative to this script; without it the page calls forgego.load itself
// data-gzip       the program lies there compressed, as data-program plus ".gz"
// data-indicator  "none" leaves out the progress bar, for a page that shows its own
//
// On document: "forgego:progress" {loaded, total} in bytes while the program loads (total is 0 while it is not known),
// "forgego:started" when it runs, "forgego:failed" {title, detail} when it cannot or when it fails.

// @ts-check
(() => {
  'use strict';

  /**
   * @typedef {object} Options
   * @property {string} program          the program's address, relative to this script
   * @property {boolean} [gzip]          fetch program + ".gz" and decompress it here
   * @property {boolean} [indicator]     show a progress bar and failures in the page; the default is true
   * @property {string[]} [args]         the program's arguments
   * @property {Record<string, string>} [env]  the program's environment
   */

  /** @typedef {(command: string, payload: unknown) => Promise<unknown>} CallBridge */

  const base = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? document.baseURI;

  // --- Failures ---------------------------------------------------------------------------------------------------

  /** A failure in words for the developer: what happened, and what to do. */
  class Failure extends Error {
    /** @param {string} title @param {string} detail @param {unknown} [cause] */
    constructor(title, detail, cause) {
      super(title + '\n' + detail, { cause });
      this.title = title;
      this.detail = detail;
    }
  }

  /** @param {unknown} error @returns {Failure} */
  function explain(error) {
    if (error instanceof Failure) return error;
    const text = error instanceof Error ? error.message : String(error);
    if (/unsafe-eval/.test(text)) {
      return new Failure(
        'The page’s policy does not allow WebAssembly.',
        'Add "unsafe-eval" under permissions.content.scripts in manifest.yml and deploy again. Administrators will be asked to consent to the new version.',
        error,
      );
    }
    if (error instanceof WebAssembly.LinkError || /Import #\d/.test(text)) {
      return new Failure(
        'wasm_exec.js and the program come from different Go versions.',
        'Build both again with one toolchain: forgego build. (' + text + ')',
        error,
      );
    }
    if (error instanceof WebAssembly.CompileError || /ReadableStream/.test(text)) {
      return new Failure(
        'The program’s file is not a whole WebAssembly program.',
        'Reload the page, in case it was cut off on its way. Build it again: forgego build. (' + text + ')',
        error,
      );
    }
    return new Failure('The program could not be loaded.', text, error);
  }

  /**
   * Shows a failure once: in the console, as an event, and in the page.
   *
   * @param {string} title @param {string} detail @param {boolean} inPage
   * @param {string} [stack] for the console only
   */
  function report(title, detail, inPage, stack) {
    console.error([title, detail, stack].filter(Boolean).join('\n'));
    document.dispatchEvent(new CustomEvent('forgego:failed', { detail: { title, detail } }));
    if (!inPage) return;
    const box = document.createElement('section');
    box.setAttribute('role', 'alert');
    box.className = 'forgego-failure';
    // Set by script and not by a style sheet: the platform's policy allows no inline styles.
    box.style.cssText = 'margin:16px;padding:16px;border:1px solid #c9372c;border-left-width:6px;border-radius:6px;' +
      'background:#fff;color:#172b4d;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere';
    const heading = document.createElement('strong');
    heading.textContent = title;
    const text = document.createElement('p');
    text.style.cssText = 'margin:8px 0 0;white-space:pre-wrap';
    text.textContent = detail;
    box.append(heading, text);
    document.querySelector('.forgego-failure')?.remove();
    document.body.prepend(box);
  }

  // --- Loading ----------------------------------------------------------------------------------------------------

  /** @type {Promise<void> | undefined} */
  let goRuntime;

  /** Loads wasm_exec.js, once for all programs of the page. */
  function loadGoRuntime() {
    goRuntime ??= new Promise((resolve, reject) => {
      if ('Go' in globalThis) return resolve();
      const script = document.createElement('script');
      script.src = new URL('wasm_exec.js', base).href;
      const missing = () => reject(new Failure(
        'wasm_exec.js is missing.',
        'It was looked for at ' + script.src + '. forgego build puts it beside forgego.js.',
      ));
      // A server may answer with some page of HTML instead.
      script.onload = () => ('Go' in globalThis ? resolve() : missing());
      script.onerror = missing;
      document.head.append(script);
    });
    return goRuntime;
  }

  /**
   * Fetches the program's bytes and reports progress while they come.
   *
   * @param {Options} options
   * @param {(loaded: number, total: number) => void} progress
   * @returns {Promise<Response>}
   */
  async function fetchProgram(options, progress) {
    const url = new URL(options.program + (options.gzip ? '.gz' : ''), base).href;
    /** @type {Response} */
    let response;
    try {
      response = await fetch(url, { credentials: 'same-origin' });
    } catch (error) {
      throw new Failure('The program could not be fetched.', url + ' did not answer. Is the server running?', error);
    }
    if (!response.ok) {
      throw new Failure(
        'The program is missing.',
        url + ' answered ' + response.status + '. Build it with forgego build, and see that the resource’s path in manifest.yml is the folder it lies in.',
      );
    }
    if (response.headers.get('content-type')?.startsWith('text/html')) {
      throw new Failure('The program is missing.', url + ' answered with a page of HTML. Build the program with forgego build.');
    }
    if (!response.body) return response;
    // A length is that of the bytes that come only if the server did not encode them.
    const length = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length')) || 0;
    // A second reader, because only the response itself, untouched, is compiled while it comes and cached compiled.
    const counted = response.clone().body;
    let loaded = 0;
    counted?.pipeTo(new WritableStream({
      write(chunk) {
        loaded += chunk.byteLength;
        progress(loaded, loaded > length ? 0 : length);
      },
    })).catch(() => {}); // the response's own reader tells the same error
    return response;
  }

  /**
   * Compiles and instantiates the program: while it comes if the server gives it the right type, afterwards if not.
   *
   * @param {Response} response @param {boolean} gzip @param {WebAssembly.Imports} imports
   * @returns {Promise<WebAssembly.Instance>}
   */
  async function instantiate(response, gzip, imports) {
    // A server that calls the file's compression an encoding has the browser undo it.
    if (gzip && response.body && !response.headers.has('content-encoding')) {
      response = new Response(response.body.pipeThrough(new DecompressionStream('gzip')), {
        headers: { 'content-type': 'application/wasm' },
      });
    }
    if (response.headers.get('content-type')?.startsWith('application/wasm')) {
      return (await WebAssembly.instantiateStreaming(response, imports)).instance;
    }
    return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
  }

  /**
   * Loads a program and starts it.
   *
   * @param {Options} options
   * @returns {Promise<{exited: Promise<number>}>} resolves when the program runs; exited gives its exit status
   */
  async function load(options) {
    const inPage = options.indicator !== false;
    const indicator = inPage ? showIndicator() : undefined;
    try {
      const [response] = await Promise.all([
        fetchProgram(options, (loaded, total) => {
          indicator?.update(loaded, total);
          document.dispatchEvent(new CustomEvent('forgego:progress', { detail: { loaded, total } }));
        }),
        loadGoRuntime(),
      ]);
      const go = new /** @type {any} */ (globalThis).Go();
      if (options.args) go.argv = [go.argv[0], ...options.args];
      if (options.env) go.env = options.env;
      const instance = await instantiate(response, options.gzip === true, go.importObject);
      return { exited: start(go, instance, inPage) };
    } catch (error) {
      const failure = explain(error);
      report(failure.title, failure.detail, inPage);
      throw failure;
    } finally {
      indicator?.remove();
    }
  }

  /**
   * Starts the program and gives its exit status when it ends.
   *
   * @param {any} go @param {WebAssembly.Instance} instance @param {boolean} inPage
   * @returns {Promise<number>}
   */
  function start(go, instance, inPage) {
    let status = 0;
    let explained = false;
    go.exit = (/** @type {number} */ code) => { status = code; };
    const port = connect(go, instance);
    port.fail = (title, detail, stack) => {
      explained = true;
      report(title, detail, inPage, stack);
    };
    // The program takes the port while it starts, before it first waits, so that no other program on the page sees it.
    Object.defineProperty(globalThis, '__forgegoPort', { value: port, configurable: true });
    /** @type {Promise<void>} */
    let running;
    try {
      running = go.run(instance);
    } finally {
      delete (/** @type {any} */ (globalThis).__forgegoPort);
    }
    document.dispatchEvent(new CustomEvent('forgego:started'));
    return running.then(
      () => {
        if (!explained && inPage) {
          report(
            'The app’s program has ended.',
            (status === 0 ? 'Its main function returned' : 'Its exit status is ' + status + '; the console has its last words') +
              '. Reload the page to start it again.' + (status === 0 ? ' (wasm.Run keeps a program running.)' : ''),
            inPage,
          );
        }
        return status;
      },
      (error) => {
        report('The app’s program has crashed.', String(error) + '\nReload the page to start it again.', inPage);
        return 2;
      },
    );
  }

  /** Shows a progress bar if loading takes longer than a moment. */
  function showIndicator() {
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', 'Loading the app');
    bar.className = 'forgego-progress';
    bar.style.cssText = 'display:block;width:min(320px,60%);margin:48px auto';
    const timer = setTimeout(() => (document.querySelector('main') ?? document.body).prepend(bar), 200);
    return {
      /** @param {number} loaded @param {number} total */
      update(loaded, total) {
        if (total > 0) {
          bar.max = total;
          bar.value = loaded;
        } else {
          bar.removeAttribute('value');
        }
      },
      remove() {
        clearTimeout(timer);
        bar.remove();
      },
    };
  }

  // --- Calls ------------------------------------------------------------------------------------------------------
  // The other end of bridge/host_js.go, which describes the bytes.

  const requestFetch = 1;
  const requestBody = 2;
  const requestLocal = 4;
  const answerError = 1;
  const answerUndefined = 2;
  const answerBody = 4;

  /** @typedef {{flags: number, payload: Uint8Array, body: Uint8Array}} Answer */

  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const nothing = new Uint8Array(0);

  /**
   * Makes the port by which one program reaches the bridge.
   *
   * @param {any} go @param {WebAssembly.Instance} instance
   */
  function connect(go, instance) {
    const exports = /** @type {any} */ (instance.exports);
    /** @type {WebAssembly.Memory} */
    const memory = exports.mem ?? exports.memory;
    /** The calls whose answer the program still waits for. @type {Set<number>} */
    const waiting = new Set();
    const requests = ownRequests();
    /** @type {(Answer & {id: number})[]} */
    let answers = [];

    /** Starts a call. @param {number} address @param {number} length @returns {number} 1 if there is no bridge */
    function send(address, length) {
      const view = new DataView(memory.buffer, address, length);
      const id = view.getUint32(0, true);
      const flags = view.getUint32(4, true);
      let at = address + 20;
      const bytes = (/** @type {number} */ size) => new Uint8Array(memory.buffer, (at += size) - size, size);
      const command = decoder.decode(bytes(view.getUint32(8, true)));
      const json = decoder.decode(bytes(view.getUint32(12, true)));
      const body = bytes(view.getUint32(16, true));
      if (flags & requestLocal) {
        waiting.add(id);
        requests.perform(id, command, JSON.parse(json), flags & requestBody ? body.slice() : undefined).then(
          (answer) => settle(id, () => answer),
          (error) => settle(id, () => encodeError(error)),
        );
        return 0;
      }
      /** @type {CallBridge | undefined} */
      const callBridge = /** @type {any} */ (globalThis).__bridge?.callBridge;
      if (!callBridge) return 1;
      waiting.add(id);
      try {
        const payload = json === '' ? undefined : JSON.parse(json);
        if (flags & requestBody) payload.fetchRequestInit.body = decoder.decode(body);
        Promise.resolve(callBridge(command, payload)).then(
          (answer) => settle(id, () => encodeAnswer(answer, (flags & requestFetch) !== 0)),
          (error) => settle(id, () => encodeError(error)),
        );
      } catch (error) {
        settle(id, () => encodeError(error));
      }
      return 0;
    }

    /** Keeps an answer until the program takes it. @param {number} id @param {() => Answer} encode */
    function settle(id, encode) {
      if (!waiting.delete(id)) return;
      let answer;
      try {
        answer = encode();
      } catch (error) {
        answer = encodeError(error); // a cycle, a getter that throws
      }
      answers.push({ id, ...answer });
      if (answers.length === 1) queueMicrotask(deliver);
    }

    /** Tells the program of all answers that wait, in one wake-up. */
    function deliver() {
      if (go.exited) return;
      let size = 0;
      for (const a of answers) size += 16 + a.payload.length + a.body.length;
      exports.forgego_deliver(size);
      go._resume();
    }

    /** Writes the waiting answers into the program's memory. @param {number} address */
    function take(address) {
      // Made here: the memory may have grown since, which detaches older views.
      const bytes = new Uint8Array(memory.buffer);
      const view = new DataView(memory.buffer);
      for (const { id, flags, payload, body } of answers) {
        view.setUint32(address, id, true);
        view.setUint32(address + 4, flags, true);
        view.setUint32(address + 8, payload.length, true);
        view.setUint32(address + 12, body.length, true);
        bytes.set(payload, address + 16);
        bytes.set(body, address + 16 + payload.length);
        address += 16 + payload.length + body.length;
      }
      answers = [];
    }

    return {
      send,
      take,
      forget: (/** @type {number} */ id) => {
        waiting.delete(id);
        requests.stop(id);
      },
      /** Set by start. @type {(title: string, detail: string, stack: string) => void} */
      fail: () => {},
    };
  }

  /** @param {unknown} answer @param {boolean} fetch @returns {Answer} */
  function encodeAnswer(answer, fetch) {
    let flags = 0;
    let body = nothing;
    if (fetch && typeof answer === 'object' && answer !== null) {
      // What a Response is made of, and nothing else that the host may have added.
      const { status, statusText, headers, isAttachment, body: content } = /** @type {Record<string, unknown>} */ (answer);
      answer = { status, statusText, headers, isAttachment, body: content };
      if (typeof content === 'string') {
        flags |= answerBody;
        body = encoder.encode(content);
        answer = { status, statusText, headers, isAttachment };
      }
    }
    const json = JSON.stringify(answer);
    if (json === undefined) return { flags: flags | answerUndefined, payload: nothing, body };
    return { flags, payload: encoder.encode(json), body };
  }

  /** @param {any} error what a promise was rejected with: an Error, or anything else @returns {Answer} */
  function encodeError(error) {
    /** @type {Record<string, string>} */
    const fields = {};
    try {
      for (const field of ['name', 'message', 'code']) {
        if (error?.[field] !== undefined) fields[field] = String(error[field]);
      }
      fields.message ??= String(error);
    } catch {
      fields.message = 'the host gave an error that cannot be read'; // a getter or toString that throws
    }
    return { flags: answerError, payload: encoder.encode(JSON.stringify(fields)), body: nothing };
  }

  // --- Requests that the page makes itself -------------------------------------------------------------------------
  // The other end of bridge/fetch_js.go.

  /** Makes the requests of one program, which it knows by the number of the call that began them. */
  function ownRequests() {
    /** @type {Map<number, {controller: AbortController, reader?: ReadableStreamDefaultReader<Uint8Array>}>} */
    const running = new Map();

    /** @type {Record<string, (id: number, payload: any, body?: Uint8Array<ArrayBuffer>) => Promise<Answer>>} */
    const commands = {
      /** Answers when the header is there. The body stays here until it is read. */
      async fetch(id, { url, origin, method, headers }, body) {
        // The token goes to this origin only, whatever made the address.
        if (new URL(url).origin !== origin) throw Object.assign(new Error('the address leads to another origin'), { code: 'ORIGIN' });
        const controller = new AbortController();
        running.set(id, { controller });
        try {
          const response = await blockable(origin, () => fetch(url, {
            method, headers, body, signal: controller.signal,
            mode: 'cors', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'manual',
          }));
          if (response.type === 'opaqueredirect') {
            throw Object.assign(new Error('the remote answered with a redirect'), { code: 'REDIRECT' });
          }
          if (response.body) running.set(id, { controller, reader: response.body.getReader() });
          else running.delete(id);
          const { status, statusText } = response;
          const head = { status, statusText, url: response.url, headers: [...response.headers], empty: !response.body };
          return { flags: 0, payload: encoder.encode(JSON.stringify(head)), body: nothing };
        } catch (error) {
          running.delete(id);
          throw error;
        }
      },

      /** Gives the next piece of a body, as the browser has it; no body at its end. */
      async read(_, { request }) {
        try {
          const piece = await running.get(request)?.reader?.read();
          if (piece?.value) return { flags: answerBody, payload: nothing, body: piece.value };
        } catch (error) {
          running.delete(request);
          throw error;
        }
        running.delete(request);
        return { flags: 0, payload: nothing, body: nothing };
      },
    };

    return {
      /** @param {number} id @param {string} command @param {any} payload @param {Uint8Array<ArrayBuffer>} [body] */
      async perform(id, command, payload, body) {
        return commands[command](id, payload, body);
      },
      /** @param {number} id */
      stop(id) {
        running.get(id)?.controller.abort();
        running.delete(id);
      },
    };
  }

  /**
   * Performs a request, and tells one that the page's policy has stopped from one that the network has.
   *
   * @param {string} origin @param {() => Promise<Response>} request
   */
  async function blockable(origin, request) {
    let blocked = false;
    /** @param {SecurityPolicyViolationEvent} event */
    const violation = (event) => { blocked ||= URL.canParse(event.blockedURI) && new URL(event.blockedURI).origin === origin; };
    document.addEventListener('securitypolicyviolation', violation);
    try {
      return await request();
    } catch (error) {
      // The event is a task of its own, and may come after the promise.
      await new Promise((resolve) => setTimeout(resolve));
      if (blocked) throw Object.assign(new Error('the page’s policy does not allow ' + origin), { code: 'BLOCKED' });
      throw error;
    } finally {
      document.removeEventListener('securitypolicyviolation', violation);
    }
  }

  // --- Start ------------------------------------------------------------------------------------------------------

  Object.defineProperty(globalThis, 'forgego', { value: Object.freeze({ load }), configurable: true });

  const data = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.dataset;
  if (data?.program) {
    load({ program: data.program, gzip: 'gzip' in data, indicator: data.indicator !== 'none' }).catch(() => {}); // reported
  }
})();
