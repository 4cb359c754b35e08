// Exports Atlassian's client to the test, with results in a form that can be sent out of the page.
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
