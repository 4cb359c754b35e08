//go:build !js

package bridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// exchange is the calls of a small app, with the backend's answers, by one target.
func exchange[To bridge.Target](ctx context.Context, t *testing.T, to To) {
	t.Helper()
	got, err := bridge.Put[note](ctx, to, "/notes/7?draft=1", bridge.JSON(note{"Grüße"}))
	if got != (note{"PUT /notes/7?draft=1 Grüße"}) || err != nil {
		t.Errorf("Put returned %+v, %v", got, err)
	}
	if err := bridge.Delete(ctx, to, "/notes/7"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	got, err = bridge.Get[note](ctx, to, "/missing")
	var status *bridge.StatusError
	if !errors.As(err, &status) || status.Status != 404 || status.Message != "There is no such note." || got != (note{}) {
		t.Errorf("Get returned %+v, %v", got, err)
	}
	if want := "answered 404"; !containsText(err, want) || !containsText(err, ": There is no such note.") {
		t.Errorf("got %v, want %s and what the backend said", err, want)
	}
}

// exchanged is the backend of exchange.
func exchanged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/missing":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":"There is no such note."}`)
	case r.URL.Path == "/all":
		_, _ = io.WriteString(w, `[{"text":"a"},{"text":"b"}]`)
	case r.Method == "DELETE":
		w.WriteHeader(http.StatusNoContent)
	default:
		var in note
		_ = json.NewDecoder(r.Body).Decode(&in)
		_ = json.NewEncoder(w).Encode(note{fmt.Sprint(r.Method, " ", r.RequestURI, " ", in.Text)})
	}
}

func TestDoByEachWay(t *testing.T) {
	host := bridgetest.NewHost(t)
	host.Remote("notes-api", host.Verifier().Handler(http.HandlerFunc(exchanged)))
	byHost, direct := bridge.NewContext(t.Context(), host.Client()), host.Context(t, bridge.WithDirect(bridge.HostTokens()))
	commands := func() (names []string) {
		for _, call := range host.Calls() {
			names = append(names, call.Command)
		}
		host.Reset()
		return names
	}
	expect := func(t *testing.T, want string) {
		t.Helper()
		if got := fmt.Sprint(commands()); got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
	t.Run("requestRemote", func(t *testing.T) {
		exchange(byHost, t, "notes-api")
		expect(t, "[fetchRemote fetchRemote fetchRemote]")
	})
	t.Run("direct", func(t *testing.T) {
		exchange(direct, t, "notes-api")
		expect(t, "[signInvocationTokenForUI fetch fetch fetch]")
	})
	t.Run("invokeRemote", func(t *testing.T) {
		exchange(byHost, t, bridge.InvokeRemote)
		expect(t, "[invoke invoke invoke]")
	})
	t.Run("a client's method", func(t *testing.T) {
		exchange(bridge.NewContext(t.Context(), host.Client()), t, bridge.InvokeRemote)
		expect(t, "[invoke invoke invoke]")
	})
	t.Run("streams", func(t *testing.T) {
		for name, ctx := range map[string]context.Context{"requestRemote": byHost, "direct": direct} {
			var got []note
			for element, err := range bridge.Stream[note](ctx, "notes-api", bridge.Request{Path: "/all"}) {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				got = append(got, element)
			}
			if len(got) != 2 || got[1].Text != "b" {
				t.Errorf("%s: got %v", name, got)
			}
		}
	})
}

func TestDoByProduct(t *testing.T) {
	for op, to := range map[string]func(context.Context, bridge.Request) (*bridge.Response, error){
		"requestJira": bridge.RequestJira, "requestConfluence": bridge.RequestConfluence, "requestBitbucket": bridge.RequestBitbucket,
	} {
		t.Run(op, func(t *testing.T) {
			client, _ := answering(`{"status":200}`, `{"text":"Go"}`)
			if got, err := bridge.Get[note](bridge.NewContext(t.Context(), client), to, "/rest/x"); got.Text != "Go" || err != nil {
				t.Errorf("got %+v, %v", got, err)
			}
			client, _ = answering(`{"status":400,"statusText":"Bad Request"}`, `{"errorMessages":["The project is archived."],"errors":{}}`)
			_, err := bridge.Get[note](bridge.NewContext(t.Context(), client), to, "/rest/x")
			if want := "bridge: " + op + ": the product answered 400 Bad Request: The project is archived."; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// TestStreamDirect checks with a real connection that elements arrive while the remote still answers, and that leaving
// the loop, or the end of the context, ends the request at the remote.
func TestStreamDirect(t *testing.T) {
	for name, leave := range map[string]bool{"the loop is left": true, "the context ends": false} {
		t.Run(name, func(t *testing.T) {
			next, gone := make(chan bool, 3), make(chan bool)
			host := bridgetest.NewHost(t)
			host.Remote("notes-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(gone)
				_, _ = io.WriteString(w, "[")
				for n := 1; n <= 3; n++ {
					fmt.Fprintf(w, "%d,", n)
					w.(http.Flusher).Flush()
					<-next // the page must have got the element
				}
				<-r.Context().Done()
			}))
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(host.Context(t, bridge.WithDirect(bridge.HostTokens())))
			defer cancel(nil)
			sum, last := 0, error(nil)
			for n, err := range bridge.Stream[int](ctx, "notes-api", bridge.Request{Path: "/numbers"}) {
				if last = err; err != nil {
					continue
				}
				sum += n
				next <- true
				if n == 3 && leave {
					break
				}
				if n == 3 {
					cancel(cause)
				}
			}
			<-gone
			if sum != 6 || leave && last != nil || !leave && !errors.Is(last, cause) {
				t.Errorf("the sum is %d, the error %v", sum, last)
			}
		})
	}
}
