package tasks

import (
	"context"
	"errors"
)

// live is the store. It publishes each change after its commit.
type live struct {
	*store
	brokers *brokers
}

func newLive(tasks *store) *live { return &live{tasks, newBrokers()} }

func (l *live) add(ctx context.Context, installation, key, name string) (t task, created bool, err error) {
	err = l.brokers.change(ctx, installation, func(ctx context.Context) (*change, error) {
		t, created, err = l.store.add(ctx, installation, key, name)
		if err != nil || !created {
			return nil, err
		}
		return &change{Kind: kindAdded, Task: t}, nil
	})
	return t, created, err
}

func (l *live) edit(ctx context.Context, installation, id string, name *string, done *bool) (task, error) {
	return l.changed(ctx, installation, func(ctx context.Context) (task, error) {
		return l.store.edit(ctx, installation, id, name, done)
	})
}

func (l *live) setFile(ctx context.Context, installation, id string, f file, c content) (task, error) {
	return l.changed(ctx, installation, func(ctx context.Context) (task, error) {
		return l.store.setFile(ctx, installation, id, f, c)
	})
}

func (l *live) removeFile(ctx context.Context, installation, id string) (task, error) {
	return l.changed(ctx, installation, func(ctx context.Context) (task, error) {
		return l.store.removeFile(ctx, installation, id)
	})
}

func (l *live) remove(ctx context.Context, installation, id string) error {
	return l.brokers.change(ctx, installation, func(ctx context.Context) (*change, error) {
		was, err := l.store.get(ctx, installation, id)
		if err != nil {
			return nil, err
		}
		if err := l.store.remove(ctx, installation, id); err != nil {
			return nil, err
		}
		return &change{Kind: kindDeleted, Task: was}, nil
	})
}

func (l *live) restore(ctx context.Context, installation, id string) (t task, after string, err error) {
	err = l.brokers.change(ctx, installation, func(ctx context.Context) (*change, error) {
		var restored bool
		t, after, restored, err = l.store.restore(ctx, installation, id)
		if err != nil || !restored {
			return nil, err
		}
		return &change{kindAdded, t, &after}, nil
	})
	return t, after, err
}

// changed is a change of a task that still exists.
func (l *live) changed(ctx context.Context, installation string, commit func(context.Context) (task, error)) (t task, err error) {
	err = l.brokers.change(ctx, installation, func(ctx context.Context) (*change, error) {
		if t, err = commit(ctx); err != nil {
			return nil, err
		}
		return &change{Kind: kindChanged, Task: t}, nil
	})
	return t, err
}

// isRefusal reports whether a store's error means that nothing has changed.
func isRefusal(err error) bool {
	return errors.Is(err, errNoTask) || errors.Is(err, errNoFile) || errors.Is(err, errKeyTaken) ||
		errors.Is(err, errOverQuota) || errors.Is(err, errAbandoned) || errors.Is(err, errFull)
}
