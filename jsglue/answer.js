// Encodes answers and errors for the program.

// @ts-check

export const answerError = 1;
export const answerUndefined = 2;
export const answerBody = 4;
export const answerCallback = 8;

/** The body is text, or the bytes of a request that the page makes itself. @typedef {{flags: number, payload: string, body: string | Uint8Array}} Answer */

/** Puts {} in the place of a function, so that the program knows that it is there. @param {string} key @param {unknown} value */
const markFunction = (key, value) => (key && typeof value === 'function' ? {} : value);

/**
 * @param {unknown} answer @param {number} fetch not 0 if it answers a request @param {boolean} [isKept] whether the program can
 *   call the answer's functions
 * @returns {Answer}
 */
export function encodeAnswer(answer, fetch, isKept) {
  let flags = 0;
  let text = '';
  if (fetch && typeof answer === 'object' && answer !== null) {
    // Only the members of a Response, without others that the host may have added.
    let { status, statusText, headers, isAttachment, body } = /** @type {Record<string, unknown>} */ (answer);
    if (typeof body === 'string') {
      flags = answerBody;
      text = body;
      body = undefined;
    }
    answer = { status, statusText, headers, isAttachment, body };
  }
  const payload = isKept ? JSON.stringify(answer, markFunction) : JSON.stringify(answer);
  return { flags: payload === undefined ? answerUndefined : flags, payload: payload ?? '', body: text };
}

/** @param {any} error the reason of a rejected promise: an Error, or any other value @returns {Answer} */
export const encodeError = (error) => ({ flags: answerError, payload: JSON.stringify(errorFields(error)), body: '' });

/** Encodes a function's arguments as JSON. Without special treatment, an Error would become an empty object. @param {unknown[]} args */
export const encodeArguments = (args) =>
  JSON.stringify(args, (_, value) => (value instanceof Error ? errorFields(value) : value));

/** @param {any} error @returns {Record<string, string>} */
function errorFields(error) {
  /** @type {Record<string, string>} */
  const fields = {};
  try {
    for (const field of ['name', 'message', 'code']) {
      if (error?.[field] !== undefined) fields[field] = String(error[field]);
    }
    fields.message ??= String(error);
  } catch {
    fields.message = "the host's error cannot be read"; // a getter or toString that throws
  }
  return fields;
}
