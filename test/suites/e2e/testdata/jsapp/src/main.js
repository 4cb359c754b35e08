// The whole app: Atlassian's own client, with results in a form that can be sent out of the page.
import * as bridge from '@forge/bridge';

/** @param {unknown} error */
const told = (error) => ({
  error: error instanceof Error ? `${error.name}: ${error.message}` : `not an Error: ${error}`,
});

/**
 * @param {string} remoteKey
 * @param {RequestInit & {path: string}} [options]
 */
const request = async (remoteKey, options) => {
  try {
    const response = await bridge.requestRemote(remoteKey, options);
    const { status, statusText, url, redirected } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const body = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    return { status, statusText, url, redirected, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    return told(error);
  }
};

/** @param {Parameters<typeof bridge.invokeRemote>[0]} input */
const invocation = (input) => bridge.invokeRemote(input).catch(told);

Object.assign(globalThis, {
  app: { ...bridge, invocation, request },
});
