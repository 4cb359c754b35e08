// The progress bar while a program loads.

// @ts-check

/** Shows a progress bar if loading takes longer than a moment. Until the first update it only says that something happens. */
export function showIndicator() {
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', 'Loading the app');
  bar.className = 'forgego-progress';
  bar.style.cssText = 'display:block;width:min(320px,60%);margin:48px auto';
  const timer = setTimeout(
    () => (document.querySelector('main') ?? document.body ?? document.documentElement).prepend(bar),
    200,
  );
  return {
    /** @param {number} loaded @param {number} total */
    update(loaded, total) {
      bar.max = total;
      bar.value = loaded;
    },
    remove() {
      clearTimeout(timer);
      bar.remove();
    },
  };
}
