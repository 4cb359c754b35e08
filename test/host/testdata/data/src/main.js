// Gives the test Atlassian's client, and what a caller gets from it in a form that can leave the page.
import * as bridge from '@forge/bridge';

/** @param {Response} response */
const seen = async (response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  body: btoa(Array.from(new Uint8Array(await response.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('')),
});

/** @param {unknown} error */
const told = (error) => ({ error: error instanceof Error ? error.message : String(error) });

Object.assign(globalThis, { bridge, seen, told });
