// Finds the place of a mistake in a line of source code.

const encoder = new TextEncoder();

/**
 * Splits a line at a column, so that the part with the mistake can be marked: the word at the column, or one character.
 * @param {string} source
 * @param {number} column counts bytes from 1, as Go's tools do; 0 means unknown
 * @returns {[before: string, marked: string, after: string]}
 */
export const splitAt = (source, column) => {
  if (column <= 0) return [source, '', ''];
  let bytes = 0;
  let index = 0;
  for (const character of source) {
    if (bytes >= column - 1) break;
    bytes += encoder.encode(character).length;
    index += character.length;
  }
  const rest = source.slice(index);
  // After the end of the line a space is marked.
  const marked = /^[\p{L}\p{N}_$]+/u.exec(rest)?.[0] ?? ([...rest][0] || ' ');
  return [source.slice(0, index), marked, rest.slice(marked.length)];
};
