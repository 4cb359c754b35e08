package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/secret"
)

func TestResponseErr(t *testing.T) {
	tests := map[string]struct {
		payload string
		want    error
		text    string
	}{
		"200": {`{"status":200}`, nil, ""},
		"299": {`{"status":299}`, nil, ""},
		"300": {`{"status":300}`, nil, "the remote answered 300"},
		"401": {`{"status":401,"statusText":"Unauthorized"}`, bridge.ErrUnauthorized, "the remote answered 401 Unauthorized"},
		"404": {`{"status":404,"statusText":"Not Found"}`, nil, `bridge: requestRemote "tasks-api": the remote answered 404 Not Found`},
		"429": {`{"status":429}`, bridge.ErrRateLimited, "429"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := get(t, tt.payload, "a secret in the body")
			err := r.Err()
			if r.OK() != (err == nil) || r.OK() != (tt.text == "") {
				t.Fatalf("OK %v, Err %v", r.OK(), err)
			}
			if err == nil {
				if text, err := r.Text(); text != "a secret in the body" || err != nil {
					t.Errorf("after Err, the body is %q (%v)", text, err)
				}
				return
			}
			var e *bridge.Error
			if !errors.As(err, &e) || e.Status != r.Status || e.Op != "requestRemote" || e.Remote != "tasks-api" {
				t.Errorf("got %#v", err)
			}
			for _, kind := range []error{bridge.ErrUnauthorized, bridge.ErrRateLimited} {
				if errors.Is(err, kind) != (kind == tt.want) {
					t.Errorf("%v is %v", err, kind)
				}
			}
			if !containsText(err, tt.text) || containsText(err, "secret") {
				t.Errorf("got %v, want %q", err, tt.text)
			}
			var status *bridge.StatusError
			if !errors.As(err, &status) || string(status.Body) != "a secret in the body" || status.Status != r.Status || status.Header.Get("Content-Type") == "" {
				t.Errorf("got %+v", status)
			}
			if _, again := r.Text(); !errors.Is(again, bridge.ErrBodyRead) || r.Err() != err {
				t.Errorf("later, Text returns %v and Err %v", again, r.Err())
			}
		})
	}
}

func TestStatusErrorMessage(t *testing.T) {
	jwt := "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
	tests := map[string]struct{ body, want string }{
		"detail":                    {`{"type":"about:blank","title":"Conflict","status":409,"detail":"There is one."}`, "There is one."},
		"title":                     {`{"title":"Conflict","detail":""}`, "Conflict"},
		"title, blank detail":       {`{"title":"Conflict","detail":" \n"}`, "Conflict"},
		"message":                   {`{"statusCode":400,"message":"No name.","error":"Bad Request"}`, "No name."},
		"error":                     {`{"error":"No name."}`, "No name."},
		"errorMessages":             {`{"errorMessages":["No project.","", 7, "No type."],"errors":{}}`, "No project.; No type."},
		"no errorMessages":          {`{"errorMessages":[],"errors":{"summary":"No summary."}}`, ""},
		"errorMessages, not a list": {`{"errorMessages":{"a":"b"}}`, ""},
		"errorMessages twice":       {`{"errorMessages":["a"],"errorMessages":["b"]}`, "b"},
		"other types":               {`{"detail":{"a":1},"title":[],"message":7,"error":{"message":"no"}}`, ""},
		"the first that is a text":  {`{"detail":7,"title":null,"error":"No name."}`, "No name."},
		"escapes":                   {`{"error":"Gr\u00fc\u00dfe \ud83c\udf89 \"x\""}`, `Grüße 🎉 "x"`},
		"after a mark":              {"\uFEFF" + `{"error":"No name."}`, "No name."},
		"one line":                  {`{"error":" a\r\n\tb\u2028c  d "}`, "a b c d"},
		"control characters":        {`{"error":"a\u001b[31mb\u0000\u009bc\u202ed"}`, "a [31mb c d"},
		"not UTF-8":                 {"{\"error\":\"a\xffb\"}", "a\uFFFDb"},
		"200 characters":            {`{"error":"` + strings.Repeat("ü", 200) + `"}`, strings.Repeat("ü", 200)},
		"201 characters":            {`{"error":"` + strings.Repeat("ü", 201) + `"}`, strings.Repeat("ü", 200) + "…"},
		"a JWT":                     {`{"error":"bad token (` + jwt + `), bad ` + jwt + `"}`, "bad token ([token]), bad [token]"},
		"a JWT without a signature": {`{"error":"bad eyJhIjoxfQ.eyJhIjoxfQ."}`, "bad [token]"},
		"a bearer token":            {`{"error":"Authorization:Bearer 0123456789abcdef is old"}`, "Authorization:Bearer [token] is old"},
		"a bearer token, quoted":    {`{"error":"the bearer \"0123456789abcdef\""}`, "the bearer [token]"},
		"no token":                  {`{"error":"a bearer token begins with eyJ, keyJ.x"}`, "a bearer token begins with eyJ, k[token]"},
		"a JWT at the limit":        {`{"error":"` + strings.Repeat("x ", 95) + jwt + `"}`, strings.Repeat("x ", 95) + "[token]"},
		"cut off":                   {`{"error":"No name.","trace":"` + strings.Repeat("x", 64<<10) + `"}`, "No name."},
		"cut off before it":         {`{"trace":"` + strings.Repeat("x", 64<<10) + `","error":"No name."}`, ""},
		"cut off in it":             {`{"error":"` + strings.Repeat("x", 64<<10) + `"}`, ""},
		"deep":                      {`{"trace":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `,"error":"No name."}`, "No name."},
		"HTML":                      {`<h1>Bad Gateway</h1>`, ""},
		"a text":                    {`"No name."`, ""},
		"a list":                    {`[{"error":"No name."}]`, ""},
		"empty":                     {``, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := get(t, `{"status":400}`, tt.body).Err()
			var status *bridge.StatusError
			if !errors.As(err, &status) || status.Message != tt.want {
				t.Fatalf("got %q, want %q", status.Message, tt.want)
			}
			want := `bridge: requestRemote "tasks-api": the remote answered 400`
			if tt.want != "" {
				want += ": " + tt.want
			}
			if err.Error() != want {
				t.Errorf("got %q, want %q", err, want)
			}
			if string(status.Body) != tt.body[:min(len(tt.body), 64<<10)] {
				t.Errorf("the body has %d bytes of %d", len(status.Body), len(tt.body))
			}
		})
	}
}

// countedBody is an endless body that counts what is read of it.
type countedBody struct {
	read   int
	closed bool
}

func (b *countedBody) Read(p []byte) (int, error) {
	b.read += len(p)
	return copy(p, strings.Repeat(" ", len(p))), nil
}

func (b *countedBody) Close() error {
	b.closed = true
	return nil
}

// streamed returns a client with WithDirect whose remote answers so.
func streamed(token string, answer bridge.FetchResponse) *bridge.Client {
	source := bridge.StaticToken(bridge.Token{Value: secret.New(token), ExpiresAt: time.Now().Add(time.Hour), BaseURL: "https://tasks.example.com"})
	return bridge.New(nil, bridge.WithDirect(source), bridge.WithFetcher(fetcher(func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
		return answer, nil
	})))
}

type fetcher func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error)

func (f fetcher) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return f(ctx, r)
}

func TestStatusErrorOfAStream(t *testing.T) {
	body := &countedBody{}
	client := streamed("t", bridge.FetchResponse{Status: 500, Body: body})
	_, err := bridge.Do[note](bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	var status *bridge.StatusError
	if !errors.As(err, &status) || len(status.Body) != 64<<10 || body.read > 65<<10 || !body.closed {
		t.Errorf("got %v; %d bytes were read, closed %v", err, body.read, body.closed)
	}
}

// A body that breaks does not hide the status.
func TestStatusErrorOfABrokenBody(t *testing.T) {
	broken := io.NopCloser(io.MultiReader(strings.NewReader(`{"error":"No name.",`), brokenBody{}))
	client := streamed("t", bridge.FetchResponse{Status: 401, Body: broken})
	_, err := bridge.Do[note](bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if !errors.Is(err, bridge.ErrUnauthorized) || !containsText(err, "the remote answered 401: No name.") {
		t.Errorf("got %v", err)
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, bridge.ErrNetwork }

// TestErrorsHoldNoToken checks that a token of any form, which the remote repeats, is not in the error's text.
func TestErrorsHoldNoToken(t *testing.T) {
	const token = "0p4que/secret+token=="
	client := streamed(token, bridge.FetchResponse{
		Status: 403, StatusText: "Not with " + token,
		Body: io.NopCloser(strings.NewReader(`{"message":"(` + token + `) ` + strings.Repeat("x", 180) + token + `"}`)),
	})
	resp, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	bare := *resp
	bare.StatusText = ""
	if text := fmt.Sprintf("%+v %#v", bare, bare); strings.Contains(text, "0p4que") {
		t.Errorf("fmt prints the token: %s", text)
	}
	err = resp.Err()
	var status *bridge.StatusError
	if !errors.As(err, &status) || containsText(err, "0p4que") || !containsText(err, "403 Not with [token]: ([token]) x") {
		t.Errorf("got %v", err)
	}
}

func TestStatusErrorRetryAfter(t *testing.T) {
	err := get(t, `{"status":503,"headers":{"retry-after":"7"}}`, "").Err()
	var status *bridge.StatusError
	if !errors.As(err, &status) || status.RetryAfter() != 7*time.Second {
		t.Errorf("got %v of %v", status.RetryAfter(), err)
	}
}

// A response that an app has made itself may lack a body.
func TestErrOfAnOwnResponse(t *testing.T) {
	if err := (&bridge.Response{Status: 500}).Err(); !containsText(err, "the remote answered 500") {
		t.Errorf("got %v", err)
	}
}
