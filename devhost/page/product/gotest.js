// The text of a Go test that repeats a recorded call with package bridgetest. The result is formatted as gofmt does.
import { isRecord } from '../wire.js';

/**
 * A finished call. Its values are those of JSON, without tokens.
 * @typedef {object} Recorded
 * @property {string} command
 * @property {unknown} payload
 * @property {string} [remote] the key of the remote or service that the call went to
 * @property {unknown} [answer]
 * @property {{name: string, message: string, code?: unknown}} [error] why the call failed
 */

const bridge = 'github.com/forgego/forgego/bridge';

/** In UTF-16 units. A test with a longer text is not readable. */
const maxText = 32 * 1024;

/** Characters that an interpreted string needs. A raw string cannot hold them, or not visibly. */
const needsEscape =
  /[`\r\0-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Returns a string as Go writes it. @param {string} text */
const quote = (text) =>
  JSON.stringify(text)
    .replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd') // A half of a character, which Go cannot hold.
    .replace(/[\x7f\u200b-\u200f\u2028-\u202f\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Returns a string literal. @param {string} text */
const literal = (text) => (/["\\\n]/.test(text) && !needsEscape.test(text) ? `\`${text}\`` : quote(text));

/** Returns a string literal for bytes. @param {string} base64 */
const bytesLiteral = (base64) =>
  `"${[...atob(base64)].map((c) => (/[ !#-[\]-~]/.test(c) ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)).join('')}"`;

/** Makes a part of a name of words. @param {string} text */
const words = (text) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

/** The name of a header field as Go writes it. @param {string} name */
const canonical = (name) => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

/** A test that is written from the top to the bottom. */
class Test {
  /** @type {Set<string>} */
  #imports = new Set(['testing', `${bridge}/bridgetest`]);
  /** @type {string[]} */
  #lines = [];
  #name;

  /** @param {string} name */
  constructor(name) {
    this.#name = `Test${words(name).slice(0, 60)}`;
  }

  /** Adds lines, and the packages that they use. @param {string} text @param {string[]} imports */
  add(text, ...imports) {
    for (const name of imports) this.#imports.add(name);
    this.#lines.push(text);
  }

  toString() {
    const all = [...this.#imports].sort();
    const group = (/** @type {boolean} */ isOurs) =>
      all
        .filter((name) => name.includes('.') === isOurs)
        .map((name) => `\t"${name}"\n`)
        .join('');
    return `package app

import (
${group(false)}
${group(true)})

// ${this.#name} repeats a call that the local host of forgego has recorded. Let it call your own code instead.
func ${this.#name}(t *testing.T) {
${this.#lines.join('\n').replace(/^(?=.)/gm, '\t')}
}
`;
  }
}

/**
 * Adds lines that define a constant. They must not be indented if the text has several lines, so Test.toString must not
 * see them: literal() has no line break then.
 * @param {Test} test
 * @param {string} name
 * @param {string} text
 */
const define = (test, name, text) => test.add(`const ${name} = ${text.includes('\n') ? quote(text) : literal(text)}`);

/** Adds the context in which the functions of package bridge use the host. @param {Test} test */
const addContext = (test) => test.add('ctx := bridge.NewContext(t.Context(), host.Client())\n', bridge);

/** Adds the check that there is no error. @param {Test} test */
const checkError = (test) => test.add('if err != nil {\n\tt.Fatal(err)\n}');

/**
 * Adds the check that two JSON values are equal.
 * @param {Test} test
 * @param {string} read the Go expression that reads the first one into got and returns an error
 */
const checkJSON = (test, read) =>
  test.add(
    `var got, want any
if err := errors.Join(${read}, json.Unmarshal([]byte(answer), &want)); err != nil {
	t.Fatal(err)
}
if !reflect.DeepEqual(got, want) {
	t.Errorf("got %v, want %v", got, want)
}`,
    'encoding/json',
    'errors',
    'reflect',
  );

/**
 * Adds a script of the host that answers a command or a function.
 * @param {Test} test
 * @param {'On' | 'OnFunction'} method
 * @param {string} name
 * @param {Recorded} recorded
 */
const addScript = (test, method, name, { answer, error }) => {
  let result = 'json.RawMessage(answer), nil';
  if (error) {
    const code = error.code === undefined ? '' : `, Code: ${quote(String(error.code))}`;
    result = `nil, &bridge.HostError{Name: ${quote(error.name)}, Message: ${quote(error.message)}${code}}`;
    test.add(`host := bridgetest.NewHost(t)`, bridge);
  } else if (answer === undefined) {
    result = 'nil, nil';
    test.add('host := bridgetest.NewHost(t)');
  } else {
    define(test, 'answer', JSON.stringify(answer));
    test.add('host := bridgetest.NewHost(t)');
  }
  test.add(
    `host.${method}(${quote(name)}, func(context.Context, json.RawMessage) (any, error) {\n\treturn ${result}\n})`,
    'context',
    'encoding/json',
  );
};

/**
 * Adds the check of a call that has failed.
 * @param {Test} test
 * @param {{message: string}} error
 */
const checkFailure = (test, { message }) =>
  test.add(
    `if want := ${quote(message)}; err == nil || !strings.Contains(err.Error(), want) {\n\tt.Errorf("got %v, want an error with %q", err, want)\n}`,
    'strings',
  );

/** Returns the header fields as pairs, without hidden ones. @param {unknown} headers @returns {[string, string][]} */
const pairs = (headers) => {
  const all = Array.isArray(headers) ? headers : isRecord(headers) ? Object.entries(headers) : [];
  return all
    .filter((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && pair[1] !== '[hidden]')
    .map(([name, value]) => [canonical(name), String(value)]);
};

/**
 * A request as package bridge has it.
 * @typedef {object} Sent
 * @property {string} method
 * @property {string} path
 * @property {[string, string][]} headers
 * @property {string | undefined} body
 * @property {boolean} [isJSON] whether the body must be JSON
 */

/** Returns the Go expression for a request. @param {Sent} sent */
const requestOf = ({ method, path, headers, body, isJSON }) => {
  const lines = [`Method: ${quote(method)},`, `Path:   ${quote(path)},`];
  /** @type {Map<string, string[]>} */
  const fields = new Map();
  for (const [name, value] of headers) fields.set(name, [...(fields.get(name) ?? []), quote(value)]);
  if (fields.size > 0) {
    const all = [...fields]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => `${quote(name)}: {${values.join(', ')}}`);
    lines.push(`Header: bridge.Header{${all.join(', ')}},`);
  }
  if (body !== undefined)
    lines.push(`Body:   ${isJSON ? 'bridge.JSON(json.RawMessage(body))' : 'bridge.Bytes([]byte(body))'},`);
  return `bridge.Request{\n${lines.map((line) => `\t${line}`).join('\n')}\n}`;
};

/** Returns the target that a server gets. @param {string} path */
const targetOf = (path) => {
  const { pathname, search } = new URL(`https://remote.example${path}`);
  return pathname + search;
};

/**
 * Adds a remote or a service that checks the request and answers it.
 * @param {Test} test
 * @param {string} add the call that adds it, without the handler
 * @param {Sent} sent
 * @param {{status: number, contentType: string, body: string}} answer body is a literal
 */
const addServer = (test, add, { method, path, body, isJSON }, { status, contentType, body: answer }) => {
  test.add(`const answer = ${answer}`);
  if (body !== undefined) define(test, 'body', body);
  const checksBody = body !== undefined && !isJSON;
  test.add(
    `host := bridgetest.NewHost(t)
host.${add}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if target := r.URL.RequestURI(); r.Method != ${quote(method)} || target != ${quote(targetOf(path))} {
		t.Errorf("the request is %s %s", r.Method, target)
	}${
    checksBody
      ? `
	if got, err := io.ReadAll(r.Body); err != nil || string(got) != body {
		t.Errorf("the request's body is %q (%v)", got, err)
	}`
      : ''
  }
	w.Header().Set("Content-Type", ${quote(contentType)})
	w.WriteHeader(${status})
	_, _ = io.WriteString(w, answer)
}))`,
    'io',
    'net/http',
  );
  addContext(test);
};

/** Adds the check of status and body. @param {Test} test @param {number} status */
const checkResponse = (test, status) => {
  checkError(test);
  test.add('got, err := resp.Bytes()');
  checkError(test);
  test.add(
    `if resp.Status != ${status} || string(got) != answer {\n\tt.Errorf("got %d %q, want ${status} %q", resp.Status, got, answer)\n}`,
  );
};

/**
 * Returns the test of a call by RequestRemote or of a product's API.
 * @param {Recorded} recorded
 */
const requestTest = (recorded) => {
  const payload = isRecord(recorded.payload) ? recorded.payload : {};
  const init = isRecord(payload.fetchRequestInit) ? payload.fetchRequestInit : {};
  const { remoteKey, product } = payload;
  const path = String(init.path ?? payload.restPath ?? '');
  // package bridge needs a path with a slash. Files of a form are not recorded.
  if (payload.isMultipartFormData || !path.startsWith('/')) return undefined;
  const products = { jira: 'RequestJira', confluence: 'RequestConfluence', bitbucket: 'RequestBitbucket' };
  const isProduct = recorded.command === 'fetchProduct';
  const name = isProduct ? products[/** @type {keyof typeof products} */ (product)] : 'RequestRemote';
  if (!name || (!isProduct && typeof remoteKey !== 'string')) return undefined;
  const method = String(init.method ?? 'GET').replace(/^(get|post|put|delete|head|options)$/i, (m) => m.toUpperCase());
  /** @type {Sent} */
  const sent = {
    method,
    path,
    headers: pairs(init.headers),
    body: init.body === undefined || init.body === null || init.body === '' ? undefined : String(init.body),
  };
  if (sent.body !== undefined && /^(GET|HEAD)$/.test(method)) return undefined;
  const key = isProduct ? '' : `${quote(String(remoteKey))}, `;
  const call = `bridge.${name}(ctx, ${key}${requestOf(sent)})`;
  const test = new Test(`${name} ${method.toLowerCase()} ${path.split(/[?#]/)[0]}`);
  if (recorded.error) {
    addScript(test, 'On', recorded.command, recorded);
    if (sent.body !== undefined) define(test, 'body', sent.body);
    addContext(test);
    test.add(`_, err := ${call}`);
    checkFailure(test, recorded.error);
    return test;
  }
  const { status, body, headers, isAttachment } = isRecord(recorded.answer) ? recorded.answer : {};
  if (typeof status !== 'number' || typeof body !== 'string') return undefined;
  const answer = isAttachment
    ? bytesLiteral(body.slice(body.indexOf(',') + 1))
    : body.includes('\n')
      ? quote(body)
      : literal(body);
  if (isProduct) {
    test.add(`const answer = ${answer}`);
    if (sent.body !== undefined) define(test, 'body', sent.body);
    test.add('host := bridgetest.NewHost(t)');
    const wire = isAttachment ? '"data:;base64," + base64.StdEncoding.EncodeToString([]byte(answer))' : 'answer';
    const members = [
      `"status": ${status}`,
      `"headers": map[string]string{}`,
      `"body": ${wire}`,
      `"isAttachment": ${Boolean(isAttachment)}`,
    ];
    test.add(
      `host.On("fetchProduct", func(context.Context, json.RawMessage) (any, error) {\n\treturn map[string]any{${members.join(', ')}}, nil\n})`,
      'context',
      'encoding/json',
      ...(isAttachment ? ['encoding/base64'] : []),
    );
    addContext(test);
  } else {
    const contentType = isRecord(headers) ? String(headers['content-type'] ?? '') : '';
    addServer(test, `Remote(${quote(String(remoteKey))}`, sent, { status, contentType, body: answer });
  }
  test.add(`resp, err := ${call}`);
  checkResponse(test, status);
  return test;
};

/**
 * Returns the test of a call by InvokeRemote or InvokeService.
 * @param {Recorded} recorded
 */
const endpointTest = (recorded) => {
  const { path, method, headers, body, invokeType } = isRecord(recorded.payload) ? recorded.payload : {};
  const name = { 'ui-remote-fetch': 'InvokeRemote', 'ui-container-fetch': 'InvokeService' }[String(invokeType)];
  if (
    !name ||
    typeof path !== 'string' ||
    !path.startsWith('/') ||
    !/^(GET|POST|PUT|PATCH|DELETE)$/.test(String(method))
  )
    return undefined;
  /** @type {Sent} */
  const sent = {
    method: String(method),
    path,
    headers: pairs(headers),
    body: body === undefined ? undefined : JSON.stringify(body),
    isJSON: true,
  };
  // package bridge sends objects only.
  if (sent.body !== undefined && (!sent.body.startsWith('{') || method === 'GET')) return undefined;
  const imports = sent.body === undefined ? [] : ['encoding/json'];
  const test = new Test(`${name} ${sent.method.toLowerCase()} ${path.split(/[?#]/)[0]}`);
  if (recorded.error) {
    addScript(test, 'On', 'invoke', recorded);
    if (sent.body !== undefined) define(test, 'body', sent.body);
    addContext(test);
    test.add(`_, err := bridge.${name}(ctx, ${requestOf(sent)})`, ...imports);
    checkFailure(test, recorded.error);
    return test;
  }
  const { payload } = isRecord(recorded.answer) ? recorded.answer : {};
  const answer = isRecord(payload) ? payload : {};
  if (typeof answer.status !== 'number' || answer.status >= 400 || answer.body === undefined || !recorded.remote)
    return undefined;
  const add = name === 'InvokeRemote' ? 'Remote' : 'Service';
  addServer(test, `${add}(${quote(recorded.remote)}`, sent, {
    status: answer.status,
    contentType: 'application/json',
    body: literal(JSON.stringify(answer.body)),
  });
  test.add(`resp, err := bridge.${name}(ctx, ${requestOf(sent)})`, ...imports);
  checkError(test);
  test.add(`if resp.Status != ${answer.status} {\n\tt.Errorf("got status %d, want ${answer.status}", resp.Status)\n}`);
  checkJSON(test, 'resp.JSON(&got)');
  return test;
};

/**
 * Returns the test of a call by Invoke.
 * @param {Recorded} recorded
 */
const functionTest = (recorded) => {
  const { functionKey, payload, metadata } = isRecord(recorded.payload) ? recorded.payload : {};
  if (typeof functionKey !== 'string' || functionKey === '' || metadata !== undefined) return undefined;
  const test = new Test(`Invoke ${functionKey}`);
  addScript(test, 'OnFunction', functionKey, recorded);
  if (payload !== undefined) define(test, 'payload', JSON.stringify(payload));
  addContext(test);
  const argument = payload === undefined ? 'nil' : 'json.RawMessage(payload)';
  if (recorded.error) {
    test.add(`_, err := bridge.Invoke[any](ctx, ${quote(functionKey)}, ${argument})`);
    checkFailure(test, recorded.error);
    return test;
  }
  test.add(`got, err := bridge.Invoke[any](ctx, ${quote(functionKey)}, ${argument})`);
  checkError(test);
  if (recorded.answer === undefined) {
    test.add('if got != nil {\n\tt.Errorf("got %v, want no result", got)\n}');
    return test;
  }
  test.add(
    `var want any
if err := json.Unmarshal([]byte(answer), &want); err != nil {
	t.Fatal(err)
}
if !reflect.DeepEqual(got, want) {
	t.Errorf("got %v, want %v", got, want)
}`,
    'reflect',
  );
  return test;
};

/**
 * Returns the test of view.GetContext.
 * @param {Recorded} recorded
 */
const contextTest = (recorded) => {
  const { moduleKey } = isRecord(recorded.answer) ? recorded.answer : {};
  if (!recorded.error && typeof moduleKey !== 'string') return undefined;
  const test = new Test('GetContext');
  addScript(test, 'On', 'getContext', recorded);
  addContext(test);
  if (recorded.error) {
    test.add('_, err := view.GetContext(ctx)', `${bridge}/view`);
    checkFailure(test, recorded.error);
    return test;
  }
  test.add('got, err := view.GetContext(ctx)', `${bridge}/view`);
  checkError(test);
  test.add(
    `if want := ${quote(String(moduleKey))}; got.ModuleKey != want {\n\tt.Errorf("got the module %q, want %q", got.ModuleKey, want)\n}`,
  );
  return test;
};

/**
 * Returns the test of any command.
 * @param {Recorded} recorded
 */
const commandTest = (recorded) => {
  const { command, payload, answer, error } = recorded;
  const test = new Test(command);
  addScript(test, 'On', command, recorded);
  if (payload !== undefined) define(test, 'payload', JSON.stringify(payload));
  const member = payload === undefined ? '' : ', Payload: []byte(payload)';
  const call =
    `host.Client().Call(t.Context(), ${quote(command)}, bridge.Call{Command: ${quote(command)}${member}})\n`.trimEnd();
  test.add('');
  if (error) {
    test.add(`_, err := ${call}`, bridge);
    checkFailure(test, error);
    return test;
  }
  test.add(`result, err := ${call}`, bridge);
  checkError(test);
  if (answer === undefined) {
    test.add('if result.Payload != nil {\n\tt.Errorf("got %s, want no answer", result.Payload)\n}');
    return test;
  }
  checkJSON(test, 'json.Unmarshal(result.Payload, &got)');
  return test;
};

/** The tests that use the functions of the public API. Each returns undefined for a call that its function cannot make. */
const tests = {
  fetchRemote: [requestTest],
  fetchProduct: [requestTest],
  invoke: [endpointTest, functionTest],
  getContext: [contextTest],
};

/**
 * Returns a file with a Go test that repeats a call, or undefined if the call is too long for a test.
 * @param {Recorded} recorded
 * @returns {string | undefined}
 */
export const goTest = (recorded) => {
  if ((JSON.stringify([recorded.payload, recorded.answer])?.length ?? 0) > maxText) return undefined;
  for (const make of tests[/** @type {keyof typeof tests} */ (recorded.command)] ?? []) {
    const test = make(recorded);
    if (test) return String(test);
  }
  return String(commandTest(recorded));
};
