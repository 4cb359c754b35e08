package bridge

import "testing"

// SetMaxBody has streams read up to another size during a test.
func SetMaxBody(t *testing.T, bytes int) {
	was := maxBody
	maxBody = bytes
	t.Cleanup(func() { maxBody = was })
}
