package bridge_test

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/utf8text"
	"github.com/forgego/forgego/secret"
	"github.com/forgego/forgego/wasm"
)

// These tests compare our encoders and decoders with the browser that they run in.

// texts returns texts made of these pieces. They are the same in each run.
func texts(pieces []string, count int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	all := []string{""}
	for range count {
		var b strings.Builder
		for range 1 + random.IntN(7) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		all = append(all, b.String())
	}
	return all
}

// captured is the last request's body and Content-Type.
type captured struct{ body, contentType string }

func (c *captured) Fetch(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	*c = captured{string(r.Body), r.Header.Get("Content-Type")}
	return bridge.FetchResponse{Status: 204, Header: bridge.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
}

// TestFormDataMatchesTheBrowser checks that WithDirect sends the same bytes as the browser for the same form.
func TestFormDataMatchesTheBrowser(t *testing.T) {
	sent := &captured{}
	client := bridge.New(nil, bridge.WithDirect(bridge.TokenFunc(func(context.Context, string) (bridge.Token, error) {
		return bridge.Token{Value: secret.New("t"), ExpiresAt: time.Now().Add(time.Hour), BaseURL: "https://remote.example"}, nil
	})), bridge.WithFetcher(sent))
	// make returns the browser's encoding of fields and files, each of four texts: name, value, file name and type.
	makeForm := evaluate(`async (json) => {
		const parts = JSON.parse(json);
		const form = new FormData();
		for (const [name, value, filename, type] of parts) {
			if (filename === undefined) form.append(name, value);
			else form.append(name, new Blob([value], { type }), filename);
		}
		// Over the network, because WebKit cannot read a form with a blob in the page.
		const response = await fetch('/echo', { method: 'POST', body: form });
		const type = response.headers.get('x-content-type');
		return [type.replace(/^multipart\/form-data; ?boundary=/, ''), await response.text()];
	}`)
	pieces := []string{"\n", "\r", "\r\n", `"`, `\`, "%0A", "%", "a", "\t", "\x00", " ", ";", "ä", "世", "🎉", "\u2028", "\uFEFF", "--", "\x7f"}
	names := texts(pieces, 60)
	var form bridge.FormData
	var parts [][]string
	add := func(name, value, filename, contentType string, isFile bool) {
		if isFile {
			form.File(name, filename, contentType, []byte(value))
			parts = append(parts, []string{name, value, filename, contentType})
		} else {
			form.Field(name, value)
			parts = append(parts, []string{name, value})
		}
	}
	add("te\nxt", "a\nb\rc", "", "", false)
	for i, name := range names {
		value, other := names[(i+1)%len(names)], names[(i+2)%len(names)]
		add(name, value, "", "", false)
		add(name, value, other, []string{"", "text/plain", "Text/HTML; Charset=ä", "image/PNG"}[i%4], true)
	}
	if _, err := bridge.RequestRemote(bridge.NewContext(t.Context(), client), "tasks-api", bridge.Request{Method: "POST", Path: "/", Body: &form}); err != nil {
		t.Fatal(err)
	}
	// As JSON, because syscall/js loses a byte order mark at the start of a text.
	data, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	promise, err := makeForm.Invoke(string(data))
	if err != nil {
		t.Fatal(err)
	}
	made, err := wasm.Await(t.Context(), promise)
	if err != nil {
		t.Fatal(err)
	}
	boundary, want := safejs.Unsafe(made).Index(0).String(), safejs.Unsafe(made).Index(1).String()
	ours, ok := strings.CutPrefix(sent.contentType, "multipart/form-data; boundary=")
	if !ok || boundary == "" {
		t.Fatalf("types %q and %q", sent.contentType, boundary)
	}
	got := strings.Split(sent.body, "--"+ours)
	theirs := strings.Split(want, "--"+boundary)
	if len(got) != len(theirs) || len(got) != len(parts)+2 {
		t.Fatalf("%d parts, want %d", len(got), len(theirs))
	}
	for i := range got {
		if got[i] != theirs[i] {
			t.Errorf("part %d of ours: %q; the browser's: %q", i, got[i], theirs[i])
		}
	}
}

// TestDecodedTextMatchesTheBrowser checks that package utf8text, which decodes event streams, decodes all bytes as the
// browser does.
func TestDecodedTextMatchesTheBrowser(t *testing.T) {
	pieces := []string{"a", "\xEF\xBB\xBF", "\xEF", "\xBB", "\xBF", "\x80", "\xC0", "\xC3", "\xA4", "\xE0", "\xE4\xB8", "\x96", "\xED", "\xA0", "\xF0", "\xF0\x9F\x8E", "\x89", "\xF4", "\x90", "\xF5", "\xFF", "\x00", "世", "\uFFFD"}
	decode := evaluate(`(bytes) => new TextDecoder().decode(bytes)`)
	for _, text := range append(texts(pieces, 3000), pieces...) {
		array, err := evaluate(`Uint8Array`).New(len(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := safejs.CopyBytesToJS(array, []byte(text)); err != nil {
			t.Fatal(err)
		}
		want, err := decode.Invoke(safejs.Unsafe(array))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(utf8text.Decode([]byte(text))); got != safejs.Unsafe(want).String() {
			t.Errorf("%q is %q, in the browser %q", text, got, safejs.Unsafe(want).String())
		}
	}
}
