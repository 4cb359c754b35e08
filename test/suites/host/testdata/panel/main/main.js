// The app makes the requests that the test asks for.
const { callBridge } = globalThis.__bridge;

/** Calls a remote over the bridge. Returns the error's message, or the answer's body. */
globalThis.requestRemote = (remoteKey, path, init) =>
  callBridge('fetchRemote', { remoteKey, fetchRequestInit: { path, ...init } }).then(
    ({ body }) => body,
    (error) => `${error.name}: ${error.message}${error.detail ?? ''}`,
  );

/** Calls a remote directly. Returns the answer's body, or "failed". */
globalThis.requestDirectly = async (path) => {
  const { baseUrl } = await callBridge('signInvocationTokenForUI', { remoteKey: 'api' });
  try {
    return await (await fetch(baseUrl + path)).text();
  } catch {
    return 'failed';
  }
};

globalThis.ready = true;
