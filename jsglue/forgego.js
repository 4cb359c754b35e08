// forgego.js loads a Go program into a Forge Custom UI page and carries its calls to the bridge.
//
//   <script src="forgego.js" data-program="app.wasm" defer></script>
//
// data-program    the program's address, relative to this script; without it, the page calls forgego.load itself
// data-gzip       the program is compressed; its address is data-program plus ".gz". Browsers without DecompressionStream load
//                 data-program itself
// data-indicator  "none" hides the progress bar, for a page that shows its own
// data-early      calls to start while the program loads, separated by spaces. The program gets the answer when it first
//                 makes the same call:
//                   getContext      the command getContext
//                   get:KEY/PATH    RequestRemote of the remote KEY: GET /PATH without header fields
//                   token:KEY       the token that HostTokens requests
// data-worker     runs the program in a worker, so that a long computation does not stop the page; needs forgego.page.js and
//                 forgego.worker.js beside this script
//
// Events on document: "forgego:progress" {loaded, total} in bytes while the program loads, if its size is known (the answer has
// a Content-Length and no Content-Encoding), "forgego:started" when it runs, "forgego:failed" {title, detail} when it cannot or
// when it fails.

// @ts-check

import { load } from './load.js';

/** @type {any} */ (globalThis).forgego = Object.freeze({ load });

const data = /** @type {HTMLScriptElement | null} */ (document.currentScript)?.dataset;
if (data?.program) {
  const early = data.early?.split(/\s+/).filter(Boolean);
  load({
    program: data.program,
    gzip: 'gzip' in data,
    indicator: data.indicator !== 'none',
    early,
    worker: 'worker' in data,
  }).catch(() => {}); // reported
}
