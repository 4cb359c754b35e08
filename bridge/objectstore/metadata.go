package objectstore

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Metadata is what the store knows of one object, by the app's function.
type Metadata struct {
	// Key is the object's key in the store.
	Key string
	// Checksum is SHA-256 in base64, unless the app stores objects in another way, and Size is in bytes.
	Checksum string
	Size     int64
	// CreatedAt is when it was stored; zero if the function does not say, or not as a time.
	CreatedAt time.Time
	// Err is what the function says is wrong with the object, or that its answer is no metadata.
	Err error
}

// GetMetadata asks for the metadata of objects, in the order of keys.
//
// The function with functionKey is called for each key with {key}, and answers with {key, checksum, size, createdAt} or
// {key, error}, as get of @forge/object-store does. A call that fails fails all.
//
// It is objectStore.getMetadata of @forge/bridge: custom-ui-bridge/objectStore.
func GetMetadata(ctx context.Context, functionKey string, keys ...string) ([]Metadata, error) {
	const op = "objectStore.getMetadata"
	track(ctx, op, "getMetadata")
	if err := check(op, functionKey, len(keys), "keys of objects"); err != nil {
		return nil, err
	}
	answers := make([]json.RawMessage, len(keys))
	if err := invokeEach(ctx, functionKey, keys, answers); err != nil {
		return nil, err
	}
	all := make([]Metadata, len(keys))
	for i, key := range keys {
		all[i] = readMetadata(op, key, answers[i])
	}
	return all, nil
}

func readMetadata(op, key string, answer json.RawMessage) Metadata {
	var wire *struct {
		Key       string `json:"key"`
		Checksum  string `json:"checksum"`
		Size      int64  `json:"size"`
		CreatedAt string `json:"createdAt"`
		Error     string `json:"error"`
	}
	if answer == nil || nesting.UnmarshalShallow(answer, &wire) != nil || wire == nil {
		return Metadata{Key: key, Err: payload.Invalid(op, "the function's answer is no metadata of an object")}
	}
	m := Metadata{Key: wire.Key, Checksum: wire.Checksum, Size: wire.Size}
	m.CreatedAt, _ = time.Parse(time.RFC3339, wire.CreatedAt)
	if wire.Error != "" {
		m.Err = errors.New(wire.Error)
	}
	return m
}

// Delete removes objects from the store.
//
// The function with functionKey is called for each key with {key}, and removes it by delete of @forge/object-store. When
// one of the calls fails, Delete does; the others may have succeeded.
//
// It is objectStore.delete of @forge/bridge: custom-ui-bridge/objectStore.
func Delete(ctx context.Context, functionKey string, keys ...string) error {
	const op = "objectStore.delete"
	track(ctx, op, "delete")
	if err := check(op, functionKey, len(keys), "keys of objects to delete"); err != nil {
		return err
	}
	return invokeEach(ctx, functionKey, keys, nil)
}

// invokeEach calls a function for each key, all at once, in the order of the keys. It waits for all of them and gives the
// first error. Without answers, what the function gives does not count.
func invokeEach(ctx context.Context, functionKey string, keys []string, answers []json.RawMessage) error {
	client := bridge.FromContext(ctx)
	waits := make([]func(any) error, len(keys))
	for i, key := range keys {
		waits[i] = client.StartInvoke(ctx, functionKey, map[string]string{"key": key})
	}
	var first error
	for i, wait := range waits {
		var result any
		if answers != nil {
			result = &answers[i]
		}
		if err := wait(result); err != nil && first == nil {
			first = err
		}
	}
	return first
}
