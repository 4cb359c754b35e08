package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"
)

const (
	// maxRecent is how many events are kept for each installation, for readers that come back.
	maxRecent = 256
	// maxPending is how many events may wait for a reader that is slower than the changes; with one more it is dropped.
	maxPending = 64
	// maxReaders is how many pages of one installation may listen at once.
	maxReaders = 1000
	// idleTime is how long events are kept for an installation that nobody listens to or changes.
	idleTime = 10 * time.Minute
	// changeTime is how long a change may take. The caller's own end does not end it.
	changeTime = 10 * time.Second
)

var (
	errStopping       = errors.New("the program is about to end")
	errTooManyReaders = errors.New("too many readers of one installation")
)

// The kinds of change, as they go over the wire.
const (
	kindAdded   = "added"
	kindChanged = "changed"
	kindDeleted = "deleted"
)

// change is what happened to a task, as it goes over the wire. A deleted task is told as it was before.
type change struct {
	Kind string `json:"kind"`
	Task task   `json:"task"`
	// After is the id of the task before a restored one, or "" if that is the first. It is nil for other changes.
	After *string `json:"after,omitempty"`
}

// event is one message of an event stream.
type event struct {
	id int64
	// name is "change", or "reset" when the list may have changed in a way that no event tells.
	name string
	data []byte
}

// brokers tell the readers of each installation what changes in it. They know the changes of this process only.
type brokers struct {
	mu             sync.Mutex
	byInstallation map[string]*broker
	closed         bool

	// stopping is closed when all streams are to end.
	stopping chan struct{}
}

// broker serves one installation. What has no comment is guarded by brokers.mu, which is never held while waiting.
type broker struct {
	// turn holds a value while a change is under way, so that events have the order of the commits.
	turn chan struct{}
	// changes counts who holds the turn or waits for it.
	changes int
	usedAt  time.Time
	// last is the id of the last event. It starts at the time, not at 0: a reader that was here before a restart has an
	// id of another count, which must not look like one of this.
	last    int64
	recent  []event
	readers map[*reader]struct{}
}

// reader is one event stream.
type reader struct {
	// since is the id after which the stream begins, and missed are the events between since and now.
	since  int64
	missed []event
	// events are those from now on. It is closed when the reader has been dropped, and when the program is about to end.
	events chan event

	broker *broker
}

func newBrokers() *brokers {
	return &brokers{byInstallation: make(map[string]*broker), stopping: make(chan struct{})}
}

// change waits for its turn, commits by calling commit, and then tells what commit returned; nil if nothing changed.
// Once begun it does not end with ctx, or what has been committed might not be told.
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
		// Nobody knows whether it was committed.
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

// get returns the installation's broker. When it makes one, it forgets those that nobody has used for idleTime. The
// caller holds mu.
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

// publish never waits: a reader whose buffer is full is dropped. It comes back and gets what it missed.
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

// subscribe adds a reader. lastEventIDs are the values of its Last-Event-ID header: none for a reader that is new, one
// for a reader that comes back and gets the events since then, or a reset if they are not there any more. The caller
// must unsubscribe. Errors: errStopping, errTooManyReaders.
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
