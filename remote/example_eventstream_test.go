package remote_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/forgego/forgego/remote"
)

// A reader that reconnects sends the id of its last event, and gets the later ones.
func ExampleServeEvents() {
	tasks := []string{"Buy milk", "Pay rent", "Sleep"}
	events := func(w http.ResponseWriter, r *http.Request) {
		_ = remote.ServeEvents(w, r, func(ctx context.Context, stream *remote.EventStream) error {
			last := 0
			if id, ok := stream.LastID(); ok {
				fmt.Sscan(id, &last)
			}
			for i, task := range tasks {
				if i+1 <= last {
					continue
				}
				if err := stream.Send(remote.Event{ID: fmt.Sprint(i + 1), Type: "task", Data: task}); err != nil {
					return err
				}
			}
			return nil // a real stream waits here for more tasks, until ctx ends
		})
	}
	server := httptest.NewServer(http.HandlerFunc(events))
	defer server.Close()

	r, _ := http.NewRequest(http.MethodGet, server.URL, nil)
	r.Header.Set("Last-Event-ID", "2")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	fmt.Printf("%s\n%s", resp.Header.Get("Content-Type"), body)
	// Output:
	// text/event-stream
	// id: 3
	// event: task
	// data: Sleep
}
