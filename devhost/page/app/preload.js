// WebKit keeps a preloaded file while the page that preloaded it is in memory. After a reload, the old page is still there, so
// the new page gets the old file, and WebKit does not ask the server. A request that bypasses the cache removes the kept file.

/** Whether this is WebKit. Chromium's user agent has this word too, and its own name. */
const isWebKit = /AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);

/** @type {Promise<unknown> | undefined} */
let forgotten;

/** Removes the preloaded files from the cache, so that the next page asks the server. */
export const forgetPreloads = async () => {
  if (!isWebKit) return;
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (
    document.querySelectorAll('link:is([rel~="preload"], [rel~="modulepreload"])')
  );
  forgotten ??= Promise.allSettled(
    [...links]
      .filter(({ href }) => URL.canParse(href) && new URL(href).origin === location.origin)
      .map(async ({ href }) => (await fetch(href, { cache: 'reload' })).body?.cancel()),
  );
  await forgotten;
};

// The user may reload the page, too. At this event, the page has already requested the files that it preloads.
if (isWebKit) window.addEventListener('load', forgetPreloads, { once: true });
