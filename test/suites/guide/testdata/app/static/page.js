// The smallest page for a test in a browser: it shows what the host answers.
const item = document.createElement('li');
const { moduleKey } = await globalThis.__bridge.callBridge('getContext');
item.textContent = `Buy milk, on ${moduleKey}`;
document.querySelector('#tasks').append(item);
