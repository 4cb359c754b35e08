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

// Those of exported functions. internal/exported has the same.

export const exportBytes = 1;
export const exportNoInput = 2;
export const exportSeq = 4;
export const exportFunctions = 8;

export const replyBytes = 1;
export const replyDone = 2;
export const replySeq = 4;
export const replyError = 8;
export const replyCall = 16;

export const tellRoom = 0;
export const tellCall = 1;
export const tellStop = 2;
export const tellNext = 3;
export const tellResult = 4;
export const tellError = 5;
