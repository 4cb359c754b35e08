package tasks

import (
	"math/rand/v2"
	"strconv"
)

// keys holds the Idempotency-Key of each name that was sent and not answered with a task yet. A retry sends the same key, so
// that the backend makes only one task even if the first try had reached it.
type keys map[string]string

// of returns the name's key, a new one if it has none.
func (k keys) of(name string) string {
	key, ok := k[name]
	if !ok {
		key = newKey()
		k[name] = key
	}
	return key
}

// newKey returns an unused key. It must be unique, not secret, so it needs no cryptographic source, which would make the
// program larger.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}

// done removes the name's key, so that the next task with that name is a new one.
func (k keys) done(name string) { delete(k, name) }
