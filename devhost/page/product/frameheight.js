// The height of the app's frame. It follows the height of the app's page, unless the manifest or the app sets one. The frame
// of a module that is a page of its own fills the product's page.

/** @typedef {{size?: string, width?: string, height?: string}} Viewport viewportSize of the manifest */

/**
 * How often in a row the page may grow by the same amount. A page that is a little higher than its frame, whatever the frame's
 * height is, would grow without end.
 */
const maxSteps = 8;

/**
 * Gives an element the size that the manifest sets.
 * @param {HTMLElement} element
 * @param {Viewport} viewport
 */
export const setViewport = (element, { size, width, height }) => {
  if (size && /^[a-z]+$/.test(size)) element.classList.add(size);
  if (width && CSS.supports('width', width)) element.style.width = width;
  if (height && CSS.supports('height', height)) element.style.height = height;
};

/** The frames whose height the app has set. @type {WeakSet<HTMLIFrameElement>} */
const fixed = new WeakSet();

/**
 * Sets the height of a frame, which does not follow its page from now on.
 * @param {HTMLIFrameElement} iframe
 * @param {number} height
 */
export const setHeight = (iframe, height) => {
  fixed.add(iframe);
  iframe.style.height = `${height}px`;
};

/**
 * Returns a function that takes the height of the frame's page, each time that it changes.
 * @param {HTMLIFrameElement} iframe
 * @param {boolean} fills whether the frame fills the product's page
 */
export const followHeight = (iframe, fills = false) => {
  /** @type {Viewport} */
  const viewport = JSON.parse(iframe.dataset.viewport ?? '{}');
  if (viewport.size || viewport.width || viewport.height) {
    setViewport(iframe, viewport);
    if (viewport.size !== 'resizable') return () => {};
  }
  if (fills) return () => {};
  let last = 0;
  let step = 0;
  let steps = 0;
  return (/** @type {number} */ height) => {
    if (fixed.has(iframe) || height <= 0 || steps >= maxSteps) return;
    steps = height - last === step && step > 0 ? steps + 1 : 0;
    step = height - last;
    last = height;
    // The frame's own border is inside its height.
    const border = iframe.offsetHeight - iframe.clientHeight;
    iframe.style.height = `${height + border}px`;
  };
};
