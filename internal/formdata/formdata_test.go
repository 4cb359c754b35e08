package formdata

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
)

func TestEncode(t *testing.T) {
	tests := map[string]struct {
		part Part
		want string
	}{
		"field":                    {Part{Name: "te", Value: "a"}, "name=\"te\"\r\n\r\na"},
		"line breaks in a value":   {Part{Name: "te", Value: "a\nb\rc\r\nd\n\re\r\r\n"}, "name=\"te\"\r\n\r\na\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n"},
		"line breaks in a name":    {Part{Name: "te\nx\rt\r\n", Value: "a"}, "name=\"te%0D%0Ax%0D%0At%0D%0A\"\r\n\r\na"},
		"quotes":                   {Part{Name: `a"b\c`, Value: `"`}, "name=\"a%22b\\c\"\r\n\r\n\""},
		"other characters":         {Part{Name: "ä%0A\t世", Value: "ü\x00"}, "name=\"ä%0A\t世\"\r\n\r\nü\x00"},
		"empty":                    {Part{}, "name=\"\"\r\n\r\n"},
		"file":                     {Part{Name: "f", Value: "a\nb\r\n", IsFile: true, Filename: "a.txt", ContentType: "Text/Plain"}, "name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\na\nb\r\n"},
		"line breaks in filenames": {Part{Name: "f", IsFile: true, Filename: "a\nb\rc\r\n\""}, "name=\"f\"; filename=\"a%0Ab%0Dc%0D%0A%22\"\r\nContent-Type: application/octet-stream\r\n\r\n"},
		"a type that ends a line":  {Part{Name: "f", IsFile: true, ContentType: "a/b\r\nX: y"}, "name=\"f\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			body, contentType := Encode([]Part{tt.part})
			boundary, ok := strings.CutPrefix(contentType, "multipart/form-data; boundary=")
			if !ok {
				t.Fatalf("Content-Type is %q", contentType)
			}
			want := "--" + boundary + "\r\nContent-Disposition: form-data; " + tt.want + "\r\n--" + boundary + "--\r\n"
			if string(body) != want {
				t.Errorf("got %q, want %q", body, want)
			}
		})
	}
	if body, contentType := Encode(nil); string(body) != "--"+strings.TrimPrefix(contentType, "multipart/form-data; boundary=")+"--\r\n" {
		t.Errorf("an empty form is %q", body)
	}
}

// FuzzEncode checks that a part cannot end early or start another part.
func FuzzEncode(f *testing.F) {
	f.Add("te\nxt", "a\nb\rc", false, "", "")
	f.Add("file", "\r\n------forgego", true, "a\"\r\n.txt", "text/plain\r\nX: y")
	f.Add("", "\r\n--\r\n\r\n", true, `\"`, "é")
	f.Fuzz(func(t *testing.T, name, value string, isFile bool, filename, contentType string) {
		// Browsers do not change other control characters, and Go does not read headers that contain them.
		if strings.ContainsFunc(name+filename, func(c rune) bool { return (c < ' ' || c == 0x7f) && c != '\r' && c != '\n' }) {
			return
		}
		p := Part{name, value, isFile, filename, contentType}
		body, bodyType := Encode([]Part{p, p})
		_, parameters, err := mime.ParseMediaType(bodyType)
		if err != nil {
			t.Fatal(err)
		}
		reader := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
		for range 2 {
			part, err := reader.NextRawPart()
			if err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			content, err := io.ReadAll(part)
			if err != nil {
				t.Fatal(err)
			}
			if want := lineBreaks(value); isFile && string(content) != value || !isFile && string(content) != want {
				t.Fatalf("content %q, want %q", content, want)
			}
			if len(part.Header) > 2 || len(part.Header["Content-Type"]) > 1 {
				t.Fatalf("header %v", part.Header)
			}
		}
		if _, err := reader.NextRawPart(); err != io.EOF {
			t.Fatalf("a third part: %v", err)
		}
	})
}
