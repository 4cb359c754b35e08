// Encodes a form as a browser does. WebKit sends a form with files, but a script cannot read what it would send.

/** @param {string} text */
const withLineBreaks = (text) => text.replace(/\r\n|\r|\n/g, '\r\n');

/** @param {string} text */
const escaped = (text) => text.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');

/**
 * Returns the body, with its type and boundary.
 * Source: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 * @param {FormData} form
 */
export const encodeForm = (form) => {
  const boundary = `----forgego-${crypto.randomUUID()}`;
  /** @type {(string | File)[]} */
  const parts = [];
  for (const [name, value] of form) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(withLineBreaks(name))}"`);
    if (typeof value === 'string') parts.push(`\r\n\r\n${withLineBreaks(value)}\r\n`);
    else {
      const type = value.type || 'application/octet-stream';
      parts.push(`; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value, '\r\n');
    }
  }
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
};
