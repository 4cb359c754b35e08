// Package events sends events from one module of an app to another, and hears those of others, binary data included.
//
//	type Saved struct {
//		ID    string
//		Image events.Blob
//	}
//
//	saved, err := events.On(ctx, "task.saved", func(task Saved, err error) {
//		…
//	})
//	defer saved.Unsubscribe()
//
//	err = events.Emit(ctx, "task.saved", Saved{ID: "7"})
//
// It is events of @forge/bridge.
//
// Source: apis-reference/ui-api-bridge/events
package events
