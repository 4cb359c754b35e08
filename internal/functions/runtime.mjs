// Runs the handlers of an app's functions in Node.js. forgego starts it with the path of the app's bundle, and calls it over
// HTTP. The bundle exports "modules": a function for each file with handlers, which loads it.
//
// What a handler gets, and how Atlassian's packages reach the platform from it, was read from npm's @forge/tunnel 7.1.0,
// @forge/resolver 2.0.1, @forge/api 8.3.0 and @forge/kvs 1.6.5.
import { AsyncLocalStorage } from 'node:async_hooks';
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { inspect } from 'node:util';

/**
 * @typedef {object} Call
 * @property {string} token proves to forgego that a request comes from this call
 * @property {string} label what the terminal calls the function
 * @property {string} module the file, as manifest.yml names it
 * @property {string} name the name of the function in it
 * @property {unknown[]} arguments
 * @property {Record<string, unknown>} runtime what Atlassian's packages read about the call
 * @property {number} milliseconds how long the call may take
 * @property {number} deadline when it ends, by performance.now
 */

// Not in the environment, which the app and its child processes can read.
const { secret, callback } = /** @type {{ secret: string, callback: string }} */ (await json(process.stdin));
// Variables of the app, as forge tunnel reads them.
for (const [name, value] of Object.entries(process.env)) {
  if (name.startsWith('FORGE_USER_VAR_')) process.env[name.slice('FORGE_USER_VAR_'.length)] = value;
}

/** The call in which code runs. @type {AsyncLocalStorage<Call>} */
const calls = new AsyncLocalStorage();

/** An error that is not in the app's code, so its stack says nothing. */
class PlatformError extends Error {
  /** @param {string} message @param {string} name */
  constructor(message, name) {
    super(message);
    this.name = name;
    if (name === 'REQUEST_EGRESS_ALLOWLIST_ERR') this.status = 403;
  }
}

const ownFetch = globalThis.fetch;

/**
 * Asks forgego for the app.
 * @param {unknown} options says what the request is for
 * @param {string} path
 * @param {Request} [request]
 */
const ask = async (options, path, request) => {
  const call = calls.getStore();
  if (!call) {
    throw new PlatformError(
      'This code runs outside of the call of a handler, such as while its file is loaded. There is no user and no site here: call the platform inside the handler.',
      'NO_INVOCATION',
    );
  }
  const body = request ? Buffer.from(await request.arrayBuffer()).toString('base64') : '';
  const response = await ownFetch(callback, {
    method: 'POST',
    headers: { authorization: `Bearer ${call.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      options,
      path,
      method: request?.method,
      headers: request ? [...request.headers] : [],
      body,
    }),
  });
  const answer = await response.json();
  if (answer.error) throw new PlatformError(answer.error.message, answer.error.name);
  return answer;
};

/**
 * What Atlassian's packages call to reach the platform.
 * @param {unknown} options
 * @param {string} path
 * @param {RequestInit} [init]
 */
const forgeFetch = async (options, path, init) => {
  // Request treats the method and the body as fetch does. Its address is not used.
  const request = new Request('http://platform.invalid/', init);
  const { status, statusText, headers, body } = await ask(options, path, request);
  const empty = status === 204 || status === 205 || status === 304;
  return new Response(empty ? null : Buffer.from(body ?? '', 'base64'), { status, statusText, headers });
};

/** The largest number of redirects, as in fetch itself. */
const maxRedirects = 20;

/** What a redirect to another origin does not take along, as in Node's fetch. */
const onlyForOrigin = ['authorization', 'proxy-authorization', 'cookie', 'host'];

/** Returns a response that says that it comes after a redirect. @param {Response} response @returns {Response} */
const asRedirected = (response) => {
  const clone = response.clone.bind(response);
  return Object.defineProperties(response, {
    redirected: { value: true },
    clone: { value: () => asRedirected(clone()) },
  });
};

/**
 * Replaces fetch. Forge's servers refuse addresses that the app has not declared, also those that a redirect leads to.
 * @param {RequestInfo | URL} input
 * @param {RequestInit} [init]
 */
const limitedFetch = async (input, init) => {
  let request = new Request(input, init);
  const follow = request.redirect === 'follow';
  for (let redirects = 0; ; redirects++) {
    await ask({ type: 'egress' }, request.url);
    const again = request.clone();
    const response = await ownFetch(request, follow ? { redirect: 'manual' } : {});
    const location = response.headers.get('location');
    if (!follow || !location || ![301, 302, 303, 307, 308].includes(response.status)) {
      return redirects > 0 ? asRedirected(response) : response;
    }
    if (redirects === maxRedirects) throw new TypeError(`fetch failed: more than ${maxRedirects} redirects`);
    await response.body?.cancel();
    const url = new URL(location, request.url);
    const headers = new Headers(again.headers);
    if (url.origin !== new URL(request.url).origin) for (const name of onlyForOrigin) headers.delete(name);
    const toGet = response.status === 303 ? again.method !== 'HEAD' : response.status < 303 && again.method === 'POST';
    const { method, signal } = again;
    const body = toGet || method === 'GET' || method === 'HEAD' ? undefined : await again.arrayBuffer();
    if (toGet) for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
    request = new Request(url, { method: toGet ? 'GET' : method, headers, body, signal });
  }
};

const measured = { incr() {}, decr() {}, set() {}, stop() {}, measure: () => measured };
const metrics = { counter: () => measured, gauge: () => measured, timing: () => measured };

Object.assign(globalThis, { __forge_tunnel__: true, __forge_fetch__: forgeFetch, fetch: limitedFetch });
Object.defineProperty(globalThis, '__forge_runtime__', {
  get() {
    const call = calls.getStore();
    if (!call) return undefined; // @forge/kvs looks at it while it is loaded.
    const getRemainingTimeInMillis = () => Math.max(0, Math.round(call.deadline - performance.now()));
    return { ...call.runtime, metrics, externalAuth: [], container: {}, lambdaContext: { getRemainingTimeInMillis } };
  },
});

const root = process.cwd() + sep;

/** Parts of places that are not in the app's files: those of Node itself, of this file and of the bundle. */
const foreign = ['(node:', ' node:', 'file:', process.argv[2], 'forgego-functions.js'];

/** The largest size of what is said about an error, in UTF-16 code units: an error must not be as large as a result. */
const maxText = 20_000;

/** @param {string} text */
const shorten = (text) => (text.length > maxText ? `${text.slice(0, maxText)}… (${text.length} characters)` : text);

/** What is said about a thrown value whose own code fails when it is described. */
const unknown = 'a value that cannot be described';

/** Returns what read returns, as a short text. It never throws. @param {() => unknown} read @param {string} [otherwise] */
const textOf = (read, otherwise = unknown) => {
  try {
    return shorten(String(read()));
  } catch {
    return otherwise;
  }
};

/** Returns the error as text, with the places in the app's files only. It never throws. @param {unknown} error */
const describe = (error) => {
  const text = textOf(
    () => inspect(error),
    textOf(() => inspect(error, { customInspect: false })),
  );
  return text
    .split('\n')
    .filter((line) => !/^ +at /.test(line) || !foreign.some((part) => line.includes(part)))
    .join('\n')
    .replaceAll(root, '');
};

/** Returns the name and the message of a thrown value. It never throws. @param {unknown} error */
const nameAndMessage = (error) => {
  try {
    if (error instanceof Error)
      return { name: textOf(() => error.name, 'Error'), message: textOf(() => error.message) };
  } catch {
    // A proxy need not say what it is.
  }
  return { name: 'Error', message: textOf(() => error, describe(error)) };
};

process.on('unhandledRejection', (error) => {
  console.error(`A promise was rejected, and nothing waits for it: ${describe(error)}`);
});

/** @type {Record<string, Record<string, unknown>>} */
const loaded = {};
/** @type {Record<string, unknown>} */
const broken = {};
const { modules } = createRequire(import.meta.url)(process.argv[2]);
for (const [name, load] of Object.entries(modules)) {
  try {
    loaded[name] = await load();
  } catch (error) {
    broken[name] = error;
    console.error(`${name} cannot be loaded: ${describe(error)}`);
  }
}

/** Calls the handler. @param {Call} call */
const run = async (call) => {
  if (call.module in broken) throw broken[call.module];
  const handler = loaded[call.module]?.[call.name];
  if (typeof handler !== 'function') {
    const names = Object.keys(loaded[call.module] ?? {}).join(', ') || 'nothing';
    throw new PlatformError(`it exports no function ${call.name}; it exports ${names}`, 'NO_HANDLER');
  }
  return JSON.stringify({ result: await handler(...call.arguments) });
};

/** @param {Call} call @returns {Promise<string>} */
const answer = async (call) => {
  call.deadline = performance.now() + call.milliseconds;
  try {
    return await calls.run(call, run, call);
  } catch (error) {
    const stack = describe(error);
    console.error(`${call.label} failed: ${stack}`);
    return JSON.stringify({ error: { ...nameAndMessage(error), stack } });
  }
};

const expected = Buffer.from(`Bearer ${secret}`);

/** @param {string | undefined} given */
const isAuthorized = (given = '') => {
  const bytes = Buffer.from(given);
  return secret !== '' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
};

const server = createServer(async (request, response) => {
  if (!isAuthorized(request.headers.authorization)) {
    response.writeHead(403).end('Only forgego may call this program.\n');
    return;
  }
  const input = await text(request);
  // The header tells forgego that the call begins, so it must not be sent to another process.
  response.flushHeaders();
  // A request without a call asks only whether this program still answers.
  response.end(input ? await answer(JSON.parse(input)) : '');
});
// The system chooses the port. So no other program can have it, and forgego must be told.
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const heard = await ownFetch(`${callback}/listening`, {
  method: 'POST',
  headers: { authorization: `Bearer ${secret}` },
  body: JSON.stringify(port),
});
if (!heard.ok) throw new Error(`forgego answered ${heard.status}: ${await heard.text()}`);
