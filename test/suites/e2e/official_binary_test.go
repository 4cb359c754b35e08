package e2e

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestOfficialBinary checks that the bytes of a remote's answer reach the app unchanged, whatever their type is.
func TestOfficialBinary(t *testing.T) {
	o := newOfficial(t)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	large := make([]byte, 1<<20)
	for i, random := 0, rand.New(rand.NewPCG(1, 2)); i < len(large); i++ {
		large[i] = byte(random.UintN(256))
	}
	for _, test := range []struct {
		name, contentType string
		body              []byte
	}{
		{"an image", "image/png", all},
		{"bytes", "application/octet-stream", all},
		{"no type", "", all},
		{"a type with a comma", `application/x-own; list="a,b"`, all},
		{"a type that is none", "what, is; this", all},
		{"bytes that say they are text", "text/plain; charset=utf-8", all},
		{"bytes that say they are JSON", "application/json", all},
		{"text in another encoding", "text/plain; charset=utf-16le", []byte("\xff\xfea\x00\xe4\x00\x00\xd8")},
		{"text with a byte order mark and a zero", "text/plain", []byte("\xef\xbb\xbfa\x00b")},
		{"a picture that is text", "image/svg+xml", []byte("<svg>\r\nü</svg>")},
		{"text that says it is bytes", "application/octet-stream", []byte("data:text/plain;base64,AAEC")},
		{"one byte", "application/pdf", []byte{0xff}},
		{"none", "application/pdf", nil},
		{"a megabyte", "application/zip", large},
	} {
		t.Run(test.name, func(t *testing.T) {
			o.stage.play(says(200, test.contentType, string(test.body)))
			got := o.request("backend", `{ path: "/a" }`)
			if !bytes.Equal(got.Body, test.body) {
				t.Errorf("the app gets %d bytes %.100q, want %d %.100q; error %q", len(got.Body), got.Body, len(test.body), test.body, got.Error)
			}
			if got.Headers["content-type"] != test.contentType {
				t.Errorf("their type is %q, want %q", got.Headers["content-type"], test.contentType)
			}
		})
	}
	o.Page.Quiet()
}
