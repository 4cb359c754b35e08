// keys.mjs runs the Worker of the folder build as Cloudflare does. A server on this machine, at the address keys, provides
// the key set in place of Atlassian. The script reads {build, keys, vars, tokens} from standard input and sends a request
// with each token to a path that does not exist. It prints {statuses, asked}: the status of each answer, and the addresses
// that the Worker requested.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
// miniflare is a dependency of wrangler, so it is resolved from wrangler's folder.
const { Miniflare, Response } = createRequire(require.resolve('wrangler/package.json'))('miniflare');

const { build, keys, vars, tokens } = JSON.parse(readFileSync(0, 'utf8'));
const asked = [];
const worker = new Miniflare({
  modulesRoot: build,
  modules: [
    { type: 'ESModule', path: join(build, 'worker.mjs') },
    { type: 'ESModule', path: join(build, 'runtime.mjs') },
    { type: 'ESModule', path: join(build, 'wasm_exec.js') },
    { type: 'CompiledWasm', path: join(build, 'app.wasm') },
  ],
  compatibilityDate: '2026-03-01',
  bindings: vars,
  d1Databases: ['DB'],
  cf: false,
  async outboundService(request) {
    asked.push(request.url);
    const response = await fetch(keys);
    return new Response(await response.text(), { status: response.status });
  },
});
const statuses = [];
try {
  for (const token of tokens) {
    const response = await worker.dispatchFetch('http://worker/nothing', {
      headers: { authorization: `Bearer ${token}` },
    });
    await response.text();
    statuses.push(response.status);
  }
} finally {
  await worker.dispose();
}
console.log(JSON.stringify({ statuses, asked }));
