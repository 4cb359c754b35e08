import { useEffect, useState } from 'react';
import { seen, setOnline, undo, views, type View } from './logic?go';

/** Returns what the Go program shows, or undefined until it runs. */
export function useView(): View | undefined {
  const [view, setView] = useState<View>();
  useEffect(() => {
    const end = new AbortController();
    async function watch() {
      while (!end.signal.aborted) {
        try {
          for await (const next of views({ signal: end.signal })) setView(next);
        } catch (error) {
          // A saved Go file has replaced the program: go on with the new one.
          if ((error as Error).name !== 'ReplacedError') {
            if (!end.signal.aborted) reportError(error);
            return;
          }
        }
      }
    }
    watch();
    return () => end.abort();
  }, []);
  return view;
}

/** Tells the Go program what happens outside of the page's controls: the network, the window, the key to undo. */
export function useEvents() {
  useEffect(() => {
    const end = new AbortController();
    const listen = (target: EventTarget, event: string, react: (event: Event) => void) =>
      target.addEventListener(event, react, { signal: end.signal });
    listen(window, 'online', () => setOnline(true));
    listen(window, 'offline', () => setOnline(false));
    listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') seen();
    });
    listen(document, 'keydown', (event) => {
      const key = event as KeyboardEvent;
      const isUndo = (key.ctrlKey || key.metaKey) && !key.shiftKey && !key.altKey && key.key === 'z';
      // A text field has an undo of its own.
      if (!isUndo || (key.target as Element).matches('[type=text]')) return;
      key.preventDefault();
      undo();
    });
    if (!navigator.onLine) setOnline(false);
    return () => end.abort();
  }, []);
}
