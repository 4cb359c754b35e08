package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
)

// form is a FormData in JavaScript. The names of its files begin with "file", because the official client requires this.
const form = `(() => {
	const all = Uint8Array.from({ length: 256 }, (_, i) => i);
	const large = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31 + (i >> 8)) & 255);
	const form = new FormData();
	form.append("title", "Ünï \"quoted\" 😀");
	form.append("empty", "");
	form.append("lines", "a\nb\r\nc\rd");
	form.append("a \"name\"\nü", "--\r\n");
	form.append("zero", "a\0b");
	form.append("file", new File([all], "all.bin", { type: "application/octet-stream" }));
	form.append("fileQuoted", new File(["…"], "a \"b\" ü 😀\\c\r\n.txt", { type: "text/plain;charset=utf-8" }));
	form.append("file \"ü\"", new File([all, all], "x.png", { type: "image/png" }));
	form.append("fileEmpty", new File([], "empty.dat"));
	form.append("fileBlob", new Blob(["x"], { type: "Text/HTML" }));
	form.append("fileList", new File([all], "list", { type: "text/x-own; list=\"a,b;base64,c\"" }));
	form.append("fileLarge", new File([large], "large.zip", { type: "application/zip" }));
	form.append("last", "1");
	return form;
})()`

// TestOfficialFormData checks that the body that the host builds from the official client's form has the same bytes as the
// body that the browser itself sends for this form.
func TestOfficialFormData(t *testing.T) {
	o := newOfficial(t)
	if got := o.request("backend", `{ path: "/form", method: "POST", headers: { "content-type": "text/plain", "x-own": "1" }, body: `+form+` }`); got.Status != 200 {
		t.Fatalf("the app gets %+v", got)
	}
	rebuilt := o.arrived(t)
	if rebuilt.method != "POST" || rebuilt.uri != "/form" || rebuilt.header.Get("X-Own") != "1" {
		t.Errorf("the remote gets %s %s, x-own %q", rebuilt.method, rebuilt.uri, rebuilt.header.Get("X-Own"))
	}

	t.Run("as the browser sends it", func(t *testing.T) {
		o.Eval(fmt.Sprintf(`fetch(%q, { method: "POST", body: %s }).then(({ ok }) => ok)`, o.stage.url+"/form", form), nil)
		sent := o.stage.take()
		if len(sent) != 1 {
			t.Fatalf("the remote gets %d requests", len(sent))
		}
		got, want := withoutBoundary(t, rebuilt), withoutBoundary(t, sent[0])
		if got == want {
			return
		}
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		from := max(0, at-60)
		t.Errorf("after %d bytes the host's body is\n%.200q\nand the browser's\n%.200q", at, got[from:], want[from:])
	})

	t.Run("by its parts", func(t *testing.T) {
		all := make([]byte, 256)
		for i := range all {
			all[i] = byte(i)
		}
		large := make([]byte, 1<<20)
		for i := range large {
			large[i] = byte(i*31 + i>>8)
		}
		wantParts(t, rebuilt, []part{
			{`name="title"`, "", []byte(`Ünï "quoted" 😀`)},
			{`name="empty"`, "", nil},
			{`name="lines"`, "", []byte("a\r\nb\r\nc\r\nd")},
			{`name="a %22name%22%0D%0Aü"`, "", []byte("--\r\n")},
			{`name="zero"`, "", []byte("a\x00b")},
			{`name="file"; filename="all.bin"`, "application/octet-stream", all},
			{`name="fileQuoted"; filename="a %22b%22 ü 😀\c%0D%0A.txt"`, "text/plain;charset=utf-8", []byte("…")},
			{`name="file %22ü%22"; filename="x.png"`, "image/png", append(bytes.Clone(all), all...)},
			{`name="fileEmpty"; filename="empty.dat"`, "application/octet-stream", nil},
			{`name="fileBlob"; filename="blob"`, "text/html", []byte("x")},
			{`name="fileList"; filename="list"`, `text/x-own; list="a,b;base64,c"`, all},
			{`name="fileLarge"; filename="large.zip"`, "application/zip", large},
			{`name="last"`, "", []byte("1")},
		})
	})

	t.Run("an empty form", func(t *testing.T) {
		if got := o.request("backend", `{ path: "/form", method: "PUT", body: new FormData() }`); got.Status != 200 {
			t.Fatalf("the app gets %+v", got)
		}
		wantParts(t, o.arrived(t), nil)
	})
	o.Page.Quiet()
}

func boundary(t *testing.T, q request) string {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(q.header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		t.Fatalf("the content-type is %q", q.header.Get("Content-Type"))
	}
	return parameters["boundary"]
}

// withoutBoundary returns a form's body with a fixed word in place of the boundary, which is different in each body.
func withoutBoundary(t *testing.T, q request) string {
	t.Helper()
	return strings.ReplaceAll(q.body, boundary(t, q), "BOUNDARY")
}

// part is a part of a form: its disposition after "form-data; ", as it is written, its type, and its bytes.
type part struct {
	disposition, contentType string
	body                     []byte
}

func wantParts(t *testing.T, q request, want []part) {
	t.Helper()
	reader := multipart.NewReader(strings.NewReader(q.body), boundary(t, q))
	for i := 0; ; i++ {
		p, err := reader.NextRawPart()
		if err == io.EOF {
			if i != len(want) {
				t.Errorf("the form has %d parts, want %d", i, len(want))
			}
			return
		}
		if err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
		if i >= len(want) {
			t.Errorf("there is a part too many: %v", p.Header)
			continue
		}
		w := want[i]
		if got := p.Header.Get("Content-Disposition"); got != "form-data; "+w.disposition {
			t.Errorf("part %d is %s, want form-data; %s", i, got, w.disposition)
		}
		if got := p.Header.Get("Content-Type"); got != w.contentType {
			t.Errorf("%s has the type %q, want %q", w.disposition, got, w.contentType)
		}
		if !bytes.Equal(body, w.body) {
			t.Errorf("%s has %d bytes %.100q, want %d %.100q", w.disposition, len(body), body, len(w.body), w.body)
		}
	}
}
