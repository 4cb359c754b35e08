// boot-host.js is the platform's bridge: the first script of every page. It answers after ?latency= milliseconds. It
// records when the first call came and when the answer was on the screen, in milliseconds from the navigation.

// @ts-check
(() => {
  'use strict';

  const page = /** @type {any} */ (globalThis);
  const latency = Number(new URLSearchParams(location.search).get('latency'));
  const text = 'Write the report';

  /** @type {{first?: number, screen?: number}} */
  const marks = {};
  /** @type {(marks: {first?: number, screen?: number}) => void} */
  let finish;
  page.bootMarks = new Promise((resolve) => {
    finish = resolve;
  });

  page.__bridge = {
    callBridge() {
      marks.first ??= performance.now();
      const answer = { body: text, headers: { 'content-type': 'text/plain' }, status: 200, statusText: 'OK' };
      if (latency === 0) return Promise.resolve(answer);
      return new Promise((resolve) => setTimeout(() => resolve(answer), latency));
    },
  };

  // The empty program reports on the console that it runs.
  const log = console.log;
  console.log = (/** @type {unknown[]} */ ...words) => {
    if (words[0] !== 'main') return log(...words);
    marks.first = performance.now();
    finish(marks);
  };

  new MutationObserver((_, observer) => {
    if (document.getElementById('app')?.textContent !== text) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      // A message arrives after the current frame is drawn.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        marks.screen = performance.now();
        finish(marks);
      };
      port2.postMessage(0);
    });
  }).observe(document, { childList: true, subtree: true });
})();
