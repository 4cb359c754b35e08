// atlassian.mjs reads a list of folders as JSON from standard input, each with a manifest.yml. It prints what Atlassian's
// published checks find in each of them: the manifest linters of @forge/lint, which run the checks of @forge/manifest.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../atlassian/package.json', import.meta.url));

// Each linter compiles the same schema, which takes seconds. One compilation is enough.
const { default: Ajv } = createRequire(require.resolve('@forge/manifest'))('ajv');
const compile = Ajv.prototype.compile;
const compiled = new Map();
Ajv.prototype.compile = function (schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, compile.call(this, schema));
  return compiled.get(key);
};

const linters = '@forge/lint/out/lint/linters/manifest-linter/';
const logger = { info() {}, warn() {}, error() {}, debug() {}, trace() {} };
const statsig = { getDeprecatedRuntimes: async () => [] };

const all = [
  ['full-manifest-linter', 'FullManifestLinter'],
  ['permissions-manifest-linter', 'PermissionsManifestLinter'],
  ['deprecated-csp-permissions-manifest-linter', 'DeprecatedCspPermissionsManifestLinter'],
  ['deprecated-egress-permissions-manifest-linter', 'DeprecatedEgressPermissionsManifestLinter'],
  ['agent-product-context-permissions-manifest-linter', 'AgentProductContextPermissionsManifestLinter'],
].map(([file, name]) => new (require(linters + file)[name])(logger, statsig));
for (const linter of all) await linter.bootstrap();

const answers = [];
for (const folder of JSON.parse(readFileSync(0, 'utf8'))) {
  process.chdir(folder);
  const found = [];
  for (const linter of all) {
    try {
      for (const result of await linter.batchExecuteImpl([])) {
        found.push(...[...result.errors, ...result.warnings, ...(result.approvals ?? [])]);
      }
    } catch (error) {
      // The linter itself fails, such as when a value is null. forge lint then reports nothing.
      found.push({ class: 'crash', message: String(error.message), line: 0 });
    }
  }
  answers.push(found.map((f) => ({ level: f.class, message: f.message, line: f.line })));
}
console.log(JSON.stringify(answers));
