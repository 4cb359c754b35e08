//go:build !js

package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/forgego/forgego/internal/weburl"
	"github.com/forgego/forgego/secret"
)

// FuzzJSON compares the scanner with encoding/json: both must agree on what an object is, and on its members.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, ` {"a" : [1, -2.5e+3, true, false, null, "x\u00e9\ud83c\udf89"] , "b":{}} `, `{"a":1,"a":2}`, `[1]`, `{"a":01}`,
		`{"a":1,}`, `{"a"}`, `{`, `{"a":"\ud83c"}`, `{"success":true,"payload":{"status":200,"headers":{"x":["1","2"]},"body":{"n":1}}}`,
		`{"a":.5}`, `{"a":1.}`, `{"a":-}`, `{"a":1e}`, "{\"a\":\"\x01\"}", `{"a":nul}`, `{"a":1}x`, `[{"a":[]},[]]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want map[string]json.RawMessage
		err := json.Unmarshal(data, &want)
		isObject := err == nil && want != nil
		if got := isJSONObject(data); got != isObject {
			t.Fatalf("isJSONObject(%q) = %v; encoding/json: %v", data, got, err)
		}
		got := map[string][]byte{}
		object := scanner{data: data}
		for name := range object.members() {
			got[name] = object.raw()
		}
		if isObject && object.bad {
			t.Fatalf("members rejected %q", data)
		}
		array := scanner{data: data}
		for range array.elements() {
			array.string()
		}
		if !isObject || !utf8.Valid(data) {
			return // names that are not UTF-8 are replaced in different ways
		}
		if len(got) != len(want) {
			t.Fatalf("%q: members %q, want %q", data, got, want)
		}
		for name, value := range got {
			if !bytes.Equal(bytes.TrimSpace(value), bytes.TrimSpace(want[name])) {
				t.Fatalf("%q: %q is %s, want %s", data, name, value, want[name])
			}
			var text string
			gotText, isString := (&scanner{data: value}).string()
			if err := json.Unmarshal(value, &text); isString != (err == nil && value[0] == '"') || gotText != text {
				t.Fatalf("%s: %q, want %q", value, gotText, text)
			}
		}
	})
}

// FuzzAnswers checks that each answer of a host becomes a response or an error.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"status":200,"statusText":"OK","headers":{"content-type":"text/plain"}}`), []byte("hello"))
	f.Add([]byte(`{"status":200,"headers":{"a":["b","c"]},"isAttachment":true}`), []byte("data:image/png;base64,AAEC"))
	f.Add([]byte(`{"success":true,"payload":{"status":200,"headers":{"a":["b"]},"body":{"a":1}}}`), []byte(nil))
	f.Add([]byte(`{"success":false,"error":{"message":"no"}}`), []byte(nil))
	f.Add([]byte(`{"status":999}`), []byte{})
	f.Add([]byte(`null`), []byte{0xff})
	f.Fuzz(func(t *testing.T, payload, body []byte) {
		check := func(r *Response, err error) {
			if (r == nil) == (err == nil) {
				t.Fatalf("response %v, error %v", r, err)
			}
			if r == nil {
				return
			}
			if r.Status < 200 || r.Status > 599 || r.Body == nil || r.Header == nil {
				t.Fatalf("response %+v", r)
			}
			if _, err := r.Bytes(); err != nil {
				t.Fatal(err)
			}
		}
		check(fetchResponse(Answer{Payload: payload, Body: body}))
		check(invokeResponse(Answer{Payload: payload}))
	})
}

// FuzzStatusError checks that the message from any body is one short printable line without tokens, and that it is what
// encoding/json finds.
func FuzzStatusError(f *testing.F) {
	for _, seed := range []string{
		`{"detail":"There is one.","title":"Conflict"}`, `{"message":" a\n\u001bb\u202ec"}`, `{"error":"Bearer 0123456789abcdef"}`,
		`{"errorMessages":["a",7,"b"]}`, `{"error":"eyJhIjoxfQ.eyJhIjoxfQ.c2ln"}`, "{\"title\":\"\xff\"", `{"error":{"message":"x"}}`, `[`,
	} {
		f.Add([]byte(seed), "Not Found")
	}
	f.Fuzz(func(t *testing.T, body []byte, statusText string) {
		const token = "s3cret+token"
		r := &Response{Status: 500, StatusText: statusText, Body: newBody(body), hide: func(text string) string { return hideSecret(secret.New(token), text) }}
		status, ok := errors.AsType[*StatusError](r.Err())
		if !ok {
			t.Fatal(r.Err())
		}
		for _, line := range []string{status.Message, status.StatusText} {
			for _, c := range line {
				if !strconv.IsPrint(c) {
					t.Fatalf("%q has %q", line, c)
				}
			}
			if utf8.RuneCountInString(line) > maxMessage+1 || !utf8.ValidString(line) || strings.TrimSpace(line) != line || strings.Contains(line, token) || jwt.MatchString(line) {
				t.Fatalf("%q became %q", body, line)
			}
		}
		var known map[string]json.RawMessage
		if json.Unmarshal(body, &known) != nil || !utf8.Valid(body) || len(body) > maxErrorBody {
			return
		}
		var want string
		for _, name := range []string{"detail", "title", "message", "error"} {
			var text string
			_ = json.Unmarshal(known[name], &text)
			if text = r.printable(text); text != "" {
				want = text
				break
			}
		}
		var list []any
		_ = json.Unmarshal(known["errorMessages"], &list)
		var texts []string
		for _, element := range list {
			if text, _ := element.(string); text != "" {
				texts = append(texts, text)
			}
		}
		if want == "" {
			want = r.printable(strings.Join(texts, "; "))
		}
		if status.Message != want {
			t.Fatalf("%q became %q, want %q", body, status.Message, want)
		}
	})
}

var jwt = regexp.MustCompile(`eyJ[\w-]*\.`)

// FuzzElements checks that the pieces in which a body arrives do not matter, and that the elements of an array are those
// that encoding/json finds.
func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[1,"a]",{"b":[2]}]`, "1\n\n{\"a\":1}\r\n2", "\uFEFF [ ] ", `[1,,2]`, `[1]2`, `["a\\",3`, "[1]\n[2]", "\xEF\xBB", `[{]}]`} {
		f.Add([]byte(seed), uint8(2), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, size uint8, lines bool) {
		read := func(size int) (got []string, err error) {
			contentType := "application/json"
			if lines {
				contentType = "application/jsonl"
			}
			to := func(context.Context, Request) (*Response, error) {
				return &Response{Status: 200, Header: Header{"Content-Type": {contentType}}, Body: io.NopCloser(pieces{bytes.NewReader(data), max(size, 1)})}, nil
			}
			for element, failure := range Stream[json.RawMessage](t.Context(), to, Request{}) {
				if err = failure; err == nil {
					got = append(got, string(element))
				}
			}
			return got, err
		}
		want, wantErr := read(len(data))
		for _, size := range []int{1, int(size)} {
			if got, err := read(size); !reflect.DeepEqual(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
				t.Fatalf("%q in pieces of %d: got %q, %v, want %q, %v", data, size, got, err, want, wantErr)
			}
		}
		var array []json.RawMessage
		body := bytes.TrimPrefix(data, []byte(mark))
		isArray := json.Unmarshal(body, &array) == nil && array != nil && !lines
		if isArray && (wantErr != nil || len(array) != len(want)) {
			t.Fatalf("%q: got %q, %v", data, want, wantErr)
		}
		for i := range array {
			if isArray && string(array[i]) != want[i] {
				t.Fatalf("%q: element %d is %q, want %q", data, i, want[i], array[i])
			}
		}
		if !isArray && wantErr == nil && !lines && len(bytes.TrimSpace(body)) > 0 && bytes.TrimSpace(body)[0] == '[' {
			t.Fatalf("%q is not JSON, but was read as %q", data, want)
		}
	})
}

// FuzzDirectURL checks that each base and path become an error, or an address below the base's path, with its origin.
func FuzzDirectURL(f *testing.F) {
	for _, base := range []string{"https://tasks.example.com", "https://example.com/api/", "http://127.0.0.1:8787", "http://[::1]:1/a", "https://a@b", `https://a\b`} {
		for _, path := range []string{"/", "/tasks?x=1", "//evil", "@evil", `/\evil`, ".evil", "https://evil", "/a/../b", "/%2e%2e/", "/\t", "/#", "/é", "/a;b=c:80@d"} {
			f.Add(base, path)
		}
	}
	f.Fuzz(func(t *testing.T, base, path string) {
		got, origin, err := directURL(base, path)
		if err != nil {
			return
		}
		at, err := weburl.ParseBase(base)
		if err != nil || origin != at.Origin() || !strings.HasPrefix(got, origin+strings.TrimSuffix(at.Path, "/")+"/") {
			t.Fatalf("%q + %q became %q, origin %q, %v", base, path, got, origin, err)
		}
		// Other URL parsers must see the same host.
		u, err := url.Parse(got)
		if err == nil && (u.Scheme+"://"+u.Host != origin || u.User != nil || u.Fragment != "") {
			t.Fatalf("%q + %q became %q, origin %q", base, path, got, origin)
		}
		route, _, _ := strings.Cut(got, "?")
		if strings.ContainsAny(got, "\t\r\n #") || strings.Contains(route, `\`) {
			t.Fatalf("%q + %q became %q, which browsers read in another way", base, path, got)
		}
	})
}

// FuzzEventStream checks that the size of the pieces does not matter, and that each event is valid UTF-8.
func FuzzEventStream(f *testing.F) {
	for _, seed := range []string{
		"data: a\n\n", "\uFEFFid: 1\rdata: a\r\ndata\r\n\r\n", "retry: 99999999999999999999\nevent: x\ndata:\xE4\xB8\n\n", ": ping\n\nid: \x00\nid\ndata: b\n\n",
		"data: \xF0\x9F\x8E\r\r", "\xEF\xBB\ndata: a\n\n", "event\nevent: \xFF\ndata\ndata\n\n\n",
	} {
		f.Add([]byte(seed), uint8(1), uint8(7))
	}
	f.Fuzz(func(t *testing.T, data []byte, small, large uint8) {
		read := func(size int) (got []ServerSentEvent, stream eventStream, err error) {
			stream.retry = defaultRetry
			err = stream.read(pieces{bytes.NewReader(data), max(size, 1)}, func(e ServerSentEvent) bool {
				got = append(got, e)
				return true
			})
			return got, stream, err
		}
		want, wantStream, wantErr := read(len(data))
		for _, e := range want {
			if !utf8.ValidString(e.ID+e.Type+e.Data) || e.Type == "" || strings.ContainsAny(e.ID+e.Type+e.Data, "\r") || strings.Contains(e.ID, "\x00") {
				t.Fatalf("%q: got event %+v", data, e)
			}
		}
		if wantErr != nil && len(data) <= maxEvent || wantStream.retry < minRetry || wantStream.retry > maxAskedWait {
			t.Fatalf("%q: %v, retry %v", data, wantErr, wantStream.retry)
		}
		for _, size := range []int{1, int(small), int(large)} {
			got, stream, err := read(size)
			if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) || stream.lastID != wantStream.lastID || stream.retry != wantStream.retry {
				t.Fatalf("%q in pieces of %d: got %+v, %v, want %+v, %v", data, size, got, err, want, wantErr)
			}
		}
	})
}

// FuzzHeaderNames compares the names with those of net/http.
func FuzzHeaderNames(f *testing.F) {
	for _, name := range []string{"", "a", "Content-Type", "content-type", "CONTENT-TYPE", "x--y", "-a", "ä", "a b", "x_y-z", "a\n"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got, want := Header{}, http.Header{}
		got.Set(name, "1")
		want.Set(name, "1")
		if !reflect.DeepEqual(http.Header(got), want) {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	})
}
