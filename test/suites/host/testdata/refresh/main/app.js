// Renders late, as a program does that first loads its WebAssembly and its data. It keeps the state of its fields from their
// events only, and counts what happens.
globalThis.counts = { inputs: 0, clicks: 0, loads: 0 };
document.addEventListener('input', () => void (counts.inputs += 1));
document.addEventListener('click', () => void (counts.clicks += 1));

const html = `
  <h1>Tasks</h1>
  <form name="task">
    <label>Title <input name="title"></label>
    <label>Password <input name="secret" type="password"></label>
    <label>Text <textarea data-field="text"></textarea></label>
    <label>Kind <select name="kind"><option>Task</option><option>Bug</option></select></label>
    <br><label>Done <input type="checkbox" name="done"></label>
    <label>Low <input type="radio" name="level" value="low" checked></label>
    <label>High <input type="radio" name="level" value="high"></label>
    <label>Prefilled <input name="prefilled" value="${globalThis.prefilled ?? 'old'}"></label>
  </form>
  <div id="note" role="textbox" aria-label="Note" contenteditable="true"></div>
  <h2>By path</h2>
  <div><div><input aria-label=""></div></div>
  <details><summary>More</summary><p>Details</p></details>
  <dialog id="ask"><p>Really?</p></dialog>
  <div id="menu" popover="manual">Menu</div>
  <div id="list" data-style="height: 100px; overflow: auto; width: 200px"><div data-style="height: 2000px"></div></div>
  <shadow-field></shadow-field>
  <div data-style="height: 3000px">Below</div>
`;

customElements.define(
  'shadow-field',
  class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'open' });
      root.innerHTML = '<link rel="stylesheet" href="shadow.css"><label>Inside <input name="inside"></label>';
    }
  },
);

setTimeout(() => {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  // The policy does not allow inline styles, but a script may set them.
  for (const element of parsed.querySelectorAll('[data-style]')) element.style.cssText = element.dataset.style;
  document.getElementById('app').append(...document.adoptNode(parsed.body).childNodes);
  globalThis.ready = true;
}, 300);
