/**
 * Folds a panel of the page's head away when someone is done with it: by Escape, a click elsewhere, or one into the app.
 * @param {HTMLDetailsElement} panel
 */
export const foldAway = (panel) => {
  const summary = panel.querySelector('summary');
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !panel.open) return;
    panel.open = false;
    summary?.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !panel.contains(target)) panel.open = false;
  });
  // A click into the app is seen here by this only.
  window.addEventListener('blur', () => {
    if (document.activeElement instanceof HTMLIFrameElement) panel.open = false;
  });
};
