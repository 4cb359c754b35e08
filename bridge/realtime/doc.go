// Package realtime sends events to everyone who has the app open at the same place, and receives theirs.
//
//	stop, err := realtime.Subscribe(ctx, "tasks", func(ctx context.Context, task Task, err error) error {
//		…
//	})
//	defer stop()
//
//	_, err = realtime.Publish(ctx, "tasks", Task{Title: "Buy milk"})
//
// A channel belongs to the place where the module is shown: for example, the same module at the same issue.
// [WithContextOverrides] widens that place. The global functions use channels of the whole installation, to
// which everyone who can use the app can listen.
//
// It is realtime of @forge/bridge.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/realtime/ and
// https://developer.atlassian.com/platform/forge/realtime/authorizing-realtime-channels/
package realtime
