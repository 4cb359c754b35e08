// atlassian.mjs runs the server of Atlassian's forge tunnel for one resource. Its arguments are the manifest as JSON and the
// resource's key. It prints its address, and ends when its standard input does.
import { createServer } from 'node:net';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../atlassian/package.json', import.meta.url));
const { CustomUITunnelServer } = require('@forge/tunnel/out/servers/custom-ui-tunnel-server.js');

const manifest = JSON.parse(process.argv[2]);
const resource = manifest.resources.find(({ key }) => key === process.argv[3]);

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const print = (level) => (text) => console.error(`forge tunnel: ${level}: ${text?.message ?? text}`);
const server = new CustomUITunnelServer({
  host: 'localhost',
  port: await freePort(),
  key: resource.key,
  path: resource.path,
  tunnel: resource.tunnel,
  permissions: manifest.permissions,
  remotes: manifest.remotes,
  cspReporterServerPort: await freePort(),
  logger: { trace() {}, debug() {}, info() {}, warn: print('warning'), error: print('error') },
});
const { tunnelUrl } = await server.start();
console.log(`ready: ${tunnelUrl}`);
process.stdin.on('end', () => process.exit(0)).resume();
