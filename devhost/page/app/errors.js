// Collects the errors of the app's page that the browser would only show in its console.
import { PanicReport } from './panic.js';
import { Tally } from './tally.js';
import { describeViolation } from './violation.js';

/** How long errors are collected before they are sent, in milliseconds: first, and while they repeat. */
const firstPause = 50;
const laterPause = 1000;

/**
 * Returns a value as the console shows it, in short.
 * @param {unknown} value
 */
const shown = (value) => {
  // In Firefox and WebKit the stack has no message.
  if (value instanceof Error)
    return value.stack?.includes(value.message) ? value.stack : `${value}\n${value.stack ?? ''}`.trim();
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Node) return `[${value.nodeName.toLowerCase()}]`;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
};

/**
 * Returns the arguments of a console method as one text. Follows the placeholders of the first one.
 * @param {unknown[]} args
 */
const consoleText = ([first, ...rest]) => {
  const text =
    typeof first === 'string'
      ? first.replace(/%([sdifoOc%])/g, (whole, kind) =>
          kind === '%' ? '%' : rest.length === 0 ? whole : kind === 'c' ? (rest.shift(), '') : shown(rest.shift()),
        )
      : shown(first);
  return [text, ...rest.map(shown)].join(' ');
};

/**
 * Begins to collect errors. Call it before the app's own scripts run.
 * @param {(errors: import('./tally.js').Counted[]) => void} send
 */
export const collectErrors = (send) => {
  const tally = new Tally();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const flush = () => {
    const errors = tally.take();
    // Without errors in the last pause, the next one is sent at once again.
    timer = errors.length > 0 ? setTimeout(flush, laterPause) : undefined;
    if (errors.length > 0) send(errors);
  };
  /** @param {string} name @param {string} text */
  const add = (name, text) => {
    tally.add(name, text);
    timer ??= setTimeout(flush, firstPause);
  };
  const panic = new PanicReport((text) => add('panic', text));
  /** @param {string} name @param {string} text */
  const addUnlessPanic = (name, text) => panic.error(text, () => add(name, text));

  // The original runs first and with the same arguments. A failure here must not reach the app.
  /** @param {'log' | 'error'} name @param {(args: unknown[]) => void} note */
  const wrap = (name, note) => {
    const original = console[name];
    console[name] = (...args) => {
      original.apply(console, args);
      try {
        note(args);
      } catch {
        // An object of the app threw when its text was read.
      }
    };
  };
  wrap('error', (args) => addUnlessPanic('console.error', consoleText(args).trimEnd()));
  // Go's wasm_exec.js prints with one text.
  wrap('log', ([text, ...rest]) => {
    if (typeof text === 'string' && rest.length === 0) panic.print(text);
  });
  window.addEventListener('error', (event) => {
    if (!(event instanceof ErrorEvent)) return;
    const { message, filename, lineno, colno, error } = event;
    // This is not an error: the observers are called again in the next frame. The bridge's own observer can cause it.
    if (message.startsWith('ResizeObserver loop ')) return;
    const at = filename ? `${filename}:${lineno}:${colno}` : '';
    const text = error instanceof Error ? shown(error) : message;
    addUnlessPanic('error', text.includes(at) ? text : `${text}\nat ${at}`);
  });
  // The error of an element that loads a file does not bubble. Of other origins, the policy says what it blocks.
  window.addEventListener(
    'error',
    ({ target }) => {
      const url =
        target instanceof HTMLScriptElement
          ? target.src
          : target instanceof HTMLLinkElement && !target.relList.contains('preload')
            ? target.href
            : '';
      if (!url.startsWith(location.origin + '/')) return;
      const { pathname } = new URL(url);
      add('error', `The page cannot load ${pathname.slice(1)}. Is the file there, and is its name right?`);
    },
    true,
  );
  window.addEventListener('unhandledrejection', ({ reason }) => addUnlessPanic('unhandledrejection', shown(reason)));
  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.disposition === 'enforce') add('securitypolicyviolation', describeViolation(event));
  });
};
