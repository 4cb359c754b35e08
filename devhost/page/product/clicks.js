// Makes a double click and a held key act once. A button may remove or move its own row, such as "Dismiss" of a flag: then the
// second click, or the next repetition of the key, would act on what is there now.

/** How soon, in milliseconds, and how near, in pixels, a click is the second one of a double click. */
const doubleClickTime = 500;
const doubleClickDistance = 8;

/** Begins to ignore second clicks and repeated keys on all controls of the page. */
export const guardClicks = () => {
  let last = { time: -Infinity, x: 0, y: 0 };
  document.addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted || event.detail === 0) return; // by a script or a key
      const { timeStamp: time, screenX: x, screenY: y } = event;
      const isSecond = time - last.time < doubleClickTime && Math.hypot(x - last.x, y - last.y) <= doubleClickDistance;
      last = { time, x, y };
      if (!isSecond || !(event.target instanceof Element) || !event.target.closest('button, a, summary')) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  // The space bar acts when it is released, so it never repeats.
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.repeat && event.key === 'Enter') event.preventDefault();
    },
    true,
  );
};
