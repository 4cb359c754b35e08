//go:build !js

package bridgetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// fakeT is a test that records its messages.
type fakeT struct {
	testing.TB
	told []string
}

func (t *fakeT) Helper() {}
func (t *fakeT) Errorf(format string, args ...any) {
	t.told = append(t.told, fmt.Sprintf(format, args...))
}
func (t *fakeT) Fatalf(format string, args ...any) {
	t.told = append(t.told, fmt.Sprintf(format, args...))
	runtime.Goexit()
}

// golden calls Host.Golden with a fake test, and returns its messages.
func golden(host *bridgetest.Host, path string) string {
	t := &fakeT{}
	done := make(chan bool)
	go func() {
		defer close(done)
		host.Golden(t, path)
	}()
	<-done
	return strings.Join(t.told, "\n")
}

// crossAll makes one call of each kind cross the bridge.
func crossAll(t *testing.T) *bridgetest.Host {
	t.Helper()
	host := bridgetest.NewHost(t)
	host.Remote("tasks-api", host.Verifier().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/token":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"jwt":"opaque-secret","echo":%q}`, r.Header.Get("Authorization"))
		case "/bytes":
			_, _ = w.Write([]byte("\x00\xff"))
		case "/large":
			fmt.Fprint(w, strings.Repeat("large ", 1000))
		default:
			fmt.Fprint(w, "line 1\nline\t2 \\ \"quoted\"\n")
		}
	})))
	host.On("getContext", func(context.Context, json.RawMessage) (any, error) { return map[string]string{"locale": "de-DE"}, nil })
	host.On("nothing", func(context.Context, json.RawMessage) (any, error) { return nil, nil })
	host.OnWithFunctions("subscribe", func(_ context.Context, _ json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		callbacks["callback"]("came", 1)
		return bridgetest.Object{Methods: map[string]bridgetest.Function{"end": func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
			return nil, errors.New("not now")
		}}}, nil
	})
	ctx := t.Context()
	form := &bridge.FormData{}
	form.Field("title", "Grüße")
	form.File("file", "a.txt", "text/plain", []byte("content"))
	text := func(client *bridge.Client, r bridge.Request) {
		t.Helper()
		resp, err := bridge.RequestRemote(bridge.NewContext(ctx, client), "tasks-api", r)
		if err == nil {
			_, err = resp.Text()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	own := bridge.Header{"Authorization": {"Bearer my-own-secret"}}
	for _, client := range []*bridge.Client{host.Client(), host.Client(bridge.WithDirect(bridge.HostTokens()))} {
		text(client, bridge.Request{Method: "POST", Path: "/tasks", Header: bridge.Header{"X-Own": {"1"}}, Body: bridge.JSON(map[string]string{"title": "Grüße"})})
		text(client, bridge.Request{Path: "/token", Header: own})
		text(client, bridge.Request{Path: "/bytes"})
		text(client, bridge.Request{Path: "/large"})
		text(client, bridge.Request{Method: "POST", Path: "/form", Body: form})
	}
	if _, err := bridge.InvokeRemote(bridge.NewContext(ctx, host.Client()), bridge.Request{Path: "/token", Header: own}); err != nil {
		t.Fatal(err)
	}
	if _, err := bridge.InvokeRemote(bridge.NewContext(ctx, host.Client()), bridge.Request{Path: "/bytes"}); err == nil {
		t.Fatal("invokeRemote accepted bytes")
	}
	for _, command := range []string{"getContext", "nothing"} {
		if _, err := host.Call(ctx, bridge.Call{Command: command}); err != nil {
			t.Fatal(err)
		}
	}
	_, object, err := host.CallWithFunctions(ctx, bridge.Call{Command: "subscribe", Payload: []byte(`{}`)}, bridge.Callback{Path: "callback", Func: func([]byte) {}})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Release()
	if _, _, err := object.Apply(ctx, "end", []byte(`[]`)); err == nil {
		t.Fatal("the failing method returned no error")
	}
	return host
}

// TestGolden checks the form of every kind of call in the file, that it is always the same, and that it contains no
// secret.
func TestGolden(t *testing.T) {
	host := crossAll(t)
	host.Golden(t, "testdata/everything.golden")
	var b bytes.Buffer
	if err := host.WriteCalls(&b); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%+v", host.Calls())
	for _, secret := range []string{"eyJ", "my-own-secret", "opaque-secret"} {
		if strings.Contains(b.String(), secret) {
			t.Errorf("the record has %q", secret)
		}
	}
}

func TestGoldenMessages(t *testing.T) {
	host := bridgetest.NewHost(t)
	if _, err := host.Call(t.Context(), bridge.Call{Command: "getContext", Payload: []byte(`{"a":1}`)}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "new", "a.golden")
	t.Setenv(bridgetest.UpdateEnv, "")
	if got := golden(host, path); !strings.Contains(got, path+" does not exist yet") || !strings.Contains(got, "UPDATE_GOLDEN=1") {
		t.Errorf("without a file: %q", got)
	}
	t.Setenv(bridgetest.UpdateEnv, "1")
	if got := golden(host, path); got != "" {
		t.Errorf("to write it: %q", got)
	}
	t.Setenv(bridgetest.UpdateEnv, "")
	if got := golden(host, path); got != "" {
		t.Errorf("with the file: %q", got)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append([]byte("\ufeff"), bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))...), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := golden(host, path); got != "" {
		t.Errorf("with other line ends and a byte order mark: %q", got)
	}
	for change, want := range map[string]string{
		`"a":2`: "line 2:\n  getContext\n- > {\"a\":2}\n+ > {\"a\":1}",
		"":      "-",
	} {
		if err := os.WriteFile(path, bytes.Replace(data, []byte(`"a":1`), []byte(change), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := golden(host, path); !strings.Contains(got, want) {
			t.Errorf("with %q: %q, want %q", change, got, want)
		}
	}
	if err := os.WriteFile(path, data[:len(data)-2], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := golden(host, path); !strings.Contains(got, "what crossed the bridge differs from") {
		t.Errorf("with a file that is cut off: %q", got)
	}
	if got := golden(host, dir); got == "" {
		t.Error("a folder is a golden file")
	}
}

// TestRecordOfPendingCall checks that a call is in the record from its start.
func TestRecordOfPendingCall(t *testing.T) {
	host := bridgetest.NewHost(t)
	came, goOn := make(chan bool), make(chan bool)
	host.On("slow", func(context.Context, json.RawMessage) (any, error) {
		came <- true
		<-goOn
		return 1, nil
	})
	ended := make(chan error)
	go func() {
		_, err := host.Call(context.Background(), bridge.Call{Command: "slow"})
		ended <- err
	}()
	<-came
	if got := host.Calls()[0]; got.Done || got.String() != "slow\n< (no answer yet)\n" {
		t.Errorf("the record has %q", got)
	}
	goOn <- true
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := host.Calls()[0]; !got.Done || got.String() != "slow\n< 1\n" {
		t.Errorf("the record has %q", got)
	}
}
