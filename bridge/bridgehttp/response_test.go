package bridgehttp_test

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgehttp"
)

// TestUnpacked: a page gets a decompressed body, and may get fields that describe the compressed one.
func TestUnpacked(t *testing.T) {
	tests := map[string]struct {
		headers, method string
		length          int64
		unpacked        bool
		want            http.Header
	}{
		"both fields":      {`{"content-encoding":"gzip","content-length":"3"}`, "GET", -1, true, http.Header{}},
		"two codings":      {`{"content-encoding":"br, GZIP"}`, "GET", -1, true, http.Header{}},
		"an unknown one":   {`{"content-encoding":"gzip, x-own"}`, "GET", 5, false, http.Header{"Content-Encoding": {"gzip, x-own"}}},
		"only the length":  {`{"content-length":"3"}`, "GET", 5, false, http.Header{}},
		"the right length": {`{"content-length":"5"}`, "GET", 5, false, http.Header{"Content-Length": {"5"}}},
		"no length at all": {`{"content-length":"-1"}`, "GET", 5, false, http.Header{}},
		"head":             {`{"content-encoding":"gzip","content-length":"3"}`, "HEAD", 3, false, http.Header{"Content-Encoding": {"gzip"}, "Content-Length": {"3"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client := bridge.New(hostFunc(func() (bridge.Answer, error) {
				return bridge.Answer{Payload: []byte(`{"status":200,"headers":` + tt.headers + `}`), Body: []byte("hello")}, nil
			}))
			r, err := http.NewRequestWithContext(t.Context(), tt.method, "/", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := by(client, must(bridgehttp.NewTransport("tasks-api"))).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if want := map[string]string{"GET": "hello"}[tt.method]; err != nil || string(body) != want {
				t.Errorf("the body is %q, %v", body, err)
			}
			resp.Header.Del("Content-Type")
			if resp.ContentLength != tt.length || resp.Uncompressed != tt.unpacked || !reflect.DeepEqual(resp.Header, tt.want) {
				t.Errorf("got %d, %v, %v; want %d, %v, %v", resp.ContentLength, resp.Uncompressed, resp.Header, tt.length, tt.unpacked, tt.want)
			}
		})
	}
}

// TestAnswerWithoutBody: if HTTP allows no body, the host's body is dropped.
func TestAnswerWithoutBody(t *testing.T) {
	client := bridge.New(hostFunc(func() (bridge.Answer, error) {
		return bridge.Answer{Payload: []byte(`{"success":true,"payload":{"status":204,"headers":{},"body":null}}`)}, nil
	}))
	resp, err := (&http.Client{Transport: by(client, must(bridgehttp.NewInvokeTransport()))}).Get("/")
	if err != nil || resp.Body != http.NoBody || resp.ContentLength != 0 {
		t.Errorf("got %+v, %v", resp, err)
	}
}

func TestReadAfterClose(t *testing.T) {
	for _, read := range []bool{false, true} {
		for _, way := range ways {
			t.Run(fmt.Sprintf("%s, read %v", way, read), func(t *testing.T) {
				resp, err := clientOf(newHost(t, object(200)), way).Get(baseURL + "/")
				if err != nil {
					t.Fatal(err)
				}
				if read {
					if _, err := io.ReadAll(resp.Body); err != nil {
						t.Error(err)
					}
				}
				for range 2 {
					if err := resp.Body.Close(); err != nil {
						t.Error(err)
					}
				}
				if n, err := resp.Body.Read(make([]byte, 1)); n != 0 || err != http.ErrBodyReadAfterClose {
					t.Errorf("read %d, %v; want http.ErrBodyReadAfterClose", n, err)
				}
			})
		}
	}
}
