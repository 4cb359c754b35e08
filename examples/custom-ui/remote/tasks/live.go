package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"
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

const (
	// maxRecent limits the events that are kept for each installation, for readers that reconnect.
	maxRecent = 256
	// maxPending limits the events that wait for a slow reader. With one more the reader is dropped.
	maxPending = 64
	// maxReaders is how many pages of one installation may listen at once.
	maxReaders = 1000
	// idleTime is how long events are kept for an installation without readers and changes.
	idleTime = 10 * time.Minute
	// changeTime limits a change. The end of the caller's context does not stop it.
	changeTime = 10 * time.Second
)

var (
	errStopping       = errors.New("the program is about to end")
	errTooManyReaders = errors.New("too many readers of one installation")
)

// The kinds of change in events.
const (
	kindAdded   = "added"
	kindChanged = "changed"
	kindDeleted = "deleted"
)

// change is the JSON of a change of a task. If the task was deleted, it has the state before that.
type change struct {
	Kind string `json:"kind"`
	Task task   `json:"task"`
	// After is the id of the task before a restored one, or "" if that is the first. It is nil for other changes.
	After *string `json:"after,omitempty"`
}

// event is one message of an event stream.
type event struct {
	id int64
	// name is "change", or "reset" if the list may have changed without an event.
	name string
	data []byte
}

// brokers sends the changes of each installation to its readers. It knows only the changes of this process.
type brokers struct {
	mu             sync.Mutex
	byInstallation map[string]*broker
	closed         bool

	// stopping is closed when all streams must end.
	stopping chan struct{}
}

// broker serves one installation. brokers.mu guards the fields without a comment. It is never held while waiting.
type broker struct {
	// turn holds a value while a change is in progress, so that events are in the order of the commits.
	turn chan struct{}
	// changes counts the changes that hold the turn or wait for it.
	changes int
	usedAt  time.Time
	// last is the id of the last event. It starts at the current time, not at 0, so that an id from before a restart is not
	// mistaken for a current one.
	last    int64
	recent  []event
	readers map[*reader]struct{}
}

// reader is one event stream.
type reader struct {
	// since is the id after which the stream begins, and missed holds the events between since and now.
	since  int64
	missed []event
	// events receives the events from now on. It is closed when the reader is dropped or the program stops.
	events chan event

	broker *broker
}

func newBrokers() *brokers {
	return &brokers{byInstallation: make(map[string]*broker), stopping: make(chan struct{})}
}

// change waits for its turn, calls commit, and then publishes the change that commit returned, unless it is nil. Once commit
// has started, the end of ctx does not stop it. Otherwise a committed change might not be published.
func (b *brokers) change(ctx context.Context, installation string, commit func(context.Context) (*change, error)) error {
	broker := b.begin(installation)
	defer b.end(broker)
	select {
	case broker.turn <- struct{}{}:
		defer func() { <-broker.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeTime)
	defer cancel()

	changed, err := commit(ctx)
	switch {
	case err != nil && !isRefusal(err):
		// It is unknown whether the change was committed.
		b.publish(broker, "reset", []byte("{}"))
	case err == nil && changed != nil:
		data, err := json.Marshal(changed)
		if err != nil {
			panic(err) // every change can be marshalled
		}
		b.publish(broker, "change", data)
	}
	return err
}

func (b *brokers) begin(installation string) *broker {
	b.mu.Lock()
	defer b.mu.Unlock()
	broker := b.get(installation)
	broker.changes++
	return broker
}

func (b *brokers) end(broker *broker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	broker.changes--
	broker.usedAt = time.Now()
}

// get returns the installation's broker. When it makes one, it removes those that were idle for idleTime. The caller holds mu.
func (b *brokers) get(installation string) *broker {
	now := time.Now()
	if found := b.byInstallation[installation]; found != nil {
		found.usedAt = now
		return found
	}
	for name, old := range b.byInstallation {
		if old.changes == 0 && len(old.readers) == 0 && now.Sub(old.usedAt) > idleTime {
			delete(b.byInstallation, name)
		}
	}
	made := &broker{turn: make(chan struct{}, 1), usedAt: now, last: now.UnixMilli(), readers: make(map[*reader]struct{})}
	b.byInstallation[installation] = made
	return made
}

// publish never waits: it drops a reader whose buffer is full. The reader reconnects and gets the events that it missed.
func (b *brokers) publish(broker *broker, name string, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	broker.last++
	e := event{broker.last, name, data}
	if len(broker.recent) == maxRecent {
		broker.recent = append(broker.recent[:0], broker.recent[1:]...)
	}
	broker.recent = append(broker.recent, e)
	for r := range broker.readers {
		select {
		case r.events <- e:
		default:
			r.drop()
		}
	}
}

// subscribe adds a reader. lastEventIDs holds the values of its Last-Event-ID header: none for a new reader, one for a reader
// that reconnects. The latter gets the events since then, or a reset if they are not kept any more. The caller must
// unsubscribe. The errors are errStopping and errTooManyReaders.
func (b *brokers) subscribe(installation string, lastEventIDs []string) (*reader, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errStopping
	}
	broker := b.get(installation)
	if len(broker.readers) >= maxReaders {
		return nil, errTooManyReaders
	}
	r := &reader{since: broker.last, events: make(chan event, maxPending), broker: broker}
	if len(lastEventIDs) > 0 {
		r.since, r.missed = broker.after(lastEventIDs)
	}
	broker.readers[r] = struct{}{}
	return r, nil
}

// after returns the events since the one with this id.
func (b *broker) after(lastEventIDs []string) (since int64, missed []event) {
	since, err := strconv.ParseInt(lastEventIDs[0], 10, 64)
	oldest := b.last - int64(len(b.recent))
	if err != nil || len(lastEventIDs) > 1 || since < oldest || since > b.last {
		return b.last, []event{{b.last, "reset", []byte("{}")}}
	}
	return since, append(missed, b.recent[since-oldest:]...)
}

func (b *brokers) unsubscribe(r *reader) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(r.broker.readers, r)
	r.broker.usedAt = time.Now()
}

// drop ends a reader's stream. The caller holds mu.
func (r *reader) drop() {
	delete(r.broker.readers, r)
	close(r.events)
}

// close ends all streams and lets none begin.
func (b *brokers) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.closed = true
		close(b.stopping)
	}
	for _, broker := range b.byInstallation {
		for r := range broker.readers {
			r.drop()
		}
	}
}
