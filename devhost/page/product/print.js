// Prints the app as high as its content. A frame on paper has the height that it has on the screen, and the rest of the app's
// page would be missing.

/**
 * Makes a frame as high as its page while the page is printed.
 * @param {HTMLIFrameElement} iframe
 * @returns {(height: number) => void} takes the height of the frame's page, each time that it changes
 */
export const printWhole = (iframe) => {
  let pageHeight = 0;
  let before = '';
  window.addEventListener('beforeprint', () => {
    before = iframe.style.height;
    if (pageHeight > iframe.clientHeight) iframe.style.height = `${pageHeight}px`;
  });
  window.addEventListener('afterprint', () => {
    iframe.style.height = before;
  });
  return (height) => {
    pageHeight = height;
  };
};
