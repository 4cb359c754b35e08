// Starts Vite in the current folder and prints its address.
import { createServer } from 'vite';

const server = await createServer({ cacheDir: '.vite', clearScreen: false, server: { host: '127.0.0.1', port: 0 } });
await server.listen();
console.log('ready: ' + server.resolvedUrls.local[0]);
const stop = () => server.close().then(() => process.exit(0));
process.on('SIGINT', stop);
process.stdin.on('end', stop).resume();
