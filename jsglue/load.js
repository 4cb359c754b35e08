// Loads a program's file and compiles it while it arrives. The compiler's wasm_exec.js comes before the shim, in the same script.

// @ts-check

// The shim is smallest if its modules come in this order.
import { beginEarly } from './early.js';
import { showIndicator } from './indicator.js';
import { explainProgram, newReport } from './trouble.js';
import { newCaller } from './calls.js';
import { run as runHere } from './program.js';
import { announce, explain, failure } from './failure.js';

/**
 * @typedef {object} Options
 * @property {string} program          the program's address, relative to this script
 * @property {boolean} [gzip]          fetch program + ".gz" and decompress it here, if the browser can; otherwise fetch program
 * @property {string[]} [early]        calls to start while the program loads, as in data-early
 * @property {boolean} [indicator]     show a progress bar and failures in the page; the default is true
 * @property {string[]} [args]         the program's arguments
 * @property {Record<string, string>} [env]  the program's environment
 * @property {boolean} [worker]        run the program in a worker
 */

const base = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? document.baseURI;

/** Reports whether the program's compressed file is loaded. Browsers before 2023 have no DecompressionStream. @param {Options} options */
const loadsGzip = (options) => options.gzip && 'DecompressionStream' in globalThis;

/**
 * Fetches the program. It reports progress while the bytes arrive, if their number is known.
 *
 * @param {Options} options
 * @param {(loaded: number, total: number) => void} progress
 * @returns {Promise<Response>}
 */
async function fetchProgram(options, progress) {
  const url = new URL(options.program + (loadsGzip(options) ? '.gz' : ''), base).href;
  const ask = (/** @type {RequestInit} */ init) =>
    fetch(url, init).catch(() => {
      throw Error(url + ' did not answer. Is the server running?');
    });
  // A browser uses a preload only for a request of the same kind. This is the kind of a link without crossorigin: WebKit takes
  // no other one for a fetch.
  let response = await ask(url.startsWith(origin) ? { mode: 'no-cors', credentials: 'include' } : {});
  if (!response.status) response = await ask({}); // the page cannot read what another origin answers to such a request
  if (!response.ok || /^text\/html/i.test(typeOf(response))) {
    throw Error(
      url + ' answered ' + (response.ok ? 'with HTML' : response.status) + '. Is its name right? Build it again.',
    );
  }
  // The length is that of the received bytes only if the server did not encode them. Another origin does not tell.
  const total = Number(response.headers.get('content-length'));
  if (total && response.type === 'basic' && !response.headers.has('content-encoding')) {
    let loaded = 0;
    // Count on a copy: the browser only streams, and caches the compiled code, if the response itself is untouched. A copy takes
    // time, so there is none without a total.
    response
      .clone()
      .body?.pipeTo(
        new WritableStream({
          write(chunk) {
            loaded += chunk.byteLength;
            progress(loaded, total);
          },
        }),
      )
      .catch(() => {}); // the response's own reader gets the same error
  }
  return response;
}

/** @param {Response} response */
const typeOf = (response) => response.headers.get('content-type') ?? '';

/**
 * Compiles the program: while it arrives if it has exactly the type that browsers require for that, otherwise afterwards.
 * Source: https://webassembly.github.io/spec/web-api/#streaming-modules
 *
 * @param {Response} response @param {boolean} [gzip]
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(response, gzip) {
  // If the server declares the compression as an encoding, the browser decompresses the file.
  if (gzip && response.body && !response.headers.has('content-encoding')) {
    response = new Response(response.body.pipeThrough(new DecompressionStream('gzip')), {
      headers: { 'content-type': 'application/wasm' },
    });
  }
  return /^application\/wasm$/i.test(typeOf(response))
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Loads a program and starts it.
 *
 * @param {Options} options @param {import('./program.js').Extend} [extend]
 * @returns {Promise<{exited: Promise<number>}>} resolves when the program runs; exited resolves to its exit status
 */
export async function load(options, extend) {
  const inPage = options.indicator !== false;
  const indicator = inPage ? showIndicator() : undefined;
  const fail = newReport(inPage);
  try {
    const early = beginEarly(options.early ?? []);
    const response = await fetchProgram(options, (loaded, total) => {
      indicator?.update(loaded, total);
      announce('progress', { loaded, total });
    });
    const module = await compile(response, loadsGzip(options)).catch((error) => explainProgram(error, false));
    const { run } = options.worker
      ? await import('./page.js').catch(() => {
          throw failure('forgego.page.js is missing.', 'Build it with forgego build.');
        })
      : { run: runHere };
    const started = () => {
      announce('started');
      setTimeout(early.end, 5000); // later answers would be out of date
    };
    await early.begun;
    return await run(module, options, (post) => newCaller(early, post), fail, started, extend);
  } catch (error) {
    const explained = explain(error);
    fail(explained.title, explained.detail);
    throw explained;
  } finally {
    indicator?.remove();
  }
}
