// Keeps what the user did in the app's page when the page is loaded again after a change: fields, scroll positions, the
// focus, and open details, dialogs and popovers. The product's page stores this state during the reload.
//
// A program renders late: its WebAssembly must start first, and its data must arrive. So each item is restored when its
// element appears. An item is given up after 10 seconds, or when the user uses its element.
//
// Only fields that the user has changed are kept, because the program sets the others. A field is restored only if it has the
// value that it had before the user changed it. Another value means that the developer has just changed it or that the data
// is different, and the developer must see that. Nothing is clicked, because a click could repeat a call.
import { elementsOf, findAgain, locatorOf } from './locate.js';
import { isCheckable, isField, kindOf, sameValue, setValue, tellProgram, valueOf } from './field.js';
import { forgetPreloads } from './preload.js';

/** @typedef {import('./locate.js').Locator} Locator */
/** @typedef {import('./field.js').FieldValue} FieldValue */
/**
 * @typedef {{what: 'field', at: Locator, kind: string, before: FieldValue, value: FieldValue}
 *   | {what: 'open', at: Locator, how: 'details' | 'dialog' | 'modal' | 'popover', open: boolean}
 *   | {what: 'scroll', at: Locator | null, left: number, top: number}
 *   | {what: 'focus', at: Locator, selection: [number, number, 'forward' | 'backward' | 'none'] | null}} Item at is null for the page
 */
/** @typedef {{url: string, items: Item[]}} State */

/** How long to wait for elements, and how often to look for those that no mutation announces, in milliseconds. */
const restoreTime = 10_000;
const restoreInterval = 100;

/** The values of fields before the user changed them. @type {WeakMap<Element, FieldValue>} */
const untouched = new WeakMap();
/** The fields and details elements that the user has changed. @type {WeakSet<Element>} */
const changed = new WeakSet();

/** The items that are not restored yet. @type {Item[]} */
let pending = [];
/** The items that are restored, with their elements. @type {{item: Item, element: Element}[]} */
let restored = [];
let isLeaving = false;
/** Whether the state that was kept last has fields. */
let hasFields = false;

/** @param {Event} event */
const targetOf = (event) => event.composedPath()[0];

/** @param {Event} event */
const noteValue = (event) => {
  const target = targetOf(event);
  if (event.isTrusted && isField(target) && !changed.has(target)) untouched.set(target, valueOf(target));
};

/** @param {Event} event */
const noteChange = (event) => {
  const target = targetOf(event);
  if (!event.isTrusted || !isField(target)) return;
  if (!changed.has(target) && isCheckable(target)) untouched.set(target, !target.checked);
  changed.add(target);
};

/** Observes what the user does. Call it before the app's own scripts run. */
export const startKeeping = () => {
  for (const type of ['focusin', 'pointerdown', 'beforeinput']) window.addEventListener(type, noteValue, true);
  window.addEventListener('input', noteChange, true);
  window.addEventListener(
    'click',
    (event) => {
      const target = targetOf(event);
      const details = event.isTrusted && target instanceof Element && target.closest('summary')?.parentElement;
      if (details instanceof HTMLDetailsElement) changed.add(details);
    },
    true,
  );
  // The page keeps its fields, so the app must not ask the user whether to leave. This listener is the first one.
  window.addEventListener('beforeunload', (event) => {
    if (isLeaving) event.stopImmediatePropagation();
  });
};

/** @param {HTMLElement} field @returns {Item} */
const fieldItem = (field) => ({
  what: 'field',
  at: locatorOf(field),
  kind: kindOf(field),
  before:
    untouched.get(field) ??
    (isCheckable(field) ? field.defaultChecked : 'defaultValue' in field ? String(field.defaultValue) : ''),
  value: valueOf(field),
});

/** @param {Element} element @returns {Item | undefined} */
const openItem = (element) => {
  if (element instanceof HTMLDetailsElement) {
    return element.open || changed.has(element)
      ? { what: 'open', at: locatorOf(element), how: 'details', open: element.open }
      : undefined;
  }
  if (element instanceof HTMLDialogElement && element.open)
    return { what: 'open', at: locatorOf(element), how: element.matches(':modal') ? 'modal' : 'dialog', open: true };
  if (element.hasAttribute('popover') && element.matches(':popover-open'))
    return { what: 'open', at: locatorOf(element), how: 'popover', open: true };
  return undefined;
};

/** @returns {Item | undefined} */
const focusItem = () => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (!active || active === document.body || active === document.documentElement) return undefined;
  const { selectionStart, selectionEnd, selectionDirection } = /** @type {HTMLInputElement} */ (active);
  const hasSelection = typeof selectionStart === 'number' && typeof selectionEnd === 'number';
  return {
    what: 'focus',
    at: locatorOf(active),
    selection: hasSelection ? [selectionStart, selectionEnd, selectionDirection ?? 'none'] : null,
  };
};

/** Returns the state of the page, with the items that are still to be restored from the page before. @returns {State} */
export const keepState = () => {
  isLeaving = true;
  const elements = elementsOf(document);
  const top = document.scrollingElement;
  /** @type {(Item | undefined)[]} */
  const items = [
    ...elements.map(openItem),
    // The buttons that are no longer chosen follow from the one that is.
    ...elements
      .filter(isField)
      .filter((field) => changed.has(field) && !(isCheckable(field) && field.type === 'radio' && !field.checked))
      .map(fieldItem),
    ...elements
      .filter((element) => element !== top && (element.scrollTop !== 0 || element.scrollLeft !== 0))
      .map(
        (element) =>
          /** @type {Item} */ ({
            what: 'scroll',
            at: locatorOf(element),
            left: element.scrollLeft,
            top: element.scrollTop,
          }),
      ),
    top && (top.scrollTop !== 0 || top.scrollLeft !== 0)
      ? { what: 'scroll', at: null, left: top.scrollLeft, top: top.scrollTop }
      : undefined,
    focusItem(),
  ];
  const known = items.filter((item) => item !== undefined);
  hasFields = known.some(({ what }) => what === 'field');
  /** @param {Item} item */
  const place = ({ what, at }) => JSON.stringify([what, what === 'focus' || at]);
  // The items of the page before replace those that are only on their way, such as a scroll position in a page that grows.
  const waiting = new Map(pending.map((item) => [place(item), item]));
  const all = [...known.filter((item) => item.what === 'field' || !waiting.has(place(item))), ...pending];
  const order = ['open', 'field', 'scroll', 'focus'];
  return {
    url: location.href,
    items: [...new Map(all.map((item) => [place(item), item])).values()].sort(
      (a, b) => order.indexOf(a.what) - order.indexOf(b.what),
    ),
  };
};

/**
 * Loads the page again. Firefox fills in what the fields had, even if the values in the HTML page have changed, but not if it
 * loads the page past its cache. The other engines ignore the argument.
 */
export const reloadPage = async () => {
  await forgetPreloads();
  /** @type {{reload: (pastCache: boolean) => void}} */ (/** @type {unknown} */ (location)).reload(hasFields);
};

/**
 * Restores an item. Reports whether that is done.
 * @param {Item} item
 * @param {Element} element
 * @returns {boolean}
 */
const apply = (item, element) => {
  switch (item.what) {
    case 'field':
      if (!isField(element) || kindOf(element) !== item.kind) return false;
      if (!sameValue(valueOf(element), item.value)) {
        if (!sameValue(valueOf(element), item.before)) return false;
        untouched.set(element, item.before);
        setValue(element, item.value);
        if (!sameValue(valueOf(element), item.value)) return false;
      }
      changed.add(element);
      tellProgram(element);
      return true;
    case 'open':
      if (element instanceof HTMLDetailsElement) {
        element.open = item.open;
        changed.add(element);
      } else if (element instanceof HTMLDialogElement && item.how !== 'popover') {
        if (element.open) return true;
        if (item.how === 'modal') element.showModal();
        else element.show();
      } else if (element instanceof HTMLElement && item.how === 'popover') element.showPopover();
      return true;
    case 'scroll':
      element.scrollTo({ left: item.left, top: item.top, behavior: 'instant' });
      return Math.abs(element.scrollLeft - item.left) <= 1 && Math.abs(element.scrollTop - item.top) <= 1;
    case 'focus': {
      if (pending.some((other) => other.what === 'field' && JSON.stringify(other.at) === JSON.stringify(item.at)))
        return false;
      if (!(element instanceof HTMLElement)) return true;
      element.focus({ preventScroll: true });
      if (item.selection && 'setSelectionRange' in element)
        /** @type {HTMLInputElement} */ (element).setSelectionRange(...item.selection);
      return /** @type {Document | ShadowRoot} */ (element.getRootNode()).activeElement === element;
    }
  }
};

/** Restores what is possible now. */
const restoreNow = () => {
  // The program may have replaced an element.
  pending.push(...restored.filter(({ element }) => !element.isConnected).map(({ item }) => item));
  restored = restored.filter(({ element }) => element.isConnected);
  for (const item of [...pending]) {
    const element = item.at ? findAgain(item.at) : document.scrollingElement;
    if (!element) continue;
    try {
      if (!apply(item, element)) continue;
    } catch {
      // The browser refuses it, such as a popover that is not in the page. It is not tried again.
    }
    pending.splice(pending.indexOf(item), 1);
    if (item.what === 'field' || item.what === 'open') restored.push({ item, element });
  }
};

/** Ends the restoration that runs. */
let endRestoring = () => {};

/**
 * Restores the state of the page before.
 * @param {State['items']} items
 */
export const restoreState = (items) => {
  endRestoring();
  pending = [...items];
  restored = [];
  if (items.length === 0) return;
  const controller = new AbortController();
  const listening = { capture: true, passive: true, signal: controller.signal };

  /** @param {Event} event */
  const onUser = (event) => {
    if (!event.isTrusted) return;
    restored = [];
    const target = targetOf(event);
    pending = pending.filter(
      (item) => item.what === 'open' || (item.what === 'field' && findAgain(item.at) !== target),
    );
  };
  for (const type of ['pointerdown', 'keydown', 'wheel', 'touchstart', 'input'])
    window.addEventListener(type, onUser, listening);

  // Fields of the HTML page exist before the program listens to them, and the program may set them when it starts.
  document.addEventListener(
    'forgego:started',
    () => {
      pending.unshift(...restored.filter(({ item }) => item.what === 'field').map(({ item }) => item));
      restored = restored.filter(({ item }) => item.what !== 'field');
      restoreNow();
    },
    { signal: controller.signal },
  );
  const observer = new MutationObserver(restoreNow);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const interval = setInterval(restoreNow, restoreInterval);
  const timer = setTimeout(() => endRestoring(), restoreTime);
  endRestoring = () => {
    controller.abort();
    observer.disconnect();
    clearInterval(interval);
    clearTimeout(timer);
    pending = [];
    restored = [];
    endRestoring = () => {};
  };
  restoreNow();
};
