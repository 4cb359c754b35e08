import { isRecord } from '../wire.js';

/** An error of the local host. The code is stable. The detail is for the developer only. */
export class HostError extends Error {
  /**
   * @param {string} message
   * @param {string} code
   * @param {string} [detail]
   */
  constructor(message, code, detail = '') {
    super(message);
    this.name = 'Error';
    this.code = code;
    /** The app does not see this: the bridge sends only name, message, code and stack. */
    this.detail = detail;
  }
}

/**
 * Returns the error that an answer of the server describes.
 * @param {unknown} error
 */
export const hostError = (error) => {
  const { message, code, detail } = isRecord(error) ? error : {};
  return new HostError(
    String(message ?? 'An unexpected error happened'),
    String(code ?? 'INTERNAL'),
    String(detail ?? ''),
  );
};
