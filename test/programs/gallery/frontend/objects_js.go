package main

import (
	"context"
	"errors"

	"github.com/forgego/forgego/bridge/objectstore"
	"github.com/forgego/forgego/wasm"
)

// keep stores a picture of at most 5 MB and returns its key in the store.
func keep(ctx context.Context, file wasm.File) (key string, err error) {
	data, err := file.Bytes(ctx, 5<<20)
	if err != nil {
		return "", err
	}
	results, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: data, Type: file.Type})
	if err != nil {
		return "", err
	}
	if len(results) == 0 {
		return "", errors.New("the app does not take this picture")
	}
	return results[0].Key, results[0].Err
}
