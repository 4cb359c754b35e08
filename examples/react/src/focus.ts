import { useEffect, type RefObject } from 'react';
import { focused, type Place } from './logic?go';

/**
 * Moves the keyboard focus when the Go program asks for it, and tells the program where it is.
 */
export function useFocus(root: RefObject<HTMLElement | null>, to: Place | undefined) {
  useEffect(() => {
    const end = new AbortController();
    for (const event of ['focusin', 'focusout']) {
      document.addEventListener(event, () => queueMicrotask(() => focused(place())), { signal: end.signal });
    }
    return () => end.abort();
  }, []);
  useEffect(() => {
    if (to) control(root.current!, to)?.focus();
  }, [to]);
}

/** Returns the place of the focus. */
function place(): Place {
  const at = document.querySelector(':focus');
  if (!at) return { part: 'none', of: '' };
  const row = at.closest<HTMLElement>('[data-id]');
  if (row) return { part: 'row', of: row.dataset.id! };
  const message = at.closest<HTMLElement>('[data-subject]');
  if (message) return { part: 'failure', of: message.dataset.subject! };
  return { part: at.closest('form') ? 'form' : 'other', of: '' };
}

/** Returns the control of a place. */
function control(root: HTMLElement, { part, of }: Place): HTMLElement | null {
  const row = `[data-id="${CSS.escape(of)}"]`;
  switch (part) {
    case 'form':
      return root.querySelector('#name');
    case 'row':
      return root.querySelector(row);
    case 'checkbox':
      return root.querySelector(row + ' input');
    case 'delete':
      return root.querySelector(row + ' button');
    case 'failure':
      return root.querySelector(`[data-subject="${CSS.escape(of)}"] button`);
  }
  return null;
}
