package objectstore_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

// store is a page with a resolver's functions, and the store behind the addresses that they return.
type store struct {
	// answer returns a function's answer to a payload, as JSON; empty means undefined.
	answer func(payload string) (string, error)
	// fetch answers the page's requests.
	fetch func(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error)

	mu   sync.Mutex
	sent []string
}

func (s *store) Call(ctx context.Context, call bridge.Call) (bridge.Answer, error) {
	return s.Start(ctx, call)()
}

// Start makes the store a host that separates sending from waiting, as the page's host does.
func (s *store) Start(_ context.Context, call bridge.Call) func() (bridge.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, call.Command+" "+string(call.Payload))
	return func() (bridge.Answer, error) {
		if call.Command != "invoke" {
			return bridge.Answer{}, errors.New("nobody waits for this")
		}
		var in struct {
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(call.Payload, &in); err != nil {
			return bridge.Answer{}, err
		}
		text, err := s.answer(string(in.Payload))
		if text == "" || err != nil {
			return bridge.Answer{}, err
		}
		return bridge.Answer{Payload: []byte(text)}, nil
	}
}

func (s *store) Fetch(ctx context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	return s.fetch(ctx, r)
}

func (s *store) context(ctx context.Context) context.Context {
	return bridge.NewContext(ctx, bridge.New(s, bridge.WithPageFetcher(s)))
}

// always returns a function that returns the same answer for each call.
func always(text string) func(string) (string, error) {
	return func(string) (string, error) { return text, nil }
}

func respond(status int, contentType, body string) (bridge.FetchResponse, error) {
	return bridge.FetchResponse{Status: status, Header: bridge.Header{"Content-Type": {contentType}}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// The checksums of "hello" and of empty data.
const (
	helloSum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
	emptySum = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
)

var hello = objectstore.Object{Data: []byte("hello"), Type: "Text/Plain"}

func TestUpload(t *testing.T) {
	var mu sync.Mutex
	var put []bridge.FetchRequest
	s := &store{
		answer: always(`{
			"https://store.example/b": {"key":"b","checksum":"` + emptySum + `"},
			"https://store.example/a": {"key":"a","checksum":"` + helloSum + `","ttlSeconds":60},
			"https://store.example/x": {"key":"x","checksum":"?"},
			"https://store.example/full": {"key":"full","checksum":"` + helloSum + `"}
		}`),
		fetch: func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
			mu.Lock()
			defer mu.Unlock()
			put = append(put, r)
			if strings.HasSuffix(r.URL, "full") {
				return respond(507, "", "")
			}
			return respond(200, "", "")
		},
	}
	results, err := objectstore.Upload(s.context(t.Context()), "uploads", hello, objectstore.Object{})
	if err != nil {
		t.Fatal(err)
	}
	wantSent := []string{
		`trackObjectStoreAction {"action":"upload"}`,
		`invoke {"functionKey":"uploads","payload":{"allObjectMetadata":[{"length":5,"checksum":"` + helloSum + `","checksumType":"SHA256"},{"length":0,"checksum":"` + emptySum + `","checksumType":"SHA256"}]}}`,
	}
	if !slices.Equal(s.sent, wantSent) {
		t.Errorf("sent %q\nwant %q", s.sent, wantSent)
	}

	for i, want := range []struct {
		key    string
		status int
		says   string
	}{
		{"b", 200, ""}, {"a", 200, ""}, {"x", 0, "checksum ?"}, {"full", 507, "the object store answered 507"},
	} {
		got := results[i]
		if got.Key != want.key || got.Status != want.status || (got.Err == nil) != (want.says == "") || got.Err != nil && !strings.Contains(got.Err.Error(), want.says) {
			t.Errorf("result %d: got %+v, want %+v", i, got, want)
		}
	}

	slices.SortFunc(put, func(a, b bridge.FetchRequest) int { return strings.Compare(a.URL, b.URL) })
	want := []bridge.FetchRequest{
		{Method: "PUT", URL: "https://store.example/a", Header: bridge.Header{"Content-Type": {"text/plain"}}, Body: []byte("hello")},
		{Method: "PUT", URL: "https://store.example/b", Header: bridge.Header{"Content-Type": {"application/octet-stream"}}, Body: []byte{}},
		{Method: "PUT", URL: "https://store.example/full", Header: bridge.Header{"Content-Type": {"text/plain"}}, Body: []byte("hello")},
	}
	if !reflect.DeepEqual(put, want) {
		t.Errorf("put %+v\nwant %+v", put, want)
	}
}

func TestStartUploads(t *testing.T) {
	release := make(chan struct{})
	s := &store{
		answer: always(`{"/2":{"key":"two","checksum":"` + emptySum + `"},"/1":{"key":"one","checksum":"` + helloSum + `"}}`),
		fetch: func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
			if r.URL == "/2" {
				<-release
			}
			return respond(200, "", "")
		},
	}
	uploads, err := objectstore.StartUploads(s.context(t.Context()), "uploads", hello, objectstore.Object{Type: "a/b"}, hello)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.sent) != 1 || len(uploads) != 2 {
		t.Fatalf("sent %q for %d uploads; want the function's call only", s.sent, len(uploads))
	}
	if u := uploads[1]; u.Index != 2 || u.Type != "text/plain" || u.Size != 5 {
		t.Errorf("got %+v; of equal objects the last counts", u)
	}
	if u := uploads[0]; u.Index != 1 || u.Type != "a/b" || u.Size != 0 {
		t.Errorf("got %+v", u)
	}
	<-uploads[1].Done()
	select {
	case <-uploads[0].Done():
		t.Error("the first is done before it was let through")
	default:
	}
	close(release)
	if r := uploads[0].Wait(); r.Key != "two" || r.Err != nil {
		t.Errorf("got %+v", r)
	}
}

func TestUploadFails(t *testing.T) {
	for name, c := range map[string]struct {
		function, answer string
		objects          []objectstore.Object
		want             error
	}{
		"no function":         {"", `{}`, []objectstore.Object{hello}, bridge.ErrInvalidRequest},
		"no objects":          {"f", `{}`, nil, bridge.ErrInvalidRequest},
		"nothing answered":    {"f", ``, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"null":                {"f", `null`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"a list":              {"f", `[]`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"a text":              {"f", `"a"`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"addresses of null":   {"f", `{"/1":null}`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"addresses of texts":  {"f", `{"/1":"key"}`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"the function failed": {"f", `error`, []objectstore.Object{hello}, bridge.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: always(c.answer)}
			if c.answer == "error" {
				s.answer = func(string) (string, error) { return "", &bridge.HostError{Message: "no"} }
			}
			if _, err := objectstore.Upload(s.context(t.Context()), c.function, c.objects...); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if len(s.sent) == 0 || !strings.HasPrefix(s.sent[0], "trackObjectStoreAction") {
				t.Errorf("sent %q; the product must be told first", s.sent)
			}
		})
	}
}

func TestUploadOfOneFails(t *testing.T) {
	answer := always(`{"/1":{"key":"one","checksum":"` + helloSum + `"}}`)
	for name, err := range map[string]error{"unreachable": bridge.ErrNetwork, "blocked": bridge.ErrBlocked} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: answer, fetch: func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
				return bridge.FetchResponse{}, err
			}}
			results, failed := objectstore.Upload(s.context(t.Context()), "f", hello)
			if failed != nil || results[0].Key != "one" || results[0].Status != 0 || !errors.Is(results[0].Err, err) {
				t.Errorf("got %+v, %v", results, failed)
			}
		})
	}
	t.Run("ctx ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &store{answer: answer, fetch: func(ctx context.Context, _ bridge.FetchRequest) (bridge.FetchResponse, error) {
			cancel()
			<-ctx.Done()
			return bridge.FetchResponse{}, context.Cause(ctx)
		}}
		results, err := objectstore.Upload(s.context(ctx), "f", hello)
		if err != nil || !errors.Is(results[0].Err, context.Canceled) {
			t.Errorf("got %+v, %v, want context.Canceled", results, err)
		}
	})
}

// A Fetcher that panics or ends its goroutine must neither end the program nor count as a success.
func TestFetcherThatDoesNotReturn(t *testing.T) {
	for name, tt := range map[string]struct {
		fetch func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error)
		text  string
	}{
		"panics": {func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) { panic("no cable") }, "panic: no cable"},
		"calls Goexit": {func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
			runtime.Goexit()
			return respond(200, "", "")
		}, "runtime.Goexit"},
		"answers with a body that panics": {func(context.Context, bridge.FetchRequest) (bridge.FetchResponse, error) {
			return bridge.FetchResponse{Status: 200, Body: nil}, nil
		}, "panic: "},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: always(`{"https://store.example/a":{"key":"a","checksum":"` + helloSum + `"}}`), fetch: tt.fetch}
			uploaded, err := objectstore.Upload(s.context(t.Context()), "uploads", hello)
			if err != nil || len(uploaded) != 1 || uploaded[0].Err == nil || !strings.Contains(uploaded[0].Err.Error(), tt.text) {
				t.Errorf("Upload: %+v, %v", uploaded, err)
			}
			s.answer = always(`{"https://store.example/a":"a"}`)
			downloaded, err := objectstore.Download(s.context(t.Context()), "downloads", "a")
			if err != nil || len(downloaded) != 1 || downloaded[0].Err == nil || !strings.Contains(downloaded[0].Err.Error(), tt.text) || downloaded[0].Key != "a" {
				t.Errorf("Download: %+v, %v", downloaded, err)
			}
		})
	}
}

func TestFromBase64(t *testing.T) {
	for _, c := range []struct {
		text, contentType string
		want              objectstore.Object
		ok                bool
	}{
		{"aGVsbG8=", "text/plain", objectstore.Object{Data: []byte("hello"), Type: "text/plain"}, true},
		{"aGVs\nbG8", "", objectstore.Object{Data: []byte("hello"), Type: "application/octet-stream"}, true},
		{"", "", objectstore.Object{Data: []byte{}, Type: "application/octet-stream"}, true},
		{"aGVsbG8==", "", objectstore.Object{}, false},
		{"a-_b", "", objectstore.Object{}, false},
		{"a", "", objectstore.Object{}, false},
	} {
		got, err := objectstore.FromBase64(c.text, c.contentType)
		if (err == nil) != c.ok || !reflect.DeepEqual(got, c.want) || err != nil && !errors.Is(err, bridge.ErrInvalidRequest) {
			t.Errorf("%q: got %+v, %v", c.text, got, err)
		}
	}
}

func TestDownload(t *testing.T) {
	s := &store{
		answer: always(`{"/b":"b","/a":"a","/gone":"gone","/off":"off"}`),
		fetch: func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
			if r.Method != "GET" || r.Body != nil {
				t.Errorf("got %+v", r)
			}
			switch r.URL {
			case "/gone":
				return respond(404, "text/xml", "<gone>")
			case "/off":
				return bridge.FetchResponse{}, bridge.ErrNetwork
			}
			return respond(200, "Image/PNG", "content of "+r.URL)
		},
	}
	results, err := objectstore.Download(s.context(t.Context()), "downloads", "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	wantSent := []string{`trackObjectStoreAction {"action":"download"}`, `invoke {"functionKey":"downloads","payload":{"keys":["a","b"]}}`}
	if !slices.Equal(s.sent, wantSent) {
		t.Errorf("sent %q\nwant %q", s.sent, wantSent)
	}
	for i, want := range []struct {
		key, content string
		status       int
		err          bool
	}{
		{"b", "content of /b", 200, false}, {"a", "content of /a", 200, false}, {"gone", "", 404, true}, {"off", "", 0, true},
	} {
		got := results[i]
		if got.Key != want.key || string(got.Object.Data) != want.content || got.Status != want.status || (got.Err != nil) != want.err || !want.err && got.Object.Type != "image/png" {
			t.Errorf("result %d: got %+v, want %+v", i, got, want)
		}
	}
	if !errors.Is(results[3].Err, bridge.ErrNetwork) {
		t.Errorf("got %v, want ErrNetwork", results[3].Err)
	}
}

func TestDownloadFails(t *testing.T) {
	for name, c := range map[string]struct {
		function, answer string
		keys             []string
		want             error
	}{
		"no function":      {"", `{}`, []string{"a"}, bridge.ErrInvalidRequest},
		"no keys":          {"f", `{}`, nil, bridge.ErrInvalidRequest},
		"nothing answered": {"f", ``, []string{"a"}, bridge.ErrInvalidResponse},
		"a list":           {"f", `["/a"]`, []string{"a"}, bridge.ErrInvalidResponse},
		"no keys of texts": {"f", `{"/a":7}`, []string{"a"}, bridge.ErrInvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: always(c.answer)}
			if _, err := objectstore.Download(s.context(t.Context()), c.function, c.keys...); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestGetMetadata(t *testing.T) {
	s := &store{answer: func(payload string) (string, error) {
		switch payload {
		case `{"key":"a"}`:
			return `{"key":"a","checksum":"c","size":5,"createdAt":"2026-01-02T03:04:05.678Z"}`, nil
		case `{"key":"b"}`:
			return `{"key":"b","error":"no such object","createdAt":"yesterday"}`, nil
		case `{"key":"c"}`:
			return ``, nil
		case `{"key":"d"}`:
			return `null`, nil
		}
		return `"text"`, nil
	}}
	all, err := objectstore.GetMetadata(s.context(t.Context()), "meta", "a", "b", "c", "d", "e")
	if err != nil {
		t.Fatal(err)
	}
	wantSent := []string{`trackObjectStoreAction {"action":"getMetadata"}`}
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		wantSent = append(wantSent, `invoke {"functionKey":"meta","payload":{"key":"`+key+`"}}`)
	}
	if !slices.Equal(s.sent, wantSent) {
		t.Errorf("sent %q\nwant %q", s.sent, wantSent)
	}
	if m := all[0]; m.Key != "a" || m.Checksum != "c" || m.Size != 5 || m.CreatedAt.UnixMilli() != 1767323045678 || m.Err != nil {
		t.Errorf("got %+v", m)
	}
	if m := all[1]; m.Err == nil || m.Err.Error() != "no such object" || !m.CreatedAt.IsZero() {
		t.Errorf("got %+v", m)
	}
	for i, key := range []string{"c", "d", "e"} {
		if m := all[2+i]; m.Key != key || !errors.Is(m.Err, bridge.ErrInvalidResponse) {
			t.Errorf("got %+v, want ErrInvalidResponse of %s", m, key)
		}
	}
}

func TestDelete(t *testing.T) {
	s := &store{answer: always(`{"anything":1}`)}
	if err := objectstore.Delete(s.context(t.Context()), "remove", "a", "b"); err != nil {
		t.Fatal(err)
	}
	want := []string{`trackObjectStoreAction {"action":"delete"}`, `invoke {"functionKey":"remove","payload":{"key":"a"}}`, `invoke {"functionKey":"remove","payload":{"key":"b"}}`}
	if !slices.Equal(s.sent, want) {
		t.Errorf("sent %q\nwant %q", s.sent, want)
	}
}

func TestEachFails(t *testing.T) {
	for name, call := range map[string]func(ctx context.Context, function string, keys ...string) error{
		"delete": objectstore.Delete,
		"getMetadata": func(ctx context.Context, function string, keys ...string) error {
			_, err := objectstore.GetMetadata(ctx, function, keys...)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: func(payload string) (string, error) {
				if strings.Contains(payload, "b") {
					return "", &bridge.HostError{Message: "not b"}
				}
				return `{}`, nil
			}}
			ctx := s.context(t.Context())
			if err := call(ctx, "f", "a", "b", "c"); !errors.Is(err, bridge.ErrRejected) || len(s.sent) != 4 {
				t.Errorf("got %v after %q, want ErrRejected after all calls", err, s.sent)
			}
			if err := call(ctx, "", "a"); !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Errorf("no function: got %v, want ErrInvalidRequest", err)
			}
			if err := call(ctx, "f"); !errors.Is(err, bridge.ErrInvalidRequest) {
				t.Errorf("no keys: got %v, want ErrInvalidRequest", err)
			}
		})
	}
}
