// forgego.js loads a Go program into a Forge Custom UI page and carries its calls to the bridge.
//
//   <script src="forgego.js" data-program="app.wasm" defer></script>
//
// data-program    the program's address, relative to this script; without it the page calls forgego.load itself
// data-gzip       the program lies there compressed, as data-program plus ".gz"
// data-indicator  "none" leaves out the progress bar, for a page that shows its own
// data-early      calls to begin while the program loads, with spaces between them. Each is handed to the program when it
//                 first makes the same call:
//                   getContext      the command getContext
//                   get:KEY/PATH    RequestRemote of the remote KEY: GET /PATH without header fields of its own
//                   token:KEY       the token that HostTokens asks for
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
   * @property {string[]} [early]        calls to begin while the program loads, as in data-early
   * @property {boolean} [indicator]     show a progress bar and failures in the page; the default is true
   * @property {string[]} [args]         the program's arguments
   * @property {Record<string, string>} [env]  the program's environment
   */

  /** @typedef {(command: string, payload: unknown) => Promise<unknown>} CallBridge */

  const base = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? document.baseURI;

  // --- Failures ---------------------------------------------------------------------------------------------------

  /**
   * A failure in words for the developer.
   *
   * @param {string} title what happened @param {string} detail and what to do
   */
  const failure = (title, detail) => fault(title + '\n' + detail, { title, detail });

  /** @template T @param {string} message @param {T} more */
  const fault = (message, more) => Object.assign(new Error(message), more);

  /** @param {any} error @returns {ReturnType<typeof failure>} */
  function explain(error) {
    if (error.title) return error;
    const text = error.message;
    if (/unsafe-eval/.test(text)) {
      return failure(
        'The page’s policy does not allow WebAssembly.',
        'Add "unsafe-eval" under permissions.content.scripts in manifest.yml and deploy again. Administrators must consent to it.',
      );
    }
    if (error instanceof WebAssembly.LinkError || /Import #\d/.test(text)) {
      return failure(
        'wasm_exec.js and the program come from different Go versions.',
        'Build both again with one toolchain: forgego build. (' + text + ')',
      );
    }
    if (error instanceof WebAssembly.CompileError || /ReadableStream/.test(text)) {
      return failure(
        'The program’s file is not a whole WebAssembly program.',
        'Reload the page, if it was cut off. Build it again: forgego build. (' + text + ')',
      );
    }
    return failure('The program could not be loaded.', text);
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
    box.style.cssText = 'margin:16px;padding:16px;border:1px solid #c9372c;border-left-width:6px;' +
      'background:#fff;color:#172b4d;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere';
    const heading = document.createElement('strong');
    heading.textContent = title;
    const text = document.createElement('p');
    text.style.cssText = 'margin:8px 0 0;white-space:pre-wrap';
    text.textContent = detail;
    box.append(heading, text);
    document.querySelector('.forgego-failure')?.remove();
    (document.body ?? document.documentElement).prepend(box); // a script in the head runs before there is a body
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
      const missing = () => reject(failure(
        'wasm_exec.js is missing.',
        'There is none at ' + script.src + '. forgego build puts it beside forgego.js.',
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
    } catch {
      throw failure('The program could not be fetched.', url + ' did not answer. Is the server running?');
    }
    if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) {
      throw failure(
        'The program is missing.',
        url + ' answered ' + (response.ok ? 'with a page of HTML' : response.status) + '. Build it with forgego build, into the resource’s path in manifest.yml.',
      );
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
      const early = beginEarly(options.early ?? []);
      const [response] = await Promise.all([
        fetchProgram(options, (loaded, total) => {
          indicator?.update(loaded, total);
          document.dispatchEvent(new CustomEvent('forgego:progress', { detail: { loaded, total } }));
        }),
        loadGoRuntime(),
      ]);
      const go = new /** @type {any} */ (globalThis).Go();
      if (options.args) go.argv = ['js', ...options.args];
      if (options.env) go.env = options.env;
      const instance = await instantiate(response, options.gzip === true, go.importObject);
      return { exited: start(go, instance, early, inPage) };
    } catch (error) {
      const explained = explain(error);
      report(explained.title, explained.detail, inPage);
      throw explained;
    } finally {
      indicator?.remove();
    }
  }

  /**
   * Starts the program and gives its exit status when it ends.
   *
   * @param {any} go @param {WebAssembly.Instance} instance @param {EarlyCalls} early @param {boolean} inPage
   * @returns {Promise<number>}
   */
  function start(go, instance, early, inPage) {
    let exit = 0;
    let explained = false;
    go.exit = (/** @type {number} */ code) => { exit = code; };
    /** @type {WebAssembly.Exports} */
    const exports = {};
    for (const [name, f] of Object.entries(instance.exports)) {
      exports[name] = typeof f !== 'function' ? f : (/** @type {unknown[]} */ ...args) => {
        try {
          return f(...args);
        } catch (error) {
          if (go.exited) return; // TinyGo's os.Exit throws
          // A panic of TinyGo's is a trap. Its wasm_exec.js would call the broken program again.
          go.exited = true;
          exit = 2;
          go._resolveExitPromise();
          throw error;
        }
      };
    }
    const port = connect(go, exports, early);
    port.fail = (title, detail, stack) => {
      explained = true;
      report(title, detail, inPage, stack);
    };
    // The program takes the port while it starts, before it first waits, so that no other program on the page sees it.
    Object.defineProperty(globalThis, '__forgegoPort', { value: port, configurable: true });
    /** Gives the exit status under TinyGo, which knows no go.exit. @type {Promise<number | void>} */
    let running;
    try {
      running = go.run(exports.go_scheduler ? { exports } : instance);
    } finally {
      delete (/** @type {any} */ (globalThis).__forgegoPort);
    }
    document.dispatchEvent(new CustomEvent('forgego:started'));
    setTimeout(() => early.end(), earlyTime);
    return running.catch((error) => {
      console.error(error);
      exit = 2;
    }).then((code) => {
      const status = code || exit;
      if (!explained && inPage) {
        report(
          'The app’s program has ended.',
          (status === 0 ? 'Its main function returned' : 'Its exit status is ' + status + '; the console has its last words') +
            '. Reload the page to start it again.' + (status === 0 ? ' (wasm.Run keeps a program running.)' : ''),
          inPage,
        );
      }
      return status;
    });
  }

  /** Shows a progress bar if loading takes longer than a moment. */
  function showIndicator() {
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', 'Loading the app');
    bar.className = 'forgego-progress';
    bar.style.cssText = 'display:block;width:min(320px,60%);margin:48px auto';
    const timer = setTimeout(() => (document.querySelector('main') ?? document.body ?? document.documentElement).prepend(bar), 200);
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
  const requestFunctions = 8;
  const answerError = 1;
  const answerUndefined = 2;
  const answerBody = 4;
  const answerCallback = 8;

  /** The body is text, or bytes of a request that the page makes itself. @typedef {{flags: number, payload: string, body: string | Uint8Array}} Answer */

  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /**
   * Makes the port by which one program reaches the bridge.
   *
   * @param {any} go @param {any} exports the program's @param {EarlyCalls} early
   */
  function connect(go, exports, early) {
    /** @type {WebAssembly.Memory} */
    const memory = exports.mem ?? exports.memory;
    let bytes = new Uint8Array(memory.buffer);
    let words = new Uint32Array(0);
    let wordsAt = 0;
    /** The calls whose answer the program still waits for. @type {Set<number>} */
    const waiting = new Set();
    const requests = ownRequests();

    /** Has bytes and words show the memory as it is now. Memory that has grown detaches what showed it. */
    function look() {
      if (bytes.length > 0 && words.length > 0) return;
      bytes = new Uint8Array(memory.buffer);
      words = new Uint32Array(memory.buffer, wordsAt, 8);
    }

    /** @param {number} at @param {number} size */
    const text = (at, size) => decoder.decode(bytes.subarray(at, at + size));

    /** Starts a call. @returns {number} 1 if there is no bridge */
    function send() {
      look();
      const id = words[0];
      const flags = words[1];
      const command = text(words[2], words[3]);
      const json = text(words[4], words[5]);
      const bodyAt = words[6];
      const bodySize = words[7];
      const isApply = flags & requestLocal && command === 'apply';
      const isOwn = flags & requestLocal && !isApply;
      /** @type {CallBridge | undefined} */
      const callBridge = /** @type {any} */ (globalThis).__bridge?.callBridge;
      if (!isOwn && !callBridge) return 1;
      waiting.add(id);
      /** @type {Promise<any>} */
      let answer;
      try {
        let payload = json === '' ? undefined : JSON.parse(json);
        if (isOwn) {
          answer = requests.commands[command](id, payload, flags & requestBody ? bytes.slice(bodyAt, bodyAt + bodySize) : undefined);
        } else {
          if (flags & requestFunctions) payload = addCallbacks(id, payload, JSON.parse(text(bodyAt, bodySize)));
          else if (flags & requestBody) payload.fetchRequestInit.body = text(bodyAt, bodySize);
          answer = Promise.resolve(isApply ? apply(payload) : (early.take(command, payload) ?? callBridge?.(command, payload)));
        }
      } catch (error) {
        answer = Promise.reject(error);
      }
      answer.then((value) => settle(id, () => {
        if (isOwn) return value;
        if (kept.has(id)) kept.set(id, value);
        return encodeAnswer(value, flags & requestFetch);
      }), (error) => refuse(id, error));
      return 0;
    }

    /** The answers that the program still uses, by their call; undefined until they come. @type {Map<number, any>} */
    const kept = new Map();

    /**
     * Puts functions into a payload, and has the call's answer kept.
     *
     * @param {number} id @param {any} payload @param {[number, string][]} callbacks each with its number and its place
     * @returns {any} the payload; the function itself if its place is empty
     */
    function addCallbacks(id, payload, callbacks) {
      const root = { payload };
      for (const [callback, path] of callbacks) {
        const names = ['payload', ...(path ? path.split('.') : [])];
        const last = /** @type {string} */ (names.pop());
        const target = names.reduce((/** @type {any} */ object, name) => object[name], root);
        target[last] = (/** @type {unknown[]} */ ...args) => {
          if (kept.has(id)) post(callback, { flags: answerCallback, payload: JSON.stringify(args), body: '' });
        };
      }
      kept.set(id, undefined);
      return root.payload;
    }

    /** Calls a function of a kept answer. @param {{object: number, name: string, arguments: unknown[]}} what */
    function apply({ object, name, arguments: args }) {
      const value = kept.get(object);
      return name === '' ? value(...args) : value[name](...args);
    }

    /** @param {number} id @param {() => Answer} encode */
    function settle(id, encode) {
      if (!waiting.delete(id)) return;
      let answer;
      try {
        answer = encode();
      } catch (error) {
        answer = encodeError(error); // a cycle, a getter that throws
      }
      post(id, answer);
    }

    /** @param {number} id @param {unknown} error */
    function refuse(id, error) {
      if (waiting.delete(id)) post(id, encodeError(error));
    }

    /** Answers that are not delivered yet, one behind the other. */
    const outbox = new Uint8Array(64 << 10);
    const outboxHead = new DataView(outbox.buffer);
    let used = 0;
    let woken = false;
    /** What take writes. @type {Uint8Array[]} */
    let parts = [];

    /** Keeps an answer until the end of the tick; a large one is delivered at once. @param {number} id @param {Answer} answer */
    function post(id, { flags, payload, body }) {
      const size = 16 + 3 * (payload.length + body.length); // in UTF-8 a character takes at most three bytes for each of its units
      if (used + size > outbox.length) flush();
      if (size <= outbox.length) {
        const bodyAt = write(payload, used + 16);
        const end = write(body, bodyAt);
        writeHead(id, flags, bodyAt - used - 16, end - bodyAt);
        used = end;
      } else {
        const [p, b] = [payload, body].map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
        writeHead(id, flags, p.length, b.length);
        deliver([outbox.subarray(0, 16), p, b]);
      }
      if (woken) return;
      woken = true;
      queueMicrotask(wake);
    }

    /** @param {string | Uint8Array} part @param {number} at @returns {number} where it ends */
    function write(part, at) {
      if (typeof part === 'string') return at + encoder.encodeInto(part, outbox.subarray(at)).written;
      outbox.set(part, at);
      return at + part.length;
    }

    /** @param {number[]} head */
    function writeHead(...head) {
      head.forEach((n, i) => outboxHead.setUint32(used + 4 * i, n, true));
    }

    function flush() {
      if (used > 0) deliver([outbox.subarray(0, used)]);
      used = 0;
    }

    /** @param {Uint8Array[]} what */
    function deliver(what) {
      if (go.exited) return;
      parts = what;
      exports.forgego_deliver(what.reduce((sum, part) => sum + part.length, 0));
      parts = [];
    }

    /** Lets the program go on with all answers of this tick. */
    function wake() {
      woken = false;
      flush();
      if (go.exited) return;
      // TinyGo's _resume wants an event to handle.
      if (exports.go_scheduler) exports.go_scheduler();
      else go._resume();
    }

    return {
      send,
      /** Tells where in memory the words are. @param {number} address */
      attach(address) {
        wordsAt = address;
      },
      take() {
        look();
        let at = words[0];
        for (const part of parts) {
          bytes.set(part, at);
          at += part.length;
        }
      },
      forget() {
        look();
        waiting.delete(words[0]);
        kept.delete(words[0]);
        requests.stop(words[0]);
      },
      /** Set by start. @type {(title: string, detail: string, stack: string) => void} */
      fail: () => {},
    };
  }

  /** @param {unknown} answer @param {number} fetch whether it is that of a request @returns {Answer} */
  function encodeAnswer(answer, fetch) {
    let flags = 0;
    let text = '';
    if (fetch && typeof answer === 'object' && answer !== null) {
      // What a Response is made of, and nothing else that the host may have added.
      let { status, statusText, headers, isAttachment, body } = /** @type {Record<string, unknown>} */ (answer);
      if (typeof body === 'string') {
        flags = answerBody;
        text = body;
        body = undefined;
      }
      answer = { status, statusText, headers, isAttachment, body };
    }
    const payload = JSON.stringify(answer);
    return { flags: payload === undefined ? answerUndefined : flags, payload: payload ?? '', body: text };
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
    return { flags: answerError, payload: JSON.stringify(fields), body: '' };
  }

  // --- Calls that begin before the program -------------------------------------------------------------------------

  /** How long after its start the program may ask for an early call's answer, in ms. Later it would be out of date. */
  const earlyTime = 5000;

  /** @typedef {ReturnType<typeof beginEarly>} EarlyCalls */

  /**
   * Begins calls that the program is going to make. Only such as change nothing can be among them.
   *
   * @param {string[]} names
   */
  function beginEarly(names) {
    /** By what tells one call from another: its name here, and its answer. @type {Map<string, [string, Promise<unknown>]>} */
    const begun = new Map();
    /** @type {CallBridge | undefined} */
    const callBridge = /** @type {any} */ (globalThis).__bridge?.callBridge;
    for (const name of names) {
      const call = earlyCall(name);
      const key = JSON.stringify(call);
      if (!callBridge || begun.has(key)) continue;
      const answer = new Promise((resolve) => resolve(callBridge(...call)));
      answer.catch(() => {}); // its error is the program's, which may come later
      begun.set(key, [name, answer]);
    }
    return {
      /** Gives the answer of the same call, once. @param {string} command @param {unknown} payload */
      take(command, payload) {
        if (begun.size === 0) return undefined;
        const key = JSON.stringify([command, payload]).replace('"method":"GET",', ''); // which goes without saying
        const answer = begun.get(key)?.[1];
        begun.delete(key);
        return answer;
      },
      end() {
        for (const [name] of begun.values()) console.warn('"' + name + '" was called early, and the program did not ask for it. Take it out of data-early.');
        begun.clear();
      },
    };
  }

  /** @param {string} name @returns {[string, unknown]} the command and its payload */
  function earlyCall(name) {
    const [, kind, remoteKey, path] = /^(get|token):([^/]+)(\/.*)?$/.exec(name) ?? [];
    if (name === 'getContext') return [name, undefined];
    if (kind === 'token' && !path) return ['signInvocationTokenForUI', { remoteKey }];
    if (kind === 'get' && path) {
      return ['fetchRemote', { remoteKey, fetchRequestInit: { path, headers: [], body: null }, isMultipartFormData: false }];
    }
    throw failure('There is no such early call.', '"' + name + '" is none of getContext, get:KEY/PATH and token:KEY. Change data-early.');
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
      async fetch(id, { url, origin, init }, body) {
        // The token goes to this origin only, whatever made the address. Without an origin there is no token.
        const target = new URL(url, document.baseURI).origin;
        if (origin && target !== origin) throw fault('the address leads to another origin', { code: 'ORIGIN' });
        const controller = new AbortController();
        running.set(id, { controller });
        try {
          const response = await blockable(target, () => fetch(url, { ...init, body, signal: controller.signal }));
          if (response.type === 'opaqueredirect') {
            throw fault('the remote answered with a redirect', { code: 'REDIRECT' });
          }
          if (response.body) running.set(id, { controller, reader: response.body.getReader() });
          else running.delete(id);
          const { status, statusText } = response;
          const head = { status, statusText, url: response.url, headers: [...response.headers], empty: !response.body };
          return { flags: 0, payload: JSON.stringify(head), body: '' };
        } catch (error) {
          running.delete(id);
          throw error;
        }
      },

      /** Gives the next piece of a body, as the browser has it; no body at its end. */
      async read(_, { request }) {
        try {
          const piece = await running.get(request)?.reader?.read();
          if (piece?.value) return { flags: answerBody, payload: '', body: piece.value };
        } catch (error) {
          running.delete(request);
          throw error;
        }
        running.delete(request);
        return { flags: 0, payload: '', body: '' };
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
   * Performs a request, and tells one that the page's policy has stopped from one that the network has.
   *
   * @param {string} origin @param {() => Promise<Response>} request
   */
  async function blockable(origin, request) {
    let blocked = false;
    /** @param {SecurityPolicyViolationEvent} event */
    const violation = (event) => { blocked ||= (event.blockedURI + '/').startsWith(origin + '/'); };
    document.addEventListener('securitypolicyviolation', violation);
    try {
      return await request();
    } catch (error) {
      // The event is a task of its own, and may come after the promise.
      await new Promise((resolve) => setTimeout(resolve));
      if (blocked) throw fault('the page’s policy does not allow ' + origin, { code: 'BLOCKED' });
      throw error;
    } finally {
      document.removeEventListener('securitypolicyviolation', violation);
    }
  }

  // --- Start ------------------------------------------------------------------------------------------------------

  /** @type {any} */ (globalThis).forgego = Object.freeze({ load });

  const data = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.dataset;
  if (data?.program) {
    const early = data.early?.split(/\s+/).filter(Boolean);
    load({ program: data.program, gzip: 'gzip' in data, indicator: data.indicator !== 'none', early }).catch(() => {}); // reported
  }
})();
