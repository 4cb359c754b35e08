// In WebKit a page gets the preloaded file of the page before, even if the file has changed, and the server is not asked. That
// page is still in memory, with its program. A request that passes the cache takes the file from it.

/** Whether this is WebKit. The word is also in the name of Chromium, which says so. */
const isWebKit = /AppleWebKit/.test(navigator.userAgent) && !/Chrom/.test(navigator.userAgent);

/** @type {Promise<unknown> | undefined} */
let forgotten;

/** Lets the next page ask the server for what this one has preloaded. */
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

// The user may load the page again, too. The page's own requests for the files have begun when this event comes.
if (isWebKit) window.addEventListener('load', forgetPreloads, { once: true });
