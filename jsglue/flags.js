// The flags of calls and answers. bridge/host_js.go has the same.

// @ts-check

export const requestFetch = 1;
export const requestBody = 2;
export const requestLocal = 4;
export const requestFunctions = 8;
export const requestApart = 16;

export const answerError = 1;
export const answerUndefined = 2;
export const answerBody = 4;
export const answerCallback = 8;
export const answerLong = 16;
