package functions

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// What Atlassian's packages send arrives, and only from a call that runs.
func TestForgeFetch(t *testing.T) {
	p := start(t, "src/index.js", `
const ask = (init) => globalThis.__forge_fetch__({ type: 'fpp', provider: 'user', remote: 'jira' }, '/rest/api/3/myself?x=1', init);
const outside = globalThis.__forge_runtime__ === undefined && ask().catch((error) => error.name);
export const handler = async (what) => {
  if (what === 'outside') return outside;
  if (what === 'later') {
    globalThis.later = new Promise((resolve) => (globalThis.goOn = resolve)).then(() => ask()).catch((error) => error.name);
    return null;
  }
  if (what === 'was later') { globalThis.goOn(); return globalThis.later; }
  const response = await ask({ method: 'POST', headers: { 'X-A': 'b' }, body: 'hello €' });
  const { options, path, method, headers, body } = await response.json();
  return [response.status, response.statusText, response.headers.get('content-type'), options.remote, options.provider, path, method, Object.fromEntries(headers)['x-a'], Buffer.from(body, 'base64').toString()];
};
`)
	for argument, want := range map[string]string{
		"sends":   `[201,"Created","application/json","jira","user","/rest/api/3/myself?x=1","POST","b","hello €"]`,
		"outside": `"NO_INVOCATION"`,
	} {
		if got, err := p.call(argument); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", argument, got, err, want)
		}
	}
	// The work goes on in the call that started it, which is over.
	if _, err := p.call("later"); err != nil {
		t.Fatal(err)
	}
	if got, err := p.call("was later"); got != `"NO_INVOCATION"` || err != nil {
		t.Errorf("after the call: got %s, %v", got, err)
	}
}

// fetch asks before each request, also after a redirect.
func TestFetch(t *testing.T) {
	var requests []string
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		requests = append(requests, r.Method+" "+r.URL.String()+" "+string(body)+r.Header.Get("Authorization"))
		mu.Unlock()
		switch r.URL.Path {
		case "/see":
			http.Redirect(w, r, "/end?from=see", http.StatusSeeOther)
		case "/keep":
			http.Redirect(w, r, "/end?from=keep", http.StatusTemporaryRedirect)
		case "/away":
			http.Redirect(w, r, "/end?evil=1", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			io.WriteString(w, "the end")
		}
	}))
	defer server.Close()
	p := start(t, "src/index.js", `export const handler = async ([path, init]) => {
  const response = await fetch(path, init);
  return [response.status, await response.text()];
};
`)
	for _, c := range []struct{ name, path, init, want, requests string }{
		{"plain", "/end", `{}`, `[200,"the end"]`, "GET /end "},
		{"POST", "/end", `{"method":"POST","body":"b","headers":{"authorization":"!"}}`, `[200,"the end"]`, "POST /end b!"},
		{"to GET", "/see", `{"method":"POST","body":"b"}`, `[200,"the end"]`, "POST /see b, GET /end?from=see "},
		{"with the body", "/keep", `{"method":"POST","body":"b"}`, `[200,"the end"]`, "POST /keep b, POST /end?from=keep b"},
		{"to a refused address", "/away", `{}`, "REQUEST_EGRESS_ALLOWLIST_ERR: not allowed", "GET /away "},
		{"without following", "/away", `{"redirect":"manual"}`, `[302,`, "GET /away "},
		{"without end", "/loop", `{}`, "TypeError: fetch failed: more than 20 redirects", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			mu.Lock()
			requests = nil
			mu.Unlock()
			got, err := p.call([]any{server.URL + c.path, json.RawMessage(c.init)})
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			mu.Lock()
			defer mu.Unlock()
			if all := strings.Join(requests, ", "); c.requests != "" && all != c.requests {
				t.Errorf("the server got %q, want %q", all, c.requests)
			}
		})
	}
	if _, err := p.call([]any{"http://evil.example.com/", nil}); err == nil || !strings.Contains(err.Error(), "not allowed: http://evil.example.com/") {
		t.Errorf("a refused address: got %v", err)
	}
}

// Only forgego can call the process, and only the process forgego.
func TestSecrets(t *testing.T) {
	p := start(t, "src/index.js", "export const handler = () => 1;\n")
	for name, c := range map[string]struct {
		address string
		header  []string
		status  int
		want    string
	}{
		"the process without its secret":      {p.address, nil, 403, "Only forgego may call"},
		"the process with another secret":     {p.address, []string{"Authorization", "Bearer " + strings.Repeat("A", len(p.secret))}, 403, "Only forgego may call"},
		"forgego without a token":             {"http://" + p.callbacks.addr, nil, 200, "NO_INVOCATION"},
		"forgego with the process' secret":    {"http://" + p.callbacks.addr, []string{"Authorization", "Bearer " + p.secret}, 200, "NO_INVOCATION"},
		"forgego from a page":                 {"http://" + p.callbacks.addr, []string{"Origin", "https://example.com"}, 403, "Only the app's functions"},
		"forgego by the name of a website":    {"http://" + p.callbacks.addr, []string{"Host", "example.com"}, 403, "Only the app's functions"},
		"the process as forgego itself calls": {p.address, []string{"Authorization", "Bearer " + p.secret}, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(c.header); i += 2 {
				r.Header.Set(c.header[i], c.header[i+1])
				if c.header[i] == "Host" {
					r.Host = c.header[i+1]
				}
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != c.status || !strings.Contains(string(text), c.want) || c.want == "" && len(text) > 0 {
				t.Errorf("got %s %s, %v", resp.Status, text, err)
			}
		})
	}
}

// A process gets its secret in no way that its children can read, and the app keeps its own variables.
func TestSecretIsNotInTheEnvironment(t *testing.T) {
	t.Setenv("PORT", "of the app")
	p := start(t, "src/index.js", `import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
const file = '/proc/self/environ';
export const handler = () => [
  existsSync(file) ? readFileSync(file, 'utf8') : '', JSON.stringify([process.env, process.argv, process.execArgv]), process.env.PORT,
  execFileSync(process.execPath, ['-p', 'JSON.stringify(process.env) + require("fs").readFileSync(0)'], { stdio: ['inherit', 'pipe', 'inherit'] }).toString(),
];
`)
	got, err := p.call(nil)
	if err != nil || !strings.Contains(got, `"of the app"`) || !strings.Contains(got, "PATH") {
		t.Errorf("got %s, %v", got, err)
	}
	if strings.Contains(got, p.secret) {
		t.Errorf("a child of the process finds the secret: %s", got)
	}
}

// Only the process that forgego has started can say where it listens, and only once.
func TestListening(t *testing.T) {
	c, err := listen()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	token, forget := c.add(t.Context(), nil)
	defer forget()
	port, done := c.expect("secret")
	_, late := c.expect("late")
	late()
	for _, s := range []struct {
		name, secret, body string
		status             int
	}{
		{"nobody", "", "1234", http.StatusForbidden},
		{"another secret", "Secret", "1234", http.StatusForbidden},
		{"a handler", token, "1234", http.StatusForbidden},
		{"a process that nobody waits for", "late", "1234", http.StatusForbidden},
		{"no port", "secret", "0", http.StatusBadRequest},
		{"a larger number", "secret", "65536", http.StatusBadRequest},
		{"no number", "secret", `"1234"`, http.StatusBadRequest},
		{"much", "secret", strings.Repeat(" ", 1000) + "1234", http.StatusBadRequest},
		{"the process", "secret", "4321", http.StatusOK},
		{"the secret once more", "secret", "1234", http.StatusForbidden},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.addr+"/listening", strings.NewReader(s.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+s.secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != s.status {
			t.Errorf("%s: got %s, want %d", s.name, resp.Status, s.status)
		}
	}
	if got := <-port; got != 4321 {
		t.Errorf("got port %d", got)
	}
	done()
}

// A redirect to another origin takes no credentials along, and the response says where it comes from, as with Node's own fetch.
func TestFetchAfterRedirect(t *testing.T) {
	var got http.Header
	end := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer end.Close()
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, end.URL+"/end?a=1", http.StatusFound)
		case "/stay":
			http.Redirect(w, r, "/end#part", http.StatusFound)
		}
		got = r.Header
	}))
	defer first.Close()
	p := start(t, "src/index.js", `export const handler = async (address) => {
  const headers = { authorization: 'a', cookie: 'a=b', 'proxy-authorization': 'a', 'x-other': 'o' };
  const response = await fetch(address, { headers });
  const copy = response.clone();
  return [response.redirected, copy.redirected, response.url, response.type];
};
`)
	const credentials, other = "Authorization Cookie Proxy-Authorization", "X-Other"
	for path, want := range map[string]struct {
		result string
		kept   bool
	}{
		"/end":  {`[false,false,"` + first.URL + `/end","basic"]`, true},
		"/stay": {`[true,true,"` + first.URL + `/end","basic"]`, true},
		"/away": {`[true,true,"` + end.URL + `/end?a=1","basic"]`, false},
	} {
		result, err := p.call(first.URL + path)
		if result != want.result || err != nil {
			t.Errorf("%s: got %s, %v, want %s", path, result, err, want.result)
		}
		if got.Get(other) != "o" {
			t.Errorf("%s: the header is %v", path, got)
		}
		for name := range strings.FieldsSeq(credentials) {
			if kept := got.Get(name) != ""; kept != want.kept {
				t.Errorf("%s: %s: kept is %v", path, name, kept)
			}
		}
	}
}
