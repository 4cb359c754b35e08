package objectstore

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/bounded"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/formdata"
	"github.com/forgego/forgego/internal/nesting"
)

// DownloadResult is the result for one object.
type DownloadResult struct {
	// Key is the object's key in the store.
	Key string
	// Object is the content, with the type that the store reports.
	Object Object
	// Status is the store's HTTP status, or 0 if it did not answer.
	Status int
	// Err is nil if the object was downloaded.
	Err error
}

// Download downloads objects from the store concurrently. The results are in the order of the function's answer.
//
// The function functionKey gets {keys} and answers with an object that maps addresses, made by createDownloadUrl of
// @forge/object-store, to keys. It may leave objects out.
//
// The Err of a result says what went wrong with that object. Download itself returns the errors of [Upload].
//
// It is objectStore.download of @forge/bridge:
// https://developer.atlassian.com/platform/forge/custom-ui-bridge/objectStore/
func Download(ctx context.Context, functionKey string, keys ...string) ([]DownloadResult, error) {
	const op = "objectStore.download"
	track(ctx, op, "download")
	if err := check(op, functionKey, len(keys), "keys of objects to download"); err != nil {
		return nil, err
	}
	answer, err := bridge.Invoke[json.RawMessage](ctx, functionKey, map[string]any{"keys": keys})
	if err != nil {
		return nil, err
	}
	members, err := readMembers(answer)
	if err != nil {
		return nil, payload.Invalid(op, "the function must answer with an object of addresses, each with its key")
	}
	results := make([]DownloadResult, len(members))
	for i, m := range members {
		if err := nesting.UnmarshalShallow(m.value, &results[i].Key); err != nil {
			return nil, payload.Invalid(op, "the function must answer with the key for each address")
		}
	}
	var all sync.WaitGroup
	for i, m := range members {
		all.Go(func() {
			attempt(op, func() { results[i].get(ctx, op, m.name) }, func(err error) {
				if err != nil {
					results[i].Err = err
				}
			})
		})
	}
	all.Wait()
	return results, nil
}

// maxObject is the size of the store's largest object, in bytes.
var maxObject = 1 << 30

// get fills the result from an address.
func (r *DownloadResult) get(ctx context.Context, op, address string) {
	response, err := send(ctx, op, bridge.FetchRequest{Method: "GET", URL: address})
	if err != nil {
		r.Err = err
		return
	}
	defer response.Body.Close()
	r.Status = response.Status
	if r.Err = refused(op, r.Status); r.Err != nil {
		return
	}
	data, err := bounded.ReadAll(response.Body, maxObject)
	if err == bounded.ErrTooLarge {
		r.Err = payload.Invalid(op, "the object is larger than 1 GB, the limit of the object store")
		return
	}
	if err != nil {
		r.Err = &bridge.Error{Op: op, Status: r.Status, Err: err}
		return
	}
	r.Object = Object{data, formdata.BlobType(response.Header.Get("Content-Type"))}
}
