package tasks

import (
	"math/rand/v2"
	"strconv"
)

// keys holds the Idempotency-Key of each name that was sent and whose task has not come back yet. A second try sends the
// first one's key, so that the backend makes one task even if the first try had reached it.
type keys map[string]string

// of gives the name's key, a new one if it has none.
func (k keys) of(name string) string {
	key, ok := k[name]
	if !ok {
		key = newKey()
		k[name] = key
	}
	return key
}

// newKey gives a key that nobody has used. It must be new, not secret, so that a cryptographic source, and its weight, is
// not needed.
func newKey() string {
	return strconv.FormatUint(rand.Uint64(), 36) + "-" + strconv.FormatUint(rand.Uint64(), 36)
}

// done forgets the name's key: the next task of that name is another one.
func (k keys) done(name string) { delete(k, name) }
