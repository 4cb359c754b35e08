// record.js records what the shim does while it loads, for the tests.
globalThis.record = { streaming: 0, buffered: 0, progress: [], started: 0, failed: [], bars: 0 };
for (const [name, counter] of [
  ['compileStreaming', 'streaming'],
  ['compile', 'buffered'],
]) {
  const original = WebAssembly[name];
  WebAssembly[name] = (...args) => {
    record[counter]++;
    return original.apply(WebAssembly, args);
  };
}
document.addEventListener('forgego:progress', (event) => record.progress.push(event.detail));
document.addEventListener('forgego:started', () => record.started++);
document.addEventListener('forgego:failed', (event) => record.failed.push(event.detail));

// What a program in a worker tells the page.
record.told = 0;
new BroadcastChannel('tell').onmessage = ({ data }) => {
  const at = data.indexOf('=');
  globalThis[data.slice(0, at)] = data.slice(at + 1);
  record.told++;
};
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.nodeName === 'PROGRESS') record.bars++;
  }
}).observe(document, { childList: true, subtree: true });

// A host that returns what it receives, but in a different order.
globalThis.echo = {
  callBridge: (command, { remoteKey, fetchRequestInit: { path, body } }) =>
    new Promise((resolve) => {
      const n = Number(path.slice(1));
      setTimeout(
        () =>
          resolve({ status: 200 + (n % 4), headers: {}, body: remoteKey === 'key' ? path + body : remoteKey + path }),
        (n * 7) % 13,
      );
    }),
};
