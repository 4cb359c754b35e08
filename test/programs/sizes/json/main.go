// Program json is a front end that sends and receives a struct as JSON.
package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

type task struct {
	Name string `json:"name"`
	Done bool   `json:"done"`
}

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	response, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{
		Method: "POST",
		Path:   "/tasks",
		Body:   bridge.JSON(task{Name: "Buy milk"}),
	})
	if err != nil {
		return err
	}
	var created task
	return response.JSON(&created)
}
