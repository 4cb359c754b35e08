// Takes the place of indicator.js in the ES module, which loads it only if loading takes longer than a moment.

// @ts-check

/** @typedef {ReturnType<typeof import('./indicator.js').showIndicator>} Indicator */

/** @returns {Indicator} */
export function showIndicator() {
  /** @type {Indicator | undefined} */
  let bar;
  let over = false;
  setTimeout(async () => {
    if (over) return;
    const more = await import('./more.js');
    if (!over) bar = more.showIndicator();
  }, 100);
  return {
    update: (loaded, total) => bar?.update(loaded, total),
    remove() {
      over = true;
      bar?.remove();
    },
  };
}
