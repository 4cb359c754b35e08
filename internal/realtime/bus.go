// Package realtime delivers the events of Forge's realtime to the windows of an app. The local host and the host in memory
// share it.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/realtime/ and
// https://developer.atlassian.com/platform/forge/realtime/authorizing-realtime-channels/
package realtime

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/platform"
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
	errNoWindow          = errors.New("the page's connection to the host is closed")
	errManySubscriptions = errors.New("this window has 1,000 subscriptions to realtime; end some before you add others")
)

// Bus delivers events to windows of the type W. It is safe for concurrent use.
type Bus[W comparable] struct {
	// send delivers an event to a window. The bus is locked meanwhile.
	send func(to Subscription[W], payload json.RawMessage)

	mu sync.Mutex
	// windows maps the open windows to the channels of their subscriptions. The page chooses the subscriptions' numbers.
	windows map[W]map[int]string
	// channels maps each channel to its subscriptions. It has no channels without subscriptions.
	channels map[string]map[Subscription[W]]struct{}
	// past holds the latest events, the oldest first. kept is their size in bytes.
	past []event
	kept int
	// forget removes old events, even if no more events are published.
	forget *time.Timer
}

// Subscription is a window's subscription to a channel.
type Subscription[W comparable] struct {
	Window W
	// ID is a number that the window has chosen.
	ID int
}

type event struct {
	channel string
	payload json.RawMessage
	at      time.Time
}

// NewBus returns a bus that delivers an event by send, which must neither block nor call the bus.
func NewBus[W comparable](send func(to Subscription[W], payload json.RawMessage)) *Bus[W] {
	return &Bus[W]{send: send, windows: map[W]map[int]string{}, channels: map[string]map[Subscription[W]]struct{}{}}
}

// Join allows a window to subscribe until it leaves.
func (b *Bus[W]) Join(w W) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.windows[w] = map[int]string{}
}

// Leave ends all subscriptions of a window.
func (b *Bus[W]) Leave(w W) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.windows[w] {
		b.remove(Subscription[W]{w, id})
	}
	delete(b.windows, w)
}

// Subscribe adds a subscription to the channel with this id. If replay is not negative, it first sends the stored events that
// are not older.
func (b *Bus[W]) Subscribe(s Subscription[W], channel string, replay time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.windows[s.Window]
	switch {
	case own == nil:
		return errNoWindow
	case len(own) >= maxSubscriptions:
		return errManySubscriptions
	}
	b.remove(s)
	own[s.ID] = channel
	if b.channels[channel] == nil {
		b.channels[channel] = map[Subscription[W]]struct{}{}
	}
	b.channels[channel][s] = struct{}{}
	for _, e := range b.past {
		if e.channel == channel && time.Since(e.at) <= replay {
			b.send(s, e.payload)
		}
	}
	return nil
}

// Unsubscribe ends a subscription.
func (b *Bus[W]) Unsubscribe(s Subscription[W]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(s)
}

// remove removes a subscription. The caller holds b.mu.
func (b *Bus[W]) remove(s Subscription[W]) {
	channel, ok := b.windows[s.Window][s.ID]
	if !ok {
		return
	}
	delete(b.windows[s.Window], s.ID)
	delete(b.channels[channel], s)
	if len(b.channels[channel]) == 0 {
		delete(b.channels, channel)
	}
}

// Result is the answer to publishRealtimeChannel. If the channel has no subscription, both members are nil.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/realtime/
type Result struct {
	EventID        *string `json:"eventId"`
	EventTimestamp *string `json:"eventTimestamp"`
}

// Publish sends an event to the channel with this id. It returns an error if the payload is too large.
func (b *Bus[W]) Publish(channel string, payload json.RawMessage) (Result, error) {
	if len(payload) > maxEvent {
		return Result{}, &platform.Error{Code: "EVENT_TOO_LARGE", Message: fmt.Sprintf(
			"The event's payload is %d bytes of JSON; this host accepts at most %d. Publish what has changed, and let subscribers request the rest.", len(payload), maxEvent)}
	}
	if b.publish(channel, payload) == 0 {
		return Result{}, nil
	}
	id, ms := rand.Text(), strconv.FormatInt(time.Now().UnixMilli(), 10)
	return Result{&id, &ms}, nil
}

// publish sends an event and returns the number of subscriptions that get it.
func (b *Bus[W]) publish(channel string, payload json.RawMessage) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.past = append(b.past, event{channel, payload, time.Now()})
	b.kept += len(payload)
	b.drop()
	for s := range b.channels[channel] {
		b.send(s, payload)
	}
	return len(b.channels[channel])
}

// Close forgets the stored events. The bus must not be used after that.
func (b *Bus[W]) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.past, b.kept = nil, 0
	if b.forget != nil {
		b.forget.Stop()
	}
}

// drop removes the oldest events until the rest is within the limits. It starts the timer for the next event. The caller
// holds b.mu.
func (b *Bus[W]) drop() {
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
