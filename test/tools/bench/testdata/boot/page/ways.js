// ways.js loads the program in one of several ways, to compare them: the way is in the attribute data-way of its script. The
// script of the compiler, wasm_exec.js, comes before it.

// @ts-check
(async () => {
  'use strict';

  const { way } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  const address = 'app.wasm';

  /** As the shim does, without a preload. */
  const stream = () => WebAssembly.compileStreaming(fetch(address));

  /** @type {Record<string, () => Promise<WebAssembly.Module>>} */
  const ways = {
    stream,

    /** The file is compressed, and the page decompresses it: data-gzip of the shim. */
    async gzip() {
      const { body } = await fetch(address + '.gz');
      const bytes = body?.pipeThrough(new DecompressionStream('gzip'));
      return WebAssembly.compileStreaming(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));
    },

    async bytes() {
      return WebAssembly.compile(await (await fetch(address)).arrayBuffer());
    },

    /** The page keeps the response in a cache of its own. */
    async cache() {
      const cache = await caches.open('programs');
      const kept = await cache.match(address);
      if (kept) return WebAssembly.compileStreaming(kept);
      const response = await fetch(address);
      const put = cache.put(address, response.clone());
      const module = await WebAssembly.compileStreaming(response);
      await put;
      return module;
    },

    /** The page keeps the compiled module in a database, if the browser can store it. */
    async database() {
      const open = indexedDB.open('programs');
      open.onupgradeneeded = () => open.result.createObjectStore('modules');
      const database = await done(open);
      const kept = await done(database.transaction('modules').objectStore('modules').get(address)).catch(
        () => undefined,
      );
      if (kept) return kept;
      const module = await stream();
      try {
        await done(database.transaction('modules', 'readwrite').objectStore('modules').put(module, address));
      } catch (error) {
        /** @type {any} */ (globalThis).refused = String(error); // DataCloneError
      }
      return module;
    },
  };

  /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  const go = new /** @type {any} */ (globalThis).Go();
  const module = await ways[way ?? ''](); // an unknown way fails, and so does the benchmark
  await go.run(await WebAssembly.instantiate(module, go.importObject));
})();
