package objectstore

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/bridge/internal/state"
	"github.com/forgego/forgego/internal/nesting"
)

// Metadata describes one object in the store, as the app's function reports it.
type Metadata struct {
	// Key is the object's key in the store.
	Key string
	// Checksum is SHA-256 in base64, unless the app stores objects in another way. Size is in bytes.
	Checksum string
	Size     int64
	// CreatedAt is when the object was stored. It is zero if the function returns no valid time.
	CreatedAt time.Time
	// Err is the error that the function reports for the object, or says that its answer is not metadata.
	Err error
}

// GetMetadata returns the metadata of objects, in the order of keys.
//
// It calls the function functionKey once for each key with {key}. The function answers with {key, checksum, size,
// createdAt} or {key, error}, as get of @forge/object-store does. If one call fails, GetMetadata returns its error, which
// is one of [bridge.Invoke]. If functionKey or keys are empty, it returns [bridge.ErrInvalidRequest].
//
// It is objectStore.getMetadata of @forge/bridge:
// https://developer.atlassian.com/platform/forge/custom-ui-bridge/objectStore/
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
		return Metadata{Key: key, Err: payload.Invalid(op, "the function's answer is not the metadata of an object")}
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
// It calls the function functionKey once for each key with {key}. The function deletes the object with delete of
// @forge/object-store. If one call fails, Delete returns its error; the other calls may have succeeded. Errors are those of
// [GetMetadata].
//
// It is objectStore.delete of @forge/bridge:
// https://developer.atlassian.com/platform/forge/custom-ui-bridge/objectStore/
func Delete(ctx context.Context, functionKey string, keys ...string) error {
	const op = "objectStore.delete"
	track(ctx, op, "delete")
	if err := check(op, functionKey, len(keys), "keys of objects to delete"); err != nil {
		return err
	}
	return invokeEach(ctx, functionKey, keys, nil)
}

// invokeEach calls a function for each key concurrently, and stores the answers in the order of the keys. The host
// receives the calls in this order. invokeEach waits for all calls and returns the first error. If answers is nil, it
// ignores what the function returns.
func invokeEach(ctx context.Context, functionKey string, keys []string, answers []json.RawMessage) error {
	waits := make([]func() (bridge.Answer, error), len(keys))
	for i, key := range keys {
		waits[i] = startInvoke(ctx, functionKey, map[string]string{"key": key})
	}
	var first error
	for i, wait := range waits {
		answer, err := wait()
		if err != nil && first == nil {
			first = err
		}
		if answers != nil {
			answers[i] = answer.Payload
		}
	}
	return first
}

// startInvoke sends the call of [bridge.Invoke] and returns. wait waits for its answer.
func startInvoke(ctx context.Context, functionKey string, value any) (wait func() (bridge.Answer, error)) {
	const op = "invoke"
	argument, err := payload.JSON(op, struct {
		FunctionKey string `json:"functionKey"`
		Payload     any    `json:"payload"`
	}{functionKey, value})
	if err == nil {
		err = command.Limited(op, &state.FromContext(ctx).Functions)
	}
	answered := func() (bridge.Answer, error) { return bridge.Answer{}, err }
	if err == nil {
		answered = command.Start(ctx, op, bridge.Call{Command: "invoke", Payload: argument})
	}
	return func() (bridge.Answer, error) {
		answer, err := answered()
		if e, ok := errors.AsType[*bridge.Error](err); ok {
			e.Remote = functionKey
		}
		return answer, err
	}
}
