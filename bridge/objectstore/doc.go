// Package objectstore uploads objects, such as files, to the Forge Object Store and downloads them. The page itself
// transfers the bytes. Each call names a function of the app's resolver, which decides what is allowed and returns
// the addresses.
//
//	results, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: png, Type: "image/png"})
//	if err != nil {
//		return err
//	}
//	for _, result := range results {
//		if result.Err != nil {
//			return result.Err
//		}
//		keys = append(keys, result.Key)
//	}
//
// Source: https://developer.atlassian.com/platform/forge/storage-reference/object-store/
package objectstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/command"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/usercode"
)

// track tells the product what follows, as the official client does first. The result is ignored.
func track(ctx context.Context, op, action string) {
	command.Start(ctx, op, bridge.Call{
		Command: "trackObjectStoreAction",
		Payload: []byte(`{"action":"` + action + `"}`),
	})
}

// check checks what every call needs.
func check(op, functionKey string, count int, what string) error {
	switch {
	case functionKey == "":
		return payload.InvalidRequest(op, "functionKey is empty; it is the name that the app's resolver defines")
	case count == 0:
		return payload.InvalidRequest(op, "no "+what)
	}
	return nil
}

// member is one member of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

var errNoObject = errors.New("no object")

// readMembers returns the members of a JSON object in order, as Object.entries does. A repeated name has its last
// value. A function answers with such an object, whose names are addresses.
func readMembers(data []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errNoObject
	}
	var members []member
	places := map[string]int{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: name.(string)} // the decoder returns names as strings
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		if i, ok := places[m.name]; ok {
			members[i] = m
			continue
		}
		places[m.name] = len(members)
		members = append(members, m)
	}
	return members, nil
}

// send makes a request to an address that a function returned.
func send(ctx context.Context, op string, request bridge.FetchRequest) (bridge.FetchResponse, error) {
	response, err := command.Fetch(ctx, op, request)
	if errors.Is(err, bridge.ErrBlocked) {
		return response, &bridge.Error{Op: op, Err: ErrBlocked}
	}
	return response, err
}

// attempt calls f, which uses the app's Fetcher, and then done. If f panics or ends the goroutine, done gets an
// error.
func attempt(op string, f func(), done func(err error)) {
	usercode.Call(func() error {
		f()
		return nil
	}, func(err error) {
		if err != nil {
			usercode.ShowPanic(err)
			err = &bridge.Error{Op: op, Err: err}
		}
		done(err)
	})
}

// refused returns the error for a response that is not OK.
func refused(op string, status int) error {
	if status >= 200 && status <= 299 {
		return nil
	}
	return &bridge.Error{Op: op, Status: status, Err: errors.New("the object store answered " + strconv.Itoa(status))}
}
