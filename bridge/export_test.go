package bridge

import "testing"

// SetMaxBody changes the limit for streams until the test ends.
func SetMaxBody(t *testing.T, bytes int) {
	was := maxBody
	maxBody = bytes
	t.Cleanup(func() { maxBody = was })
}
