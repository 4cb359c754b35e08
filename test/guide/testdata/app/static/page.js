// As much of a page as a test in a browser needs: it shows what the host answers.
const item = document.createElement('li');
const { moduleKey } = await globalThis.__bridge.callBridge('getContext');
item.textContent = `Buy milk, on ${moduleKey}`;
document.querySelector('#tasks').append(item);
