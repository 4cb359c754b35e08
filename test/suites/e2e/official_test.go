package e2e

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
)

// official is an app in plain JavaScript with Atlassian's own client, in the page of "forgego dev", and its remote.
type official struct {
	app
	t     *testing.T
	host  *host
	stage *stage
}

// newOfficial starts the host and opens the app's first module. args are more arguments for the command.
func newOfficial(t *testing.T, args ...string) *official {
	t.Helper()
	dir, stage := t.TempDir(), newStage(t)
	if err := os.CopyFS(dir, os.DirFS("testdata/jsapp")); err != nil {
		t.Fatal(err)
	}
	script, err := apphost.Script("testdata/jsapp/src/main.js")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "static", "main.js"), string(script))
	write(t, filepath.Join(dir, "forgego.yml"), fmt.Sprintf(
		"remotes:\n  backend:\n    url: %[1]s\n  folder:\n    url: %[1]s/api/v1/\n  file:\n    url: %[1]s/api/v1\n  down:\n    url: %[2]s\n",
		stage.url, unusedAddress(t)))
	h := dev(t, nil, append(args, dir)...)
	o := &official{h.open(t), t, h, stage}
	o.Wait("the app", `globalThis.app`)
	return o
}

// unusedAddress returns an address where no server listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// show opens another module of the app.
func (o *official) show(module string) {
	o.t.Helper()
	o.Page.Goto(o.host.url + "?module=" + module)
	o.Wait("the app", `globalThis.app`)
}

// response is what the app gets from requestRemote: a response, or the name and the message of an error.
type response struct {
	Status          int
	StatusText, URL string
	Redirected      bool
	Headers         map[string]string
	Body            []byte
	Error           string
}

// request makes a request with options in JavaScript.
func (o *official) request(remote, options string) response {
	o.t.Helper()
	var got response
	o.Eval(fmt.Sprintf("app.request(%q, %s)", remote, options), &got)
	return got
}

// invocation is what the app gets from invokeRemote: an answer, or the name and the message of an error.
type invocation struct {
	Status  int
	Headers map[string]any
	// Body is JSON. It is empty if the answer has no body.
	Body  string
	Error string
}

// invoke makes an invocation with an input in JavaScript.
func (o *official) invoke(input string) invocation {
	o.t.Helper()
	var got invocation
	o.Eval(fmt.Sprintf("app.invocation(%s).then(({ body, ...answer }) => ({ ...answer, body: JSON.stringify(body) }))", input), &got)
	return got
}

// String returns the error, or the status and the body.
func (i invocation) String() string {
	if i.Error != "" {
		return i.Error
	}
	return fmt.Sprintf("%d %s", i.Status, i.Body)
}

// arrived returns the one request that the remote has received since the last call. The test fails if the request has no
// valid token.
func (o *official) arrived(t *testing.T) request {
	t.Helper()
	requests := o.stage.take()
	if len(requests) != 1 {
		t.Fatalf("%d requests have reached the remote, want 1: %v", len(requests), requests)
	}
	verify(t, keySet(t, o.host.url+".well-known/jwks.json"), requests[0].header.Get("Authorization"))
	return requests[0]
}

// line returns a request without its headers, as one line.
func (q request) line() string { return q.method + " " + q.uri + " " + q.body }

// says is a handler with a fixed answer.
func says(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil // otherwise the server would guess one
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // a status without a body, such as 204, returns an error
	}
}
