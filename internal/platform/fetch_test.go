package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// The contract of internal/hosttest tests what a remote gets, for this code and for a browser. This file tests the
// rest.

func TestReadFetch(t *testing.T) {
	for name, tt := range map[string]struct {
		payload string
		body    []byte
		want    string // method, path, body, redirect
		refused string // the error's name or code
	}{
		"the least":               {payload: `{"remoteKey":"a"}`, want: `GET "" "" follow`},
		"a body in its place":     {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","path":"/t","body":"x"}}`, want: `POST "/t" "x" follow`},
		"a body beside":           {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","body":""}}`, body: []byte("x"), want: `POST "" "x" follow`},
		"an empty body":           {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"HEAD","body":""}}`, body: []byte{}, want: `HEAD "" "" follow`},
		"a body of numbers":       {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"POST","body":[1,null,"a",{}]}}`, want: `POST "" "1,,a,[object Object]" follow`},
		"a path of another type":  {payload: `{"remoteKey":"a","fetchRequestInit":{"path":7,"redirect":"manual"}}`, want: `GET "7" "" manual`},
		"an own method":           {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"patch"}}`, want: `patch "" "" follow`},
		"options of another type": {payload: `{"remoteKey":"a","fetchRequestInit":7}`, want: `GET "" "" follow`},
		"no key":                  {payload: `{}`, refused: "INVALID_REQUEST"},
		"null for a key":          {payload: `{"remoteKey":null}`, refused: "INVALID_REQUEST"},
		"no object":               {payload: `[]`, refused: "INVALID_REQUEST"},
		"nothing":                 {payload: ``, refused: "INVALID_REQUEST"},
		"headers of three":        {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":[["a","b","c"]]}}`, refused: "TypeError"},
		"headers of texts":        {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":["a"]}}`, refused: "TypeError"},
		"headers of a number":     {payload: `{"remoteKey":"a","fetchRequestInit":{"headers":7}}`, refused: "TypeError"},
		"HEAD with a body":        {payload: `{"remoteKey":"a","fetchRequestInit":{"method":"HEAD","body":"x"}}`, refused: "TypeError"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ReadFetch([]byte(tt.payload), tt.body)
			if tt.refused != "" {
				var failed *Error
				if !errors.As(err, &failed) || failed.Name != tt.refused && string(failed.Code) != tt.refused {
					t.Errorf("got %v, want %s", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			quote := func(text string) string { return `"` + text + `"` }
			if got := strings.Join([]string{f.Method, quote(f.Path), quote(string(f.Body)), f.Redirect}, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestFetchHeader(t *testing.T) {
	for name, tt := range map[string]struct{ given, want string }{
		"what a browser keeps": {`{"Cookie":"a","host":"b","Sec-Fetch-Mode":"c","proxy-x":"d","content-length":"1","authorization":"e","x":"1"}`, "X: 1\r\n"},
		"a method inside":      {`{"x-http-method-override":"PUT, trace","x-http-method":"PUT"}`, "X-Http-Method: PUT\r\n"},
		"two cases of a name":  {`{"X-A":"1","x-a":" 2\t"}`, "X-A: 1, 2\r\n"},
		"a number":             {`{"x-a":7}`, "X-A: 7\r\n"},
		"null":                 {`null`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			header, err := fetchHeader([]byte(tt.given))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := header.Write(&b); err != nil || b.String() != tt.want {
				t.Errorf("got %q (%v), want %q", b.String(), err, tt.want)
			}
		})
	}
}

func TestUnpack(t *testing.T) {
	answer := func(coding, body string) *http.Response {
		return &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {coding}}, Body: io.NopCloser(strings.NewReader(body))}
	}
	if _, body, err := ReadFetchAnswer(answer("br", "as it is")); body != "as it is" || err != nil {
		t.Errorf("an unknown coding returns %q (%v)", body, err)
	}
	var failed *Error
	if _, _, err := ReadFetchAnswer(answer("gzip", "not packed")); !errors.As(err, &failed) || failed.Message != "Failed to fetch" {
		t.Errorf("an uncompressed body returns %v", err)
	}
}

// For any payload, reading it does not panic, and the token goes only to the remote.
func FuzzReadFetch(f *testing.F) {
	for _, payload := range []string{
		`{"remoteKey":"a","fetchRequestInit":{"path":"/t","method":"POST","headers":[["a","b"]],"body":"x"}}`,
		`{"remoteKey":"a","fetchRequestInit":{"path":"@evil.example","headers":{"a":"b"}}}`,
		`{"remoteKey":"a","fetchRequestInit":{"method":"PUT","body":"{\"file\":\"data:,\",\"__fileName\":\"\"}"},"isMultipartFormData":true}`,
	} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		fetch, err := ReadFetch([]byte(payload), nil)
		if err != nil {
			return
		}
		r, err := fetch.Request("https://x.example.com/api", "token")
		if err == nil && (r.URL.Host != "x.example.com" || r.URL.Scheme != "https" || r.Header.Get("Authorization") != "Bearer token") {
			t.Errorf("%s leads to %s with %q", payload, r.URL, r.Header.Get("Authorization"))
		}
	})
}

// Every rebuilt form can be parsed, and has the original texts.
func FuzzRebuildForm(f *testing.F) {
	for _, form := range []string{
		`{"a":"1","b":"ü\r\n"}`, `{"file":"data:a/b;base64,YQ==","__fileName":"a\"\n.txt","__fileType":"a/b"}`, `{"\r":"","--":"--"}`, `{"":null}`,
	} {
		f.Add(form)
	}
	f.Fuzz(func(t *testing.T, form string) {
		body, contentType, err := rebuildForm([]byte(form))
		if err != nil {
			return
		}
		_, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(form), &fields); err != nil {
			t.Fatal(err)
		}
		for name, value := range fields {
			// Browsers do not change other control characters, and Go does not read headers that contain them.
			if strings.ContainsFunc(name+jsString(value), func(c rune) bool { return (c < ' ' || c == 0x7f) && c != '\r' && c != '\n' }) {
				return
			}
		}
		lineBreaks := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")
		reader, parts := multipart.NewReader(bytes.NewReader(body), params["boundary"]), 0
		for {
			p, err := reader.NextRawPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", form, err)
			}
			parts++
			content, err := io.ReadAll(p)
			if err != nil {
				t.Fatalf("%q: %v", form, err)
			}
			value, ok := fields[p.FormName()]
			if ok && p.FileName() == "" && utf8.ValidString(form) && !strings.Contains(p.Header.Get("Content-Disposition"), "filename") && lineBreaks.Replace(jsString(value)) != string(content) {
				t.Errorf("%q: %q is %q", form, p.FormName(), content)
			}
		}
		if parts > len(fields) || parts*3 < len(fields) {
			t.Errorf("%q: %d fields become %d parts", form, len(fields), parts)
		}
	})
}
