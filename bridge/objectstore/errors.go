package objectstore

import "github.com/forgego/forgego/bridge"

// ErrBlocked is [bridge.ErrBlocked] for the address of an object: the page's policy does not allow it.
var ErrBlocked error = blockedError{}

type blockedError struct{}

func (blockedError) Error() string {
	return "the page's policy does not allow the object's address; add it to permissions.external.fetch.client in manifest.yml"
}

func (blockedError) Unwrap() error { return bridge.ErrBlocked }
