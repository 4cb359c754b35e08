//go:build !js

package objectstore_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/objectstore"
)

// storing stands in for the product, with an app whose functions use an object store.
func storing() *bridgetest.Host {
	host := bridgetest.NewHost(nil)
	host.ObjectStore(bridgetest.ObjectFunctions{Upload: "uploadURLs", Download: "downloadURLs", Metadata: "metadata", Delete: "delete"})
	return host
}

func ExampleUpload() {
	host := storing()
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	stored, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: []byte("hello"), Type: "text/plain"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stored[0].Status, stored[0].Err)

	// Later, by the key that the function has chosen.
	objects, err := objectstore.Download(ctx, "downloadURLs", stored[0].Key)
	fmt.Printf("%s, %v\n", objects[0].Object.Data, err)
	// Output:
	// 200 <nil>
	// hello, <nil>
}

func ExampleStartUploads() {
	host := storing()
	defer host.Close()
	uploads, err := objectstore.StartUploads(host.Context(nil), "uploadURLs", objectstore.Object{Data: []byte("hello")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, upload := range uploads {
		fmt.Println("object", upload.Index, "of", upload.Size, "bytes:", upload.Wait().Err)
	}
	// Output: object 0 of 5 bytes: <nil>
}

func ExampleGetMetadata() {
	host := storing()
	defer host.Close()
	ctx := host.Context(nil)
	stored, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: []byte("hello")})
	if err != nil {
		fmt.Println(err)
		return
	}
	about, err := objectstore.GetMetadata(ctx, "metadata", stored[0].Key)
	fmt.Println(about[0].Size, about[0].Err, err)
	fmt.Println(objectstore.Delete(ctx, "delete", stored[0].Key))
	// Output:
	// 5 <nil> <nil>
	// <nil>
}
