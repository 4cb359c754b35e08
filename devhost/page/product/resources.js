// The addresses of the app's resources.

/**
 * Returns the address of each resource by its key. It ends with a slash. A resource with a tunnel has an origin of its own.
 * @returns {Map<string, string>}
 */
export const resourceURLs = () =>
  new Map(Object.entries(JSON.parse(document.querySelector('main')?.dataset.resources || '{}')));

/** Returns the key of the resource that has an address. @param {string} url */
export const resourceAt = (url) => [...resourceURLs()].find(([, base]) => url.startsWith(base))?.[0] ?? '';
