// Sends requests from the app's page, one after another, by each way: it adds tasks over the whole day and reads the list
// meanwhile. An add that fails is sent again with the same key until it succeeds, as a person would press the button again.
globalThis.day ??= (() => {
  const state = { made: 0, failed: 0, added: [], ways: {}, errors: {}, running: true };
  const { callBridge } = globalThis.__bridge;
  const remoteKey = 'tasks-api';
  const pause = 100;

  /** Answers after this long count as failures, in milliseconds. A person would not wait longer. */
  const limit = 30_000;

  let token;
  const direct = async (path, method, headers, body) => {
    for (let attempt = 1; ; attempt += 1) {
      if (!token || Date.now() > Number(token.expiresAt) - 500) {
        token = await callBridge('signInvocationTokenForUI', { remoteKey });
      }
      const { jwt, baseUrl } = token;
      const response = await fetch(baseUrl + path, {
        method,
        headers: { ...headers, authorization: `Bearer ${jwt}` },
        body,
      });
      if (response.status !== 401 || attempt > 1) return response.status;
      token = undefined;
    }
  };

  /** The ways. Each returns the status. */
  const ways = {
    async requestRemote(path, method, headers, body) {
      const init = { path, method, headers: Object.entries(headers), body: body ?? null };
      return (await callBridge('fetchRemote', { remoteKey, fetchRequestInit: init, isMultipartFormData: false }))
        .status;
    },
    async invokeRemote(path, method, headers, body) {
      const answer = await callBridge('invoke', {
        path,
        method,
        headers,
        body: body === undefined ? undefined : JSON.parse(body),
        invokeType: 'ui-remote-fetch',
      });
      return answer.payload.status;
    },
    direct,
  };

  const attempt = async (way, ...request) => {
    state.made += 1;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(reject, limit, new Error('no answer in 30 s'));
    });
    try {
      const status = await Promise.race([ways[way](...request), late]);
      if (status < 200 || status > 299) throw new Error(`status ${status}`);
      state.ways[way] = performance.now();
      return true;
    } catch (error) {
      state.failed += 1;
      const text = `${way}: ${error.message}`;
      state.errors[text] = (state.errors[text] ?? 0) + 1;
      return false;
    } finally {
      clearTimeout(timer);
    }
  };

  const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

  /** How many tasks are due by now: they are spread over the day. */
  const due = () => state.tasks * Math.min(1, (performance.now() - state.began) / state.length);

  const run = async (way) => {
    for (let i = 0; state.running; i += 1) {
      if (state.added.length >= due()) {
        await attempt(way, '/tasks', 'GET', {}, undefined);
      } else {
        const name = `${way} ${i}`;
        const headers = { 'content-type': 'application/json', 'idempotency-key': `day-${way}-${i}` };
        // Goes on after the day's end, because nobody knows what became of a request that failed.
        while (!(await attempt(way, '/tasks', 'POST', headers, JSON.stringify({ name })))) await sleep(pause);
        state.added.push(name);
      }
      await sleep(pause);
    }
  };
  /** Starts. Adds that many tasks within length milliseconds, and reads the list meanwhile and afterwards. */
  state.start = (tasks, length) => {
    Object.assign(state, { tasks, length, began: performance.now() });
    state.ended = Promise.all(Object.keys(ways).map(run));
  };
  return state;
})();
