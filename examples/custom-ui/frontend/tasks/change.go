package tasks

import "encoding/json"

// The kinds of change in the backend's events.
const (
	kindAdded   = "added"
	kindChanged = "changed"
	kindDeleted = "deleted"
)

// change is a change of a task, in this window or another. If the task was deleted, it has the state before that.
type change struct {
	Kind string `json:"kind"`
	Task Task   `json:"task"`
	// After is the id of the task before a restored one, or "" if that is the first. It is nil for other changes.
	After *string `json:"after"`
}

// readChange parses the data of an event. It returns false for data that this page does not know, such as a kind of change of
// a newer backend.
func readChange(data string) (c change, ok bool) {
	err := json.Unmarshal([]byte(data), &c)
	known := c.Kind == kindAdded || c.Kind == kindChanged || c.Kind == kindDeleted
	return c, err == nil && known && c.Task.ID != ""
}
