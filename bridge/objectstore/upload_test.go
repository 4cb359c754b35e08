package objectstore_test

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

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
		t.Error("the first upload is done before the fetcher returned")
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
		"no function":               {"", `{}`, []objectstore.Object{hello}, bridge.ErrInvalidRequest},
		"no objects":                {"f", `{}`, nil, bridge.ErrInvalidRequest},
		"nothing answered":          {"f", ``, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"null":                      {"f", `null`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"a list":                    {"f", `[]`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"a text":                    {"f", `"a"`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"addresses of null":         {"f", `{"/1":null}`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"an answer without objects": {"f", `{"/1":"key"}`, []objectstore.Object{hello}, bridge.ErrInvalidResponse},
		"the function failed":       {"f", `error`, []objectstore.Object{hello}, bridge.ErrRejected},
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
				t.Errorf("sent %q; want the command to the product first", s.sent)
			}
		})
	}
}

func TestUploadOneFails(t *testing.T) {
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
func TestFetcherPanicsOrExits(t *testing.T) {
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
