package devhost

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
)

// What is kept for those who subscribe later. The platform documents no limit of its own but 50 operations per second.
// Source: https://developer.atlassian.com/platform/forge/limits-realtime/
const (
	replayTime   = 10 * time.Minute
	replayEvents = 500
	replayBytes  = 8 << 20
	// maxEvent is how large an event's payload may be, as JSON.
	maxEvent = 1 << 20
	// maxSubscriptions is how many subscriptions a window may hold at once.
	maxSubscriptions = 1000
)

var (
	errNoWindow          = errors.New("the page's connection to the local host is gone")
	errManySubscriptions = errors.New("this window has 1,000 subscriptions to realtime; end some before you add more")
	errNoRealtime        = errors.New("this host has no realtime: forgego.yml says so (realtime: off)")
)

// realtime carries events from product page to product page, whatever the window, the browser or the user.
type realtime struct {
	mu sync.Mutex
	// windows are those that are open, and the channels of their subscriptions, which the page numbers.
	windows map[*window]map[int]string
	// channels are the subscriptions of each channel. One without a subscription is not in it.
	channels map[string]map[subscription]struct{}
	// past are the last events, the oldest first, and kept is their size in bytes.
	past []realtimeEvent
	kept int
	// forget removes past events when they are too old, even if nothing is published any more.
	forget *time.Timer
}

type subscription struct {
	window *window
	id     int
}

type realtimeEvent struct {
	channel string
	payload json.RawMessage
	at      time.Time
}

// join allows a window to subscribe, until it leaves.
func (r *realtime) join(w *window) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.windows == nil {
		r.windows = map[*window]map[int]string{}
		r.channels = map[string]map[subscription]struct{}{}
	}
	r.windows[w] = map[int]string{}
}

// leave ends all subscriptions of a window.
func (r *realtime) leave(w *window) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.windows[w] {
		r.remove(subscription{w, id})
	}
	delete(r.windows, w)
}

// subscribe begins with the events of the last time, if replay is not negative.
func (r *realtime) subscribe(s subscription, channel string, replay time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	own := r.windows[s.window]
	switch {
	case own == nil:
		return errNoWindow
	case len(own) >= maxSubscriptions:
		return errManySubscriptions
	}
	r.remove(s)
	own[s.id] = channel
	if r.channels[channel] == nil {
		r.channels[channel] = map[subscription]struct{}{}
	}
	r.channels[channel][s] = struct{}{}
	for _, e := range r.past {
		if e.channel == channel && time.Since(e.at) <= replay {
			s.send(e.payload)
		}
	}
	return nil
}

func (r *realtime) unsubscribe(s subscription) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remove(s)
}

// remove is called with r.mu held.
func (r *realtime) remove(s subscription) {
	channel, ok := r.windows[s.window][s.id]
	if !ok {
		return
	}
	delete(r.windows[s.window], s.id)
	delete(r.channels[channel], s)
	if len(r.channels[channel]) == 0 {
		delete(r.channels, channel)
	}
}

func (s subscription) send(payload json.RawMessage) {
	s.window.send(message{Type: "realtime", Subscription: s.id, Payload: payload})
}

// publish returns how many subscriptions get the event.
func (r *realtime) publish(channel string, payload json.RawMessage) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.past = append(r.past, realtimeEvent{channel, payload, time.Now()})
	r.kept += len(payload)
	r.drop()
	for s := range r.channels[channel] {
		s.send(payload)
	}
	return len(r.channels[channel])
}

// drop removes the events that are too many, too large together or too old, and sets the timer for the next one. It is
// called with r.mu held.
func (r *realtime) drop() {
	for len(r.past) > 0 && (len(r.past) > replayEvents || r.kept > replayBytes || time.Since(r.past[0].at) > replayTime) {
		r.kept -= len(r.past[0].payload)
		r.past[0] = realtimeEvent{} // The array behind the slice would keep the payload.
		r.past = r.past[1:]
	}
	switch {
	case len(r.past) == 0:
		r.past = nil
	case r.forget == nil:
		r.forget = time.AfterFunc(replayTime-time.Since(r.past[0].at)+time.Millisecond, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.forget = nil
			r.drop()
		})
	}
}

// eventRoutes are those of events.js and what it uses.
func (h *Host) eventRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_host/socket", h.serveSocket)
	mux.HandleFunc("POST /_host/realtime/subscribe", answering(h.subscribe))
	mux.HandleFunc("POST /_host/realtime/unsubscribe", answering(h.unsubscribe))
	mux.HandleFunc("POST /_host/realtime/publish", answering(h.publish))
	mux.HandleFunc("POST /_host/permissions", h.servePermissions)
}

// subscriptionInput names a subscription of a window: the window by the name that its socket has told, and the
// subscription by the page's own number.
type subscriptionInput struct {
	Window       string `json:"window"`
	Subscription int    `json:"subscription"`
}

func (h *Host) subscribe(_ context.Context, in struct {
	channelInput
	subscriptionInput
}) (object, error) {
	channel, err := h.channel(in.channelInput)
	if err != nil {
		return nil, err
	}
	// Limited before it is multiplied, so that the product cannot overflow.
	replay := time.Duration(min(max(in.Options.ReplaySeconds, -1), replayTime.Seconds()) * float64(time.Second))
	if replay == 0 {
		replay = -1 // nothing, not even what has just come
	}
	return object{}, h.realtime.subscribe(h.subscription(in.subscriptionInput), channel, replay)
}

func (h *Host) unsubscribe(_ context.Context, in subscriptionInput) (object, error) {
	h.realtime.unsubscribe(h.subscription(in))
	return object{}, nil
}

func (h *Host) subscription(in subscriptionInput) subscription {
	return subscription{h.windows.get(in.Window), in.Subscription}
}

// publishOutput follows PublishResult: both are null if nobody has subscribed.
// Source: apis-reference/ui-api-bridge/realtime.
type publishOutput struct {
	EventID        *string `json:"eventId"`
	EventTimestamp *string `json:"eventTimestamp"`
}

func (h *Host) publish(_ context.Context, in struct {
	channelInput
	EventPayload json.RawMessage `json:"eventPayload"`
}) (out publishOutput, err error) {
	channel, err := h.channel(in.channelInput)
	if err != nil {
		return out, err
	}
	if len(in.EventPayload) > maxEvent {
		return out, &apierror.Error{Code: "EVENT_TOO_LARGE", Message: fmt.Sprintf(
			"The event's payload is %d bytes of JSON; the local host takes at most %d. Publish what has changed, and let subscribers ask for the rest.", len(in.EventPayload), maxEvent)}
	}
	if h.realtime.publish(channel, in.EventPayload) > 0 {
		id, ms := rand.Text(), strconv.FormatInt(time.Now().UnixMilli(), 10)
		out = publishOutput{&id, &ms}
	}
	return out, nil
}
