// The page's bridge, which the product puts there.

// @ts-check

/** @typedef {(command: string, payload: unknown) => Promise<unknown>} CallBridge */

/** @returns {CallBridge | undefined} */
export const pageBridge = () => /** @type {any} */ (globalThis).__bridge?.callBridge;
