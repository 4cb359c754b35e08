// The product's bridge in the page.

// @ts-check

/** @typedef {(command: string, payload: unknown) => Promise<unknown>} CallBridge */

/** @returns {CallBridge | undefined} */
export const pageBridge = () => /** @type {any} */ (globalThis).__bridge?.callBridge;
