// Package realtime sends events beyond the window, to everybody who has the app open at the same place, and hears theirs.
//
//	subscription, err := realtime.Subscribe(ctx, "tasks", func(task Task, err error) {
//		…
//	}, nil)
//	defer subscription.Unsubscribe()
//
//	_, err = realtime.Publish(ctx, "tasks", Task{Title: "Buy milk"}, nil)
//
// A channel is that of the place where the module is shown: the same module at the same issue, for example. ContextOverrides
// in the options make it that of a wider place, and the global functions that of the whole installation, to which
// everybody who can use the app can listen.
//
// It is realtime of @forge/bridge.
//
// Source: apis-reference/ui-api-bridge/realtime, realtime/authorizing-realtime-channels
package realtime
