import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeViolation, manifestLines } from '../app/violation.js';

/** Returns lines of YAML, each one deeper than the one before. */
const nested = (...lines) => lines.map((line, depth) => '  '.repeat(depth) + line).join('\n');
const external = (...lines) => nested('permissions:', 'external:', ...lines);
const content = (...lines) => nested('permissions:', 'content:', ...lines);

test('manifestLines', async (t) => {
  const url = 'https://a.example.com/b/c.png';
  for (const [directive, blocked, want] of /** @type {any[][]} */ ([
    ['img-src', url, external('images:', "- 'https://a.example.com'")],
    ['font-src', url, external('fonts:', "- 'https://a.example.com'")],
    ['frame-src', url, external('frames:', "- 'https://a.example.com'")],
    ['media-src', url, external('media:', "- 'https://a.example.com'")],
    ['script-src-elem', url, external('scripts:', "- 'https://a.example.com'")],
    ['style-src-elem', url, external('styles:', "- 'https://a.example.com'")],
    ['connect-src', url, external('fetch:', 'client:', "- address: 'https://a.example.com'")],
    [
      'connect-src',
      'wss://a.example.com:8443/x',
      external('fetch:', 'client:', "- address: 'wss://a.example.com:8443'"),
    ],
    [
      'connect-src',
      'http://127.0.0.1:8080/x',
      external('fetch:', 'client:', '- remote: KEY  # of the remote that runs there'),
    ],
    ['img-src', 'http://127.0.0.1:8080/x', ''],
    ['script-src-elem', 'inline', content('scripts:', '- unsafe-inline')],
    ['script-src-attr', 'inline', content('scripts:', '- unsafe-inline')],
    ['style-src-attr', 'inline', content('styles:', '- unsafe-inline')],
    ['script-src', 'eval', content('scripts:', '- unsafe-eval')],
    ['script-src', 'wasm-eval', content('scripts:', '- unsafe-eval')],
    ['worker-src', 'blob', content('scripts:', "- 'blob:'")],
    ['img-src', 'inline', ''],
    ['font-src', 'data', ''],
    ['form-action', url, ''],
    ['frame-ancestors', url, ''],
  ])) {
    await t.test(`${directive} ${blocked}`, () => assert.equal(manifestLines(directive, blocked), want));
  }
});

test('describeViolation', async (t) => {
  for (const [name, event, want] of /** @type {any[][]} */ ([
    [
      'leaves out the queries',
      {
        effectiveDirective: 'form-action',
        blockedURI: 'https://a.example.com/x?token=1#y',
        sourceFile: 'http://127.0.0.1:1/main/app.js?v=1',
        lineNumber: 3,
        columnNumber: 7,
      },
      "The policy's directive form-action blocks https://a.example.com/x.\nat http://127.0.0.1:1/main/app.js:3:7",
    ],
    [
      'says what to add',
      { effectiveDirective: 'script-src', blockedURI: 'eval' },
      `The policy's directive script-src blocks eval.\nTo allow it, add this to manifest.yml:\n${content('scripts:', '- unsafe-eval')}`,
    ],
  ])) {
    await t.test(name, () => assert.equal(describeViolation(event), want));
  }
});
