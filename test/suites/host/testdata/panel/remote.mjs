// A remote that does what the request's path says.
import { createServer } from 'node:http';

const origins = process.env.FORGE_ALLOWED_ORIGINS.split(',');
/** The streams that are open. */
const streams = new Set();

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://remote');
  if (pathname !== '/no-cors' && origins.includes(request.headers.origin)) {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin);
    response.setHeader(
      'Access-Control-Allow-Headers',
      pathname === '/no-header' ? 'x-other' : 'authorization, content-type',
    );
    response.setHeader('Access-Control-Allow-Methods', 'PUT');
  }
  if (request.method === 'OPTIONS') {
    response.writeHead(204).end();
  } else if (pathname === '/panic') {
    request.socket.destroy();
  } else if (pathname === '/stream') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: 1\n\n');
    streams.add(response);
  } else if (pathname === '/end-streams') {
    for (const stream of streams) stream.end();
    response.end('ended');
  } else {
    response.writeHead(pathname === '/missing' ? 404 : 200, { 'Content-Type': 'text/plain' });
    response.end('answer');
  }
}).listen(process.env.PORT, '127.0.0.1');
