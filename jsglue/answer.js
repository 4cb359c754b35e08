// Encodes answers and errors for the program.

// @ts-check

import { answerBody, answerError, answerUndefined, requestApart, requestFetch } from './flags.js';

/** The body is text, or the bytes of a request that the page makes itself. @typedef {{flags: number, payload: string, body: string | Uint8Array}} Answer */

/** Puts {} in the place of a function, so that the program knows that it is there. @param {string} key @param {unknown} value */
const markFunction = (key, value) => (key && typeof value === 'function' ? {} : value);

/**
 * @param {any} answer @param {number} request the flags of the call @param {boolean} [isKept] whether the program can call the
 *   answer's functions
 * @returns {Answer}
 */
export function encodeAnswer(answer, request, isKept) {
  try {
    if (answer instanceof Uint8Array) return { flags: answerBody, payload: '', body: answer };
    let flags = 0;
    let text = '';
    if (!(request & requestFetch)) {
      if (request & requestApart && answer?.payload?.body) {
        // The JSON of an invoke's body is apart, so that the program need not look for its end.
        const { body, ...payload } = answer.payload;
        text = JSON.stringify(body) ?? '';
        answer = { ...answer, payload };
        flags = answerBody;
      }
    } else if (Object(answer) === answer) {
      // Only the members of a Response, without others that the host may have added.
      let { status, statusText, headers, isAttachment, body } = answer;
      if (typeof body === 'string') {
        flags = answerBody;
        text = body;
        body = undefined;
      }
      answer = { status, statusText, headers, isAttachment, body };
    }
    const payload = JSON.stringify(answer, isKept ? markFunction : undefined);
    return { flags: payload === undefined ? answerUndefined : flags, payload: payload ?? '', body: text };
  } catch (error) {
    return encodeError(error); // such as a cycle, or a getter that throws
  }
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
