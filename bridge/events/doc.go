// Package events sends events from one module of an app to the app's other modules, and receives their events.
// Payloads may include binary data.
//
//	type Saved struct {
//		ID    string
//		Image events.Blob
//	}
//
//	stop, err := events.On(ctx, "task.saved", func(ctx context.Context, task Saved, err error) error {
//		…
//	})
//	defer stop()
//
//	err = events.Emit(ctx, "task.saved", Saved{ID: "7"})
//
// It is events of @forge/bridge.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/events/
package events
