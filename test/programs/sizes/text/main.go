// Program text is the smallest front end: it calls RequestRemote once and reads the answer as text.
package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	response, err := bridge.RequestRemote(ctx, "tasks-api", bridge.Request{Path: "/tasks"})
	if err != nil {
		return err
	}
	_, err = response.Text()
	return err
}
