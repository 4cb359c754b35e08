// Writes what @forge/egress decides, for TestFilterIsOfficial: one line for each list of allowed addresses, with a digit
// for each address of urls.
//
//   node testdata/egress.mjs > testdata/egress.json    (from bridge/permissions)
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../test/package.json', import.meta.url));
const { EgressFilteringService } = require('@forge/egress');

const lists = [
  [],
  ['*'],
  ['*', 'https://%'],
  ['https://api.example.com'],
  ['https://api.example.com/'],
  ['api.example.com'],
  ['http://api.example.com'],
  ['ws://api.example.com'],
  ['wss://api.example.com'],
  ['HTTPS://api.example.com'],
  ['https://API.example.com'],
  ['https://api.example.com:8443'],
  ['api.example.com:8443'],
  ['https://api.example.com/v1'],
  ['https://api.example.com/v1/'],
  ['https://api.example.com/v1/*'],
  ['https://api.example.com?q=1'],
  ['https://api.example.com#f'],
  ['https://api.example.com\\v1'],
  ['//api.example.com'],
  ['https:api.example.com'],
  ['https:///api.example.com'],
  ['https:\\\\api.example.com'],
  ['*.example.com'],
  ['*example.com'],
  ['*.example.com/v1/'],
  ['*.com'],
  ['https://*.example.com'],
  ['http://*.example.com'],
  ['https://*.example.com/v1/'],
  ['https://*.example.com:8443'],
  ['*.example.com:8443'],
  ['https://%2A.example.com'],
  ['https://%2a.ex%61mple.com'],
  ['%2A.example.com'],
  ['*.ex%61mple.com'],
  ['https://api.*.com'],
  ['https://*.*.com'],
  ['https://**.example.com'],
  ['https://*api*.com'],
  ['https://*(.+)?^$[a]{2}|x.com'],
  ['https://*.münchen.example'],
  ['https://münchen.example'],
  ['https://*'],
  ['*:'],
  ['https://'],
  [''],
  ['/'],
  [':'],
  ['::'],
  ['\nhttps://api.example.com'],
  ['https://*\n.example.com'],
  ['https://*\u2028'],
  ['data:'],
  ['blob:'],
  ['tasks-api'],
  ['https://a.example', 'https://api.example.com/v1/', '*.wild.example'],
  ['https://*.example.com', 'https://api.example.com/v1'],
];
const urls = [
  'https://api.example.com', 'https://api.example.com/', 'https://api.example.com/v1', 'https://api.example.com/v1/',
  'https://api.example.com/v1/a', 'https://api.example.com/v1/*', 'https://api.example.com/V1/', 'https://api.example.com/v10',
  'https://api.example.com?q=1', 'https://api.example.com/v1?q=/v2/', 'https://api.example.com#/v1', 'https://api.example.com/v1/../v2',
  'https://api.example.com:8443', 'https://api.example.com:443/', 'https://api.example.com.', 'https://user@api.example.com',
  'https://api.example.com@evil.example', 'https://evil.example/api.example.com', 'https://api.example.com.evil.example',
  'https://evilexample.com', 'https://example.com', 'https://a.b.example.com/v1/x', 'https://.example.com', 'https://*.example.com',
  'https://x.example.com:8443', 'https://API.EXAMPLE.COM', 'HTTPS://api.example.com', 'http://api.example.com', 'http://api.example.com/v1/',
  'ws://api.example.com', 'wss://api.example.com', 'ftp://api.example.com', 'api.example.com', 'api.example.com/v1/', 'api.example.com:8443',
  '//api.example.com', '/api.example.com', '///api.example.com', '\\\\api.example.com', 'https:\\\\api.example.com', 'https:api.example.com',
  'https:////\\/api.example.com', 'https://\\api.example.com', 'https://api.example.com\\v1', 'https://api.foo.com', 'https://api.foo.bar.com', 'https://myapi2.com',
  'https://a.münchen.example', 'https://münchen.example', 'https://a.wild.example/x', 'https://wild.example', 'https://a.example/b',
  'https://1(.+)?^$[a]{2}|x.com', 'https://aa.com', 'https://', 'https:', '', '/', '?', '#', ':', '::', '*', 'data:text/plain,a', 'blob:https://api.example.com/1',
  'https://a\n.example.com', '\nhttps://api.example.com', 'https://a\u2028.example.com', 'https://a\u2028', 'https://\u2028', 'https://*\n.example.com',
  'tasks-api', 'https://tasks-api/x', 'https://%2A.example.com', 'https://*.ex%61mple.com', 'https://example.com.', 'https://🎉.example.com/v1/',
];
const digits = (decide) => urls.map((url) => (decide(url) ? '1' : '0')).join('');
const lines = lists.map((allowed) => {
  try {
    const filter = new EgressFilteringService(allowed);
    return { allowed, backend: digits((url) => filter.isValidUrl(url)), client: digits((url) => filter.isValidUrlCSP(url)) };
  } catch {
    return { allowed, throws: true };
  }
});
const list = (values) => values.map((value) => JSON.stringify(value)).join(',\n');
process.stdout.write(`{"urls":[\n${list(urls)}\n],\n"lists":[\n${list(lines)}\n]}\n`);
