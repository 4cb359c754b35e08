// Explains what the page's policy has blocked, and what to add to manifest.yml. devhost/internal/policy computes the policy.
// Source: https://developer.atlassian.com/platform/forge/manifest-reference/permissions/

/** The lists of permissions.external by directive. */
const lists = new Map([
  ['font-src', 'fonts'],
  ['frame-src', 'frames'],
  ['img-src', 'images'],
  ['media-src', 'media'],
  ['script-src', 'scripts'],
  ['style-src', 'styles'],
]);

/** @param {...string} lines */
const yaml = (...lines) => lines.map((line, depth) => '  '.repeat(depth) + line).join('\n');

/** @param {string} hostname */
const isLocal = (hostname) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

/**
 * Returns the lines of manifest.yml that allow what was blocked, or "" if no line does.
 * @param {string} directive such as "img-src" or "script-src-elem"
 * @param {string} blocked an address, or a word such as "inline"
 */
export const manifestLines = (directive, blocked) => {
  const kind = directive.replace(/-(elem|attr)$/, '');
  // A worker follows script-src, because the policy has no worker-src.
  const list = lists.get(kind === 'worker-src' ? 'script-src' : kind);
  if (blocked === 'inline' && (list === 'scripts' || list === 'styles'))
    return yaml('permissions:', 'content:', `${list}:`, '- unsafe-inline');
  if ((blocked === 'eval' || blocked === 'wasm-eval') && list === 'scripts')
    return yaml('permissions:', 'content:', 'scripts:', '- unsafe-eval');
  if (blocked.startsWith('blob') && list === 'scripts')
    return yaml('permissions:', 'content:', 'scripts:', "- 'blob:'");
  const url = URL.canParse(blocked) ? new URL(blocked) : undefined;
  if (!url || !/^(https?|wss?):$/.test(url.protocol)) return '';
  if (kind === 'connect-src') {
    // On this machine it is one of the app's remotes. Forge accepts no address of it.
    return yaml(
      'permissions:',
      'external:',
      'fetch:',
      'client:',
      isLocal(url.hostname) ? '- remote: KEY  # of the remote that runs there' : `- address: '${url.origin}'`,
    );
  }
  return list && !isLocal(url.hostname) ? yaml('permissions:', 'external:', `${list}:`, `- '${url.origin}'`) : '';
};

/**
 * Returns the text for a violation.
 * @param {{effectiveDirective: string, blockedURI: string, sourceFile?: string, lineNumber?: number, columnNumber?: number}} event
 */
export const describeViolation = ({ effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber }) => {
  // A query may hold a token.
  const blocked = blockedURI.replace(/[?#].*$/s, '');
  const at = sourceFile ? `\nat ${sourceFile.replace(/[?#].*$/s, '')}:${lineNumber}:${columnNumber}` : '';
  const lines = manifestLines(effectiveDirective, blocked);
  return `The policy's directive ${effectiveDirective} blocks ${blocked || 'it'}.${at}${lines && `\nTo allow it, add this to manifest.yml:\n${lines}`}`;
};
