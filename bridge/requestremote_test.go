package bridge_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

func TestRequestRemoteWire(t *testing.T) {
	tests := map[string]struct {
		request bridge.Request
		init    string // fetchRequestInit
		body    string
		hasBody bool
		form    bool
	}{
		"GET": {
			request: bridge.Request{Path: "/tasks/?team=Forge"},
			init:    `{"path":"/tasks/?team=Forge","headers":[],"body":null}`,
		},
		"method as written": {
			request: bridge.Request{Method: "post", Path: "/tasks"},
			init:    `{"path":"/tasks","method":"post","headers":[],"body":""}`,
		},
		"get in small letters": {
			request: bridge.Request{Method: "get", Path: "/tasks"},
			init:    `{"path":"/tasks","method":"get","headers":[],"body":null}`,
		},
		"HEAD": {
			request: bridge.Request{Method: "HEAD", Path: "/tasks"},
			init:    `{"path":"/tasks","method":"HEAD","headers":[],"body":""}`,
		},
		"headers are lower-case, sorted, joined, trimmed": {
			request: bridge.Request{Path: "/", Header: bridge.Header{"X-B": {" 1 ", "2"}, "x-a": {"é"}, "Authorization": {"mine"}}},
			init:    `{"path":"/","headers":[["authorization","mine"],["x-a","é"],["x-b","1, 2"]],"body":null}`,
		},
		"headers that a browser keeps for itself": {
			request: bridge.Request{Path: "/", Header: bridge.Header{
				"Cookie": {"a=b"}, "Host": {"x"}, "Origin": {"x"}, "Content-Length": {"1"}, "Sec-Fetch-Mode": {"cors"}, "Proxy-Foo": {"x"},
				"X-Http-Method-Override": {"TRACE"}, "X-Method-Override": {"PATCH"}}},
			init: `{"path":"/","headers":[["x-method-override","PATCH"]],"body":null}`,
		},
		"text": {
			request: bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("Grüße")},
			init:    `{"path":"/","method":"POST","headers":[["content-type","text/plain;charset=UTF-8"]],"body":""}`,
			body:    "Grüße", hasBody: true,
		},
		"empty text": {
			request: bridge.Request{Method: "POST", Path: "/", Body: bridge.Text("")},
			init:    `{"path":"/","method":"POST","headers":[["content-type","text/plain;charset=UTF-8"]],"body":""}`,
			hasBody: true,
		},
		"JSON of what HTML escapes": {
			request: bridge.Request{Method: "POST", Path: "/", Body: bridge.JSON("<b>&")},
			init:    `{"path":"/","method":"POST","headers":[["content-type","application/json"]],"body":""}`,
			body:    `"<b>&"`, hasBody: true,
		},
		"a name in two cases": {
			request: bridge.Request{Path: "/", Header: bridge.Header{"x-a": {"2\r\n"}, "X-A": {"\n1"}}},
			init:    `{"path":"/","headers":[["x-a","1, 2"]],"body":null}`,
		},
		"JSON": {
			request: bridge.Request{Method: "POST", Path: "/", Header: bridge.Header{"X-Source": {"ui"}}, Body: bridge.JSON(map[string]int{"n": 1})},
			init:    `{"path":"/","method":"POST","headers":[["content-type","application/json"],["x-source","ui"]],"body":""}`,
			body:    `{"n":1}`, hasBody: true,
		},
		"a content type of the caller's": {
			request: bridge.Request{Method: "POST", Path: "/", Header: bridge.Header{"content-type": {"application/vnd.x+json"}}, Body: bridge.JSON(1)},
			init:    `{"path":"/","method":"POST","headers":[["content-type","application/vnd.x+json"]],"body":""}`,
			body:    `1`, hasBody: true,
		},
		"bytes": {
			request: bridge.Request{Method: "PUT", Path: "/", Body: bridge.Bytes([]byte("\x00abc"))},
			init:    `{"path":"/","method":"PUT","headers":[],"body":""}`,
			body:    "\x00abc", hasBody: true,
		},
		"form": {
			request: bridge.Request{Method: "POST", Path: "/", Body: bridge.Form(url.Values{"b": {"1 2"}, "a": {"é"}})},
			init:    `{"path":"/","method":"POST","headers":[["content-type","application/x-www-form-urlencoded;charset=UTF-8"]],"body":""}`,
			body:    "a=%C3%A9&b=1+2", hasBody: true,
		},
		"form data": {
			request: bridge.Request{Method: "POST", Path: "/", Body: formData()},
			init:    `{"path":"/","method":"POST","headers":[["content-type","text/plain;charset=UTF-8"]],"body":""}`,
			body:    `{"title":"A \"file\"","file":"data:image/png;base64,AAH/","__fileName":"a.png","__fileType":"image/png","file2":"data:application/octet-stream;base64,","__file2Name":"b","__file2Type":""}`,
			hasBody: true, form: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":204}`, "")
			if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", tt.request); err != nil {
				t.Fatal(err)
			}
			call := (*calls)[0]
			if call.Command != "fetchRemote" || !call.Fetch {
				t.Errorf("command %q, fetch %v", call.Command, call.Fetch)
			}
			form := "false"
			if tt.form {
				form = "true"
			}
			sameJSON(t, call.Payload, `{"remoteKey":"tasks-api","fetchRequestInit":`+tt.init+`,"isMultipartFormData":`+form+`}`)
			if string(call.Body) != tt.body || (call.Body != nil) != tt.hasBody {
				t.Errorf("body %q, want %q", call.Body, tt.body)
			}
		})
	}
}

func formData() *bridge.FormData {
	form := new(bridge.FormData)
	form.Field("title", `A "file"`)
	form.File("file", "a.png", "image/png", []byte{0, 1, 255})
	form.File("file2", "b", "", nil)
	return form
}

// sameJSON compares what was sent with what should be sent.
func sameJSON(t *testing.T, got []byte, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("the payload is not JSON: %v\n%s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestRequestRemoteInvalid(t *testing.T) {
	form := func(fill func(*bridge.FormData)) bridge.Body {
		f := new(bridge.FormData)
		fill(f)
		return f
	}
	post := func(body bridge.Body) bridge.Request {
		return bridge.Request{Method: "POST", Path: "/", Body: body}
	}
	tests := map[string]struct {
		request bridge.Request
		field   string
	}{
		"no path":                     {bridge.Request{}, "Path"},
		"relative path":               {bridge.Request{Path: "tasks"}, "Path"},
		"a whole URL":                 {bridge.Request{Path: "https://example.com/"}, "Path"},
		"path not UTF-8":              {bridge.Request{Path: "/\xff"}, "Path"},
		"method with a space":         {bridge.Request{Method: "GET /", Path: "/"}, "Method"},
		"TRACE":                       {bridge.Request{Method: "trace", Path: "/"}, "Method"},
		"CONNECT":                     {bridge.Request{Method: "CONNECT", Path: "/"}, "Method"},
		"body on GET":                 {bridge.Request{Path: "/", Body: bridge.Text("x")}, "Body"},
		"empty body on get":           {bridge.Request{Method: "get", Path: "/", Body: bridge.Text("")}, "Body"},
		"body on HEAD":                {bridge.Request{Method: "HEAD", Path: "/", Body: bridge.Text("x")}, "Body"},
		"header name":                 {bridge.Request{Path: "/", Header: bridge.Header{"X Y": {"1"}}}, "Header"},
		"empty header name":           {bridge.Request{Path: "/", Header: bridge.Header{"": {"1"}}}, "Header"},
		"line break in value":         {bridge.Request{Path: "/", Header: bridge.Header{"X-A": {"1\r\nX-B: 2"}}}, "Header X-A"},
		"NUL in value":                {bridge.Request{Path: "/", Header: bridge.Header{"X-A": {"\x00"}}}, "Header X-A"},
		"value beyond Latin-1":        {bridge.Request{Path: "/", Header: bridge.Header{"X-A": {"世"}}}, "Header X-A"},
		"bytes not UTF-8":             {post(bridge.Bytes([]byte{0xff})), "Body"},
		"text not UTF-8":              {post(bridge.Text("\xff")), "Body"},
		"a stream":                    {post(bridge.Reader(strings.NewReader("x"))), "Body"},
		"file, other name":            {post(form(func(f *bridge.FormData) { f.File("image", "a", "", nil) })), "Body"},
		"field named like file":       {post(form(func(f *bridge.FormData) { f.Field("filename", "a") })), "Body"},
		"field like a file's":         {post(form(func(f *bridge.FormData) { f.Field("__fileName", "a"); f.File("file", "b", "", nil) })), "Body"},
		"file that a field describes": {post(form(func(f *bridge.FormData) { f.File("file", "b", "", nil); f.Field("__fileType", "a") })), "Body"},
		"a name twice":                {post(form(func(f *bridge.FormData) { f.Field("a", "1"); f.Field("a", "2") })), "Body"},
		"field not UTF-8":             {post(form(func(f *bridge.FormData) { f.Field("a", "\xff") })), "Body"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":200}`, "")
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", tt.request)
			checkInvalid(t, err, tt.field, *calls)
		})
	}
	t.Run("no remote", func(t *testing.T) {
		client, calls := answering(`{"status":200}`, "")
		_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "", bridge.Request{Path: "/"})
		checkInvalid(t, err, "remoteKey", *calls)
	})
}

// checkInvalid fails the test unless err is an ErrInvalidRequest that names the field, and nothing was sent.
func checkInvalid(t *testing.T, err error, field string, sent []bridge.Call) {
	t.Helper()
	if !errors.Is(err, bridge.ErrInvalidRequest) || !strings.Contains(err.Error(), "invalid request: "+field+":") {
		t.Errorf("got %v, want ErrInvalidRequest that names %s", err, field)
	}
	if len(sent) > 0 {
		t.Errorf("sent %s", sent[0].Payload)
	}
}

func TestRequestRemoteAnswer(t *testing.T) {
	tests := map[string]struct {
		payload, body string
		status        int
		header        bridge.Header
		want          string
	}{
		"text":            {`{"status":200,"statusText":"OK","headers":{"content-type":"text/plain","x-id":"1"}}`, "hello", 200, bridge.Header{"Content-Type": {"text/plain"}, "X-Id": {"1"}}, "hello"},
		"no body":         {`{"status":204,"headers":{}}`, "", 204, bridge.Header{}, ""},
		"body null":       {`{"status":200,"body":null}`, "", 200, bridge.Header{}, ""},
		"an error status": {`{"status":503}`, "down", 503, bridge.Header{"Content-Type": {"text/plain;charset=UTF-8"}}, "down"},
		"pairs":           {`{"status":200,"headers":[["a","b"],["a","c"]]}`, "", 200, bridge.Header{"A": {"b", "c"}}, ""},
		"set-cookie2":     {`{"status":200,"headers":{"set-cookie2":"a","x":"b"}}`, "", 200, bridge.Header{"X": {"b"}}, ""},
		"set-cookie":      {`{"status":200,"headers":{"set-cookie":"a","x":" b\t"}}`, "", 200, bridge.Header{"X": {"b"}}, ""},
		"headers twice":   {`{"status":200,"headers":{"a":"1","b":"2"},"headers":{"b":"3","c":"4"}}`, "", 200, bridge.Header{"B": {"3"}, "C": {"4"}}, ""},
		"one name twice":  {`{"status":200,"headers":{"x-a":"1","content-type":"2","X-A":"3","Content-Type":"4"}}`, "", 200, bridge.Header{"X-A": {"1", "3"}, "Content-Type": {"2", "4"}}, ""},
		"empty list":      {`{"status":200,"headers":{"x":[]}}`, "", 200, bridge.Header{"X": {""}}, ""},
		"base64, spaced":  {`{"status":200,"isAttachment":true}`, " YW\nJj ", 200, bridge.Header{}, "abc"},
		"comma in a date": {`{"status":200,"headers":{"expires":"Wed, 21 Oct 2026 07:28:00 GMT"}}`, "", 200, bridge.Header{"Expires": {"Wed, 21 Oct 2026 07:28:00 GMT"}}, ""},
		"base64":          {`{"status":200,"isAttachment":true}`, "AAH/", 200, bridge.Header{}, "\x00\x01\xff"},
		"data URL":        {`{"status":200,"isAttachment":true}`, "data:image/png;base64,AAH/gA==", 200, bridge.Header{}, "\x00\x01\xff\x80"},
		"base64 unpadded": {`{"status":200,"isAttachment":true}`, "gA", 200, bridge.Header{}, "\x80"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.payload, tt.body)
			r, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
			if err != nil {
				t.Fatal(err)
			}
			data, err := r.Bytes()
			if r.Status != tt.status || string(data) != tt.want || err != nil || !maps.EqualFunc(r.Header, tt.header, func(a, b []string) bool { return reflect.DeepEqual(a, b) }) {
				t.Errorf("got %d %v %q (%v), want %d %v %q", r.Status, r.Header, data, err, tt.status, tt.header, tt.want)
			}
		})
	}
}

func TestRequestRemoteInvalidAnswers(t *testing.T) {
	tests := map[string]struct{ payload, body string }{
		"undefined":            {"", ""},
		"null":                 {"null", ""},
		"a number":             {"5", ""},
		"an array":             {"[]", ""},
		"no JSON":              {`{"status":200`, ""},
		"no status":            {`{"headers":{}}`, "x"},
		"status 999":           {`{"status":999}`, ""},
		"status 100":           {`{"status":100}`, ""},
		"status 200.5":         {`{"status":200.5}`, ""},
		"status as text":       {`{"status":"200"}`, ""},
		"body on 204":          {`{"status":204}`, "x"},
		"body on 205":          {`{"status":205}`, "x"},
		"body on 304":          {`{"status":304}`, "x"},
		"body is an object":    {`{"status":200,"body":{"a":1}}`, ""},
		"headers are a number": {`{"status":200,"headers":5}`, ""},
		"headers are null":     {`{"status":200,"headers":null}`, ""},
		"headers are a list":   {`{"status":200,"headers":["a"]}`, ""},
		"pair of three":        {`{"status":200,"headers":[["a","b","c"]]}`, ""},
		"header of two lines":  {`{"status":200,"headers":{"a":"b\r\nc: d"}}`, ""},
		"header not Latin-1":   {`{"status":200,"headers":{"a":"世"}}`, ""},
		"status text":          {`{"status":200,"statusText":"a\nb"}`, ""},
		"too much padding":     {`{"status":200,"isAttachment":true}`, "YWJj="},
		"half the padding":     {`{"status":200,"isAttachment":true}`, "YQ="},
		"header is a number":   {`{"status":200,"headers":{"a":5}}`, ""},
		"header name":          {`{"status":200,"headers":{"a b":"c"}}`, ""},
		"not base64":           {`{"status":200,"isAttachment":true}`, "!!!!"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.payload, tt.body)
			_, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Path: "/"})
			if !errors.Is(err, bridge.ErrInvalidResponse) || errors.Is(err, bridge.ErrRejected) {
				t.Errorf("got %v, want ErrInvalidResponse", err)
			}
		})
	}
}
