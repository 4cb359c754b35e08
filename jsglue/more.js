// What the ES module loads only when it needs it.

// @ts-check

export * from './early.js';
export * from './indicator.js';
export * from './request.js';
export * from './trouble.js';
