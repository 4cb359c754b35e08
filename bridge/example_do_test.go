//go:build !js

package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/wasm"
)

type Note struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// notes returns a context with a client whose remote "notes-api" stores notes. In an app, use the context of wasm.Run.
func notes() (ctx context.Context, end func()) {
	host := bridgetest.NewHost(nil)
	host.Remote("notes-api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /notes":
			_, _ = io.WriteString(w, `[{"id":1,"text":"Learn Go"},{"id":2,"text":"Write Go"}]`)
		case "GET /notes/events":
			if r.Header.Get("Last-Event-ID") == "2" {
				w.WriteHeader(http.StatusNoContent) // there are no more events
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "retry: 10\nid: 1\ndata: {\"id\":1}\n\nid: 2\ndata: {\"id\":2}\n\n")
		case "POST /pictures":
			file, header, _ := r.FormFile("file")
			data, _ := io.ReadAll(file)
			fmt.Printf("the backend gets %s: %s\n", header.Filename, data)
		case "DELETE /notes/2":
			w.WriteHeader(http.StatusNoContent)
		case "GET /notes/3":
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"title":"Not Found","detail":"There is no note 3."}`)
		default:
			_, _ = io.WriteString(w, `{"id":2,"text":"Write Go"}`)
		}
	}))
	return host.Context(nil, bridge.WithDirect(bridge.HostTokens())), host.Close
}

func ExampleDo() {
	ctx, end := notes()
	defer end()
	note, err := bridge.Do[Note](ctx, "notes-api", bridge.Request{
		Method: "POST",
		Path:   "/notes",
		Header: bridge.Header{"Idempotency-Key": {"7"}},
		Body:   bridge.JSON(Note{Text: "Write Go"}),
	})
	fmt.Println(note.ID, err)
	// Output: 2 <nil>
}

func ExampleRequestJira() {
	jira := hostFunc(func(context.Context, bridge.Call) (bridge.Answer, error) { // stands in for a product's page
		return bridge.Answer{Payload: []byte(`{"status":200}`), Body: []byte(`{"fields":{"summary":"Write it in Go"}}`)}, nil
	})
	ctx := bridge.NewContext(context.Background(), bridge.New(jira)) // in an app, the one of wasm.Run
	type Issue struct {
		Fields struct{ Summary string }
	}
	issue, err := bridge.Get[Issue](ctx, bridge.RequestJira, "/rest/api/3/issue/"+url.PathEscape("DEMO-1"))
	fmt.Println(issue.Fields.Summary, err)
	// Output: Write it in Go <nil>
}

func ExampleTarget() {
	ctx := context.Background()
	// The app's own function, too, can be the target: here one that says where the request comes from.
	signed := func(ctx context.Context, request bridge.Request) (*bridge.Response, error) {
		request.Header = bridge.Header{"X-Source": {"custom-ui"}}
		return bridge.InvokeRemote(ctx, request)
	}
	_, err := bridge.Get[Note](ctx, signed, "/notes/2")
	fmt.Println(errors.Is(err, bridge.ErrNoBridge)) // this example does not run in a page
	// Output: true
}

func ExampleGet() {
	ctx, end := notes()
	defer end()
	all, err := bridge.Get[[]Note](ctx, "notes-api", "/notes")
	fmt.Println(all, err)
	// Output: [{1 Learn Go} {2 Write Go}] <nil>
}

func ExamplePost() {
	ctx, end := notes()
	defer end()
	note, err := bridge.Post[Note](ctx, "notes-api", "/notes", bridge.JSON(Note{Text: "Write Go"}))
	fmt.Println(note.ID, err)
	// Output: 2 <nil>
}

func ExamplePut() {
	ctx, end := notes()
	defer end()
	note, err := bridge.Put[Note](ctx, "notes-api", "/notes/2", bridge.JSON(Note{Text: "Write Go"}))
	fmt.Println(note, err)
	// Output: {2 Write Go} <nil>
}

func ExamplePatch() {
	ctx, end := notes()
	defer end()
	// The answer is not needed.
	_, err := bridge.Patch[struct{}](ctx, "notes-api", "/notes/2", bridge.JSON(map[string]string{"text": "Write Go"}))
	fmt.Println(err)
	// Output: <nil>
}

func ExampleDelete() {
	ctx, end := notes()
	defer end()
	fmt.Println(bridge.Delete(ctx, "notes-api", "/notes/2"))
	// Output: <nil>
}

func ExampleStatusError() {
	ctx, end := notes()
	defer end()
	_, err := bridge.Get[Note](ctx, "notes-api", "/notes/3")
	if status, ok := errors.AsType[*bridge.StatusError](err); ok && status.Status == 404 {
		fmt.Println(status.Message)
	}
	fmt.Println(err)
	// Output:
	// There is no note 3.
	// bridge: requestRemote "notes-api": the remote answered 404 Not Found: There is no note 3.
}

// The app shows its user what the backend said. The text of the error is for the developer.
func ExampleMessage() {
	ctx, end := notes()
	defer end()
	_, err := bridge.Get[Note](ctx, "notes-api", "/notes/3")
	fmt.Println(bridge.Message(err))
	_, err = bridge.Get[Note](ctx, "other-api", "/notes")
	fmt.Println(bridge.Message(err))
	// Output:
	// There is no note 3.
	// The app’s server is not known.
}

func ExampleStream() {
	ctx, end := notes()
	defer end()
	for note, err := range bridge.Stream[Note](ctx, "notes-api", bridge.Request{Path: "/notes"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(note.Text)
	}
	// Output:
	// Learn Go
	// Write Go
}

// In an app, wasm.ListenFiles passes the file, and its handler returns the error.
func ExampleUpload() {
	ctx, end := notes()
	defer end()
	file := wasm.NewFile("cat.txt", "text/plain", []byte("meow"))
	fmt.Println(bridge.Upload(ctx, "notes-api", "/pictures", file, 5<<20))
	fmt.Println(bridge.Message(bridge.Upload(ctx, "notes-api", "/pictures", file, 3)))
	// Output:
	// the backend gets cat.txt: meow
	// <nil>
	// “cat.txt” is too large: it has 4 bytes, and the limit is 3 bytes.
}
