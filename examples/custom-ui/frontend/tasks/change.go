package tasks

import "encoding/json"

// The kinds of change that the backend tells of.
const (
	kindAdded   = "added"
	kindChanged = "changed"
	kindDeleted = "deleted"
)

// change is what has happened to a task, in this window or another. A deleted task is told as it was.
type change struct {
	Kind string `json:"kind"`
	Task Task   `json:"task"`
	// After is the id of the task before one that was brought back, "" if it is the first; nil for all others.
	After *string `json:"after"`
}

// readChange reads the data of an event. It reports false for what this page does not know, such as a kind of change that
// a newer backend has.
func readChange(data string) (c change, ok bool) {
	err := json.Unmarshal([]byte(data), &c)
	known := c.Kind == kindAdded || c.Kind == kindChanged || c.Kind == kindDeleted
	return c, err == nil && known && c.Task.ID != ""
}
