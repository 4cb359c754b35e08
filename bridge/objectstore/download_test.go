package objectstore_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

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
		"no function":               {"", `{}`, []string{"a"}, bridge.ErrInvalidRequest},
		"no keys":                   {"f", `{}`, nil, bridge.ErrInvalidRequest},
		"nothing answered":          {"f", ``, []string{"a"}, bridge.ErrInvalidResponse},
		"a list":                    {"f", `["/a"]`, []string{"a"}, bridge.ErrInvalidResponse},
		"a value that is no object": {"f", `{"/a":7}`, []string{"a"}, bridge.ErrInvalidResponse},
	} {
		t.Run(name, func(t *testing.T) {
			s := &store{answer: always(c.answer)}
			if _, err := objectstore.Download(s.context(t.Context()), c.function, c.keys...); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
