package events_test

import (
	"context"
	"log"

	"github.com/forgego/forgego/bridge/events"
)

type task struct {
	ID    string      `json:"id"`
	Image events.Blob `json:"image"`
}

func ExampleOn() {
	ctx := context.Background()
	stop, err := events.On(ctx, "task.saved", func(saved task, err error) {
		if err != nil {
			log.Print(err)
			return
		}
		log.Print(saved.ID, " has an image of ", len(saved.Image.Data), " bytes")
	})
	if err != nil {
		log.Print(err)
		return
	}
	defer stop()
}

func ExampleEmit() {
	err := events.Emit(context.Background(), "task.saved", task{ID: "7", Image: events.Blob{Type: "image/png", Data: []byte("…")}})
	if err != nil {
		log.Print(err)
	}
}
