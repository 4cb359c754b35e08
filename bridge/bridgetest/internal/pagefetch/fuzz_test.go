//go:build !js

package pagefetch

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
)

// For any payload, reading it does not panic, and the token goes only to the remote.
func FuzzRead(f *testing.F) {
	for _, payload := range []string{
		`{"remoteKey":"a","fetchRequestInit":{"path":"/t","method":"POST","headers":[["a","b"]],"body":"x"}}`,
		`{"remoteKey":"a","fetchRequestInit":{"path":"@evil.example","headers":{"a":"b"}}}`,
		`{"remoteKey":"a","fetchRequestInit":{"method":"PUT","body":"{\"file\":\"data:,\",\"__fileName\":\"\"}"},"isMultipartFormData":true}`,
	} {
		f.Add(payload)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		fetch, err := Read([]byte(payload), nil)
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
			if strings.ContainsFunc(name+jsvalue.String(value), func(c rune) bool { return (c < ' ' || c == 0x7f) && c != '\r' && c != '\n' }) {
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
			if ok && p.FileName() == "" && utf8.ValidString(form) && !strings.Contains(p.Header.Get("Content-Disposition"), "filename") && lineBreaks.Replace(jsvalue.String(value)) != string(content) {
				t.Errorf("%q: %q is %q", form, p.FormName(), content)
			}
		}
		if parts > len(fields) || parts*3 < len(fields) {
			t.Errorf("%q: %d fields become %d parts", form, len(fields), parts)
		}
	})
}
