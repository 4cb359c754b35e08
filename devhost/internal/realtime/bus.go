package realtime

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/window"
)

// Limits of the events that are stored for later subscribers. The platform documents only a limit of 50 operations per
// second.
//
// Source: https://developer.atlassian.com/platform/forge/limits-realtime/
const (
	replayTime   = 10 * time.Minute
	replayEvents = 500
	replayBytes  = 8 << 20
	// maxEvent is the largest size of an event's payload as JSON, in bytes.
	maxEvent = 1 << 20
	// maxSubscriptions is the largest number of subscriptions of a window.
	maxSubscriptions = 1000
)

var (
	errNoWindow          = errors.New("the page's connection to the local host is closed")
	errManySubscriptions = errors.New("this window has 1,000 subscriptions to realtime; end some before you add others")
)

// bus delivers events to all product pages, in any window and any browser. The zero value is ready to use.
type bus struct {
	mu sync.Mutex
	// windows maps the open windows to the channels of their subscriptions. The page chooses the subscriptions' numbers.
	windows map[*window.Window]map[int]string
	// channels maps each channel to its subscriptions. It has no channels without subscriptions.
	channels map[string]map[subscription]struct{}
	// past holds the latest events, the oldest first. kept is their size in bytes.
	past []event
	kept int
	// forget removes old events, even if no more events are published.
	forget *time.Timer
}

type subscription struct {
	window *window.Window
	id     int
}

type event struct {
	channel string
	payload json.RawMessage
	at      time.Time
}

// join allows a window to subscribe until it leaves.
func (b *bus) join(w *window.Window) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.windows == nil {
		b.windows = map[*window.Window]map[int]string{}
		b.channels = map[string]map[subscription]struct{}{}
	}
	b.windows[w] = map[int]string{}
}

// leave ends all subscriptions of a window.
func (b *bus) leave(w *window.Window) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.windows[w] {
		b.remove(subscription{w, id})
	}
	delete(b.windows, w)
}

// subscribe adds a subscription. If replay is not negative, it first sends the stored events that are not older.
func (b *bus) subscribe(s subscription, channel string, replay time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.windows[s.window]
	switch {
	case own == nil:
		return errNoWindow
	case len(own) >= maxSubscriptions:
		return errManySubscriptions
	}
	b.remove(s)
	own[s.id] = channel
	if b.channels[channel] == nil {
		b.channels[channel] = map[subscription]struct{}{}
	}
	b.channels[channel][s] = struct{}{}
	for _, e := range b.past {
		if e.channel == channel && time.Since(e.at) <= replay {
			s.send(e.payload)
		}
	}
	return nil
}

func (b *bus) unsubscribe(s subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(s)
}

// remove removes a subscription. The caller holds b.mu.
func (b *bus) remove(s subscription) {
	channel, ok := b.windows[s.window][s.id]
	if !ok {
		return
	}
	delete(b.windows[s.window], s.id)
	delete(b.channels[channel], s)
	if len(b.channels[channel]) == 0 {
		delete(b.channels, channel)
	}
}

func (s subscription) send(payload json.RawMessage) {
	s.window.Send(window.Message{Type: "realtime", Subscription: s.id, Payload: payload})
}

// publish sends an event and returns the number of subscriptions that get it.
func (b *bus) publish(channel string, payload json.RawMessage) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.past = append(b.past, event{channel, payload, time.Now()})
	b.kept += len(payload)
	b.drop()
	for s := range b.channels[channel] {
		s.send(payload)
	}
	return len(b.channels[channel])
}

// drop removes the oldest events until the rest is within the limits. It starts the timer for the next event. The caller
// holds b.mu.
func (b *bus) drop() {
	for len(b.past) > 0 && (len(b.past) > replayEvents || b.kept > replayBytes || time.Since(b.past[0].at) > replayTime) {
		b.kept -= len(b.past[0].payload)
		b.past[0] = event{} // Otherwise the array behind the slice would keep the payload in memory.
		b.past = b.past[1:]
	}
	switch {
	case len(b.past) == 0:
		b.past = nil
	case b.forget == nil:
		b.forget = time.AfterFunc(replayTime-time.Since(b.past[0].at)+time.Millisecond, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.forget = nil
			b.drop()
		})
	}
}
