package wasm

import (
	"context"

	"github.com/forgego/forgego/internal/exported"
	"github.com/forgego/forgego/internal/notice"
)

func addExport(ctx context.Context, caller, name string, f exported.Function) (stop func()) {
	notice.Use()
	stop, err := exported.Add(ctx, name, f)
	if err != nil {
		panic(caller + ": " + err.Error())
	}
	return stop
}
