//go:build !js

package realtime_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/realtime"
)

type task struct{ Title string }

func ExampleSubscribe() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run

	heard := make(chan string)
	stop, err := realtime.Subscribe(ctx, "tasks", func(ctx context.Context, changed task, err error) error {
		heard <- changed.Title
		return err
	}, realtime.WithContextOverrides(realtime.JiraProject))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()

	// Another user, at another issue of the same project.
	_, err = realtime.Publish(ctx, "tasks", task{Title: "Buy milk"}, realtime.WithContextOverrides(realtime.JiraProject))
	fmt.Println(<-heard, err)
	// Output: Buy milk <nil>
}

func ExamplePublish() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	result, err := realtime.Publish(host.Context(nil), "tasks", task{Title: "Buy milk"})
	fmt.Printf("event %q, %v\n", result.EventID, err) // there is no id, because nobody has subscribed
	// Output: event "", <nil>
}
