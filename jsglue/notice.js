// Shows an error of a program in a worker above the page, as internal/notice does for a program in the page.

// @ts-check

const boxStyle =
  'position:fixed;z-index:2147483647;inset:auto auto 16px 16px;box-sizing:border-box;display:flex;gap:8px;' +
  'align-items:flex-start;width:min(440px,calc(100% - 32px));max-height:calc(100% - 32px);overflow:auto;padding:12px;' +
  'border:1px solid #c9372c;border-left-width:6px;border-radius:3px;background:Canvas;color:CanvasText;' +
  'font:14px/20px system-ui,sans-serif;text-align:start;box-shadow:0 4px 12px #0004';
const textStyle = 'flex:1;margin:6px 0;min-width:0;overflow-wrap:anywhere;white-space:pre-wrap';
const buttonStyle =
  'position:sticky;top:0;flex:none;width:32px;height:32px;padding:0;font:20px/1 system-ui,sans-serif;cursor:pointer';

/** Returns a function that shows a text until the user closes it, or hides it if the text is "". */
export function newNotice() {
  const box = document.createElement('div');
  box.className = 'forgego-notice';
  box.style.cssText = boxStyle;
  box.setAttribute('role', 'alert');
  const content = document.createElement('p');
  content.style.cssText = textStyle;
  const button = document.createElement('button');
  button.style.cssText = buttonStyle;
  button.type = 'button';
  button.textContent = '×';
  button.setAttribute('aria-label', 'Close');
  button.addEventListener('click', hide);
  box.append(content, button);
  /** What had the focus before the notice appeared. @type {any} */
  let focused;

  function hide() {
    const hadFocus = box.contains(document.activeElement);
    box.remove();
    if (hadFocus && focused?.isConnected) focused.focus?.();
  }

  return (/** @type {string} */ text) => {
    if (!text) return hide();
    if (!box.isConnected) focused = document.activeElement;
    box.remove(); // an alert that is inserted again is read again
    content.textContent = text;
    // A modal dialog covers the page and keeps the focus.
    const dialogs = document.querySelectorAll('dialog:modal');
    (dialogs[dialogs.length - 1] ?? document.documentElement).append(box);
  };
}
