//go:build !js

package events_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/events"
)

type task struct {
	ID    string      `json:"id"`
	Image events.Blob `json:"image"`
}

func ExampleOn() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run

	heard := make(chan bool)
	stop, err := events.On(ctx, "task.saved", func(ctx context.Context, saved task, err error) error {
		fmt.Println(saved.ID, "has an image of", len(saved.Image.Data), "bytes", err)
		heard <- true
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()

	// Another module of the app.
	err = events.Emit(ctx, "task.saved", task{ID: "7", Image: events.Blob{Type: "image/png", Data: []byte("png")}})
	<-heard
	fmt.Println(err)
	// Output:
	// 7 has an image of 3 bytes <nil>
	// <nil>
}

func ExampleEmit() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	fmt.Println(events.Emit(host.Context(nil), "tasks.changed", nil))
	// Output: <nil>
}
