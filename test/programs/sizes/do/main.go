// Program do is the program json with bridge.Post, which also checks the status.
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
	_, err := bridge.Post[task](ctx, "tasks-api", "/tasks", bridge.JSON(task{Name: "Buy milk"}))
	return err
}
