//go:build !js

package bridge_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/wasm"
)

// received is a backend that takes one file, of at most 8 bytes, and says what it got.
func received(got *string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(file)
		*got = fmt.Sprintf("%s %s %s %s %q", r.Method, r.URL.Path, header.Filename, header.Header.Get("Content-Type"), data)
		if len(data) > 8 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			_, _ = io.WriteString(w, `{"detail":"The backend takes 8 bytes."}`)
			return
		}
		_, _ = io.WriteString(w, "this is not JSON")
	}
}

func TestUpload(t *testing.T) {
	host := bridgetest.NewHost(t)
	var got string
	host.Remote("notes-api", received(&got))
	host.Product("jira", received(&got))
	picture := wasm.NewFile("cat.png", "image/png", []byte{0x89, 'P', 'N', 'G', 0xFF})
	const want = `POST /pictures cat.png image/png "\x89PNG\xff"`
	ctx, direct := host.Context(t), host.Context(t, bridge.WithDirect(bridge.HostTokens()))
	for name, upload := range map[string]func() error{
		"the host":     func() error { return bridge.Upload(ctx, "notes-api", "/pictures", picture, 5) },
		"the page":     func() error { return bridge.Upload(direct, "notes-api", "/pictures", picture, 5) },
		"to a product": func() error { return bridge.Upload(ctx, bridge.RequestJira, "/pictures", picture, 5) },
	} {
		t.Run(name, func(t *testing.T) {
			got = ""
			if err := upload(); err != nil || got != want {
				t.Errorf("got %s, %v; want %s", got, err, want)
			}
		})
	}
	t.Run("a way without forms", func(t *testing.T) {
		host.Reset()
		if err := bridge.Upload(ctx, bridge.InvokeRemote, "/pictures", picture, 5); !errors.Is(err, bridge.ErrInvalidRequest) || len(host.Calls()) != 0 {
			t.Errorf("got %v after %d calls", err, len(host.Calls()))
		}
	})
	t.Run("larger than allowed", func(t *testing.T) {
		host.Reset()
		err := bridge.Upload(ctx, "notes-api", "/pictures", picture, 4)
		if !errors.Is(err, wasm.ErrFileTooLarge) || len(host.Calls()) != 0 {
			t.Errorf("got %v after %d calls", err, len(host.Calls()))
		}
		if got, want := bridge.Message(err), "“cat.png” is too large: it has 5 bytes, and the limit is 4 bytes."; got != want {
			t.Errorf("the user reads %q, want %q", got, want)
		}
	})
	t.Run("refused", func(t *testing.T) {
		err := bridge.Upload(ctx, "notes-api", "/pictures", wasm.NewFile("a", "", make([]byte, 9)), 100)
		var status *bridge.StatusError
		if !errors.As(err, &status) || status.Status != 413 || bridge.Message(err) != "The backend takes 8 bytes." {
			t.Errorf("got %v", err)
		}
	})
}
