//go:build !js

package objectstore_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/objectstore"
)

// pictures stands in for the app's functions and for the store.
func pictures() *store {
	return &store{
		answer: func(payload string) (string, error) {
			if strings.Contains(payload, "keys") {
				return `{"https://store.example/hello":"hello.txt"}`, nil
			}
			return `{"https://store.example/hello":{"key":"hello.txt","checksum":"` + helloSum + `"}}`, nil
		},
		fetch: func(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
			return respond(200, "text/plain", "hello")
		},
	}
}

func ExampleUpload() {
	ctx := pictures().context(context.Background()) // in an app, the one of wasm.Run
	results, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: []byte("hello"), Type: "text/plain"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, result := range results {
		fmt.Println(result.Key, result.Status, result.Err)
	}
	// Output: hello.txt 200 <nil>
}

func ExampleStartUploads() {
	ctx := pictures().context(context.Background())
	uploads, err := objectstore.StartUploads(ctx, "uploadURLs", objectstore.Object{Data: []byte("hello")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, upload := range uploads {
		fmt.Println("object", upload.Index, "of", upload.Size, "bytes:", upload.Wait().Key)
	}
	// Output: object 0 of 5 bytes: hello.txt
}

func ExampleDownload() {
	ctx := pictures().context(context.Background())
	results, err := objectstore.Download(ctx, "downloadURLs", "hello.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %s\n", results[0].Key, results[0].Object.Data)
	// Output: hello.txt: hello
}
