/**
 * Closes a panel of the page's header when the user presses Escape, or clicks outside it or into the app.
 * @param {HTMLDetailsElement} panel
 */
export const closeOnLeave = (panel) => {
  const summary = panel.querySelector('summary');
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !panel.open) return;
    panel.open = false;
    summary?.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !panel.contains(target)) panel.open = false;
  });
  // This page gets no pointer event for a click into the app, only "blur".
  window.addEventListener('blur', () => {
    if (document.activeElement instanceof HTMLIFrameElement) panel.open = false;
  });
};
