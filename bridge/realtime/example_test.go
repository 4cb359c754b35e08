package realtime_test

import (
	"context"
	"log"
	"time"

	"github.com/forgego/forgego/bridge/realtime"
)

type task struct{ Title string }

func ExampleSubscribe() {
	ctx := context.Background()
	stop, err := realtime.Subscribe(ctx, "tasks", func(changed task, err error) {
		if err != nil {
			log.Print(err)
			return
		}
		log.Print(changed.Title, " has changed")
	}, realtime.WithReplay(30*time.Second), realtime.WithContextOverrides(realtime.JiraProject))
	if err != nil {
		log.Print(err)
		return
	}
	defer stop()
}

func ExamplePublish() {
	// From another issue of the same project.
	_, err := realtime.Publish(context.Background(), "tasks", task{Title: "Buy milk"}, realtime.WithContextOverrides(realtime.JiraProject))
	if err != nil {
		log.Print(err)
	}
}
