// stub.js is a host for the cases that need a host that misbehaves, or a fast one. The key of the remote selects what it
// does.
(() => {
  'use strict';

  /** The answers that the calls of "held" wait for. */
  const held = [];

  globalThis.failures = [];
  document.addEventListener('forgego:failed', ({ detail }) => failures.push(detail));

  globalThis.__bridge = {
    callBridge(command, payload) {
      if (command === 'subscribe') {
        for (let i = 0; i < 3; i++) setTimeout(() => payload.callback(i, 'text'));
        return Promise.resolve({
          unsubscribe() {
            globalThis.unsubscribed = true;
          },
        });
      }
      if (command === 'fetchUserRecommendations') return Promise.resolve(nested(Number(payload.query)));
      if (command === 'invoke') return Promise.resolve({ got: payload.payload });
      const {
        remoteKey,
        fetchRequestInit: { body },
      } = payload;
      switch (remoteKey) {
        case 'echo':
          return Promise.resolve({ status: 200, statusText: 'OK', headers: { 'content-type': 'text/plain' }, body });
        case 'later':
          return new Promise((resolve) =>
            setTimeout(() => resolve({ status: 200, headers: {}, body }), Number(body) % 7),
          );
        case 'held':
          return new Promise((resolve) => held.push(() => resolve({ status: 200, headers: {}, body })));
        case 'let go':
          for (const answer of held.splice(0)) answer();
          return Promise.resolve({ status: 200, headers: {}, body: '' });
        case 'deep':
          return Promise.resolve({ status: 200, headers: {}, isAttachment: nested(Number(body)), body: '' });
        case 'throws':
          throw Object.assign(new RangeError('too far'), { code: 'E_FAR' });
        case 'rejects':
          return Promise.reject('just text');
        case 'unreadable':
          return Promise.reject({
            get message() {
              throw new Error('no');
            },
          });
        case 'cycle': {
          const answer = { status: 200, headers: {} };
          answer.headers.self = answer;
          return Promise.resolve(answer);
        }
      }
      return Promise.reject(new Error('no such remote'));
    },
  };

  /** Returns nested arrays. @param {number} depth */
  function nested(depth) {
    let value = [];
    for (let i = 1; i < depth; i++) value = [value];
    return value;
  }
})();
