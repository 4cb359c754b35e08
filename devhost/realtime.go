package devhost

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// What is kept for those who subscribe later. The platform's own limits are not known.
const (
	replayTime   = 10 * time.Minute
	replayEvents = 500
)

// maxQueue bounds what waits for a page that does not read. The page connects again then.
const maxQueue = 10_000

var (
	errNoListener = errors.New("the page's connection for realtime events is gone")
	errNoRealtime = errors.New("this host has no realtime: forgego.yml says so (realtime: off)")
)

// realtime carries events from product page to product page, whatever the window, the browser or the user.
type realtime struct {
	mu        sync.Mutex
	listeners map[string]*listener
	past      []realtimeEvent
}

// listener is a product page that is open.
type listener struct {
	// channels are what the page has subscribed to, by its own numbers.
	channels map[int]string
	queue    []realtimeLine
	// more gets a value when the queue has something, or when it has become too long.
	more chan struct{}
	lost bool
}

type realtimeEvent struct {
	channel string
	payload json.RawMessage
	at      time.Time
}

// realtimeLine is a line of a page's stream: its listener's name first, then events for its subscriptions.
type realtimeLine struct {
	Listener     string          `json:"listener,omitempty"`
	Subscription int             `json:"subscription,omitempty"`
	Payload      json.RawMessage `json:"payload,omitempty"`
}

func (r *realtime) add() (string, *listener) {
	name := rand.Text()
	l := &listener{channels: map[int]string{}, queue: []realtimeLine{{Listener: name}}, more: make(chan struct{}, 1)}
	l.more <- struct{}{}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listeners == nil {
		r.listeners = map[string]*listener{}
	}
	r.listeners[name] = l
	return name, l
}

func (r *realtime) remove(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.listeners, name)
}

// take gives what waits, and false if the listener was too slow.
func (r *realtime) take(l *listener) ([]realtimeLine, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := l.queue
	l.queue = nil
	return lines, !l.lost
}

// push is called with r.mu held.
func (l *listener) push(line realtimeLine) {
	if l.lost = l.lost || len(l.queue) >= maxQueue; l.lost {
		l.queue = nil
	} else {
		l.queue = append(l.queue, line)
	}
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// subscribe begins with the events of the last time, if that is wanted.
func (r *realtime) subscribe(name string, subscription int, channel string, replay time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.listeners[name]
	if l == nil {
		return errNoListener
	}
	l.channels[subscription] = channel
	for _, e := range r.past {
		if e.channel == channel && time.Since(e.at) <= replay {
			l.push(realtimeLine{Subscription: subscription, Payload: e.payload})
		}
	}
	return nil
}

func (r *realtime) unsubscribe(name string, subscription int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.listeners[name]; l != nil {
		delete(l.channels, subscription)
	}
}

// publish gives how many subscriptions get the event.
func (r *realtime) publish(channel string, payload json.RawMessage, now time.Time) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.past = append(r.past, realtimeEvent{channel, payload, now})
	for len(r.past) > replayEvents || now.Sub(r.past[0].at) > replayTime {
		r.past = r.past[1:]
	}
	reached := 0
	for _, l := range r.listeners {
		for subscription, subscribed := range l.channels {
			if subscribed == channel {
				reached++
				l.push(realtimeLine{Subscription: subscription, Payload: payload})
			}
		}
	}
	return reached
}

// eventRoutes are those of events.js and what it uses.
func (h *Host) eventRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /_host/realtime/listen", h.serveListen)
	mux.HandleFunc("POST /_host/realtime/subscribe", h.serveSubscribe)
	mux.HandleFunc("POST /_host/realtime/unsubscribe", h.serveUnsubscribe)
	mux.HandleFunc("POST /_host/realtime/publish", h.servePublish)
	mux.HandleFunc("POST /_host/permissions", h.servePermissions)
}

// serveListen answers with a stream that ends with the page: one for all subscriptions, because a browser has six
// connections to a server only. It is no EventSource, which sends no origin.
func (h *Host) serveListen(w http.ResponseWriter, r *http.Request) {
	if !readInput(w, r, &struct{}{}) {
		return
	}
	name, l := h.realtime.add()
	defer h.realtime.remove(name)
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Cache-Control", "no-store")
	stream := http.NewResponseController(w)
	for {
		select {
		case <-r.Context().Done():
			return
		case <-l.more:
		}
		lines, ok := h.realtime.take(l)
		if !ok {
			return
		}
		for _, line := range lines {
			if json.NewEncoder(w).Encode(line) != nil {
				return
			}
		}
		if stream.Flush() != nil {
			return
		}
	}
}

// subscriptionInput is what the page asks of its own stream.
type subscriptionInput struct {
	channelInput
	Listener     string `json:"listener"`
	Subscription int    `json:"subscription"`
}

func (h *Host) serveSubscribe(w http.ResponseWriter, r *http.Request) {
	var in subscriptionInput
	if !readInput(w, r, &in) {
		return
	}
	channel, err := h.channel(in.channelInput)
	if err == nil {
		// Bounded first, so that the product cannot overflow.
		replay := time.Duration(min(max(in.Options.ReplaySeconds, -1), replayTime.Seconds()) * float64(time.Second))
		if replay == 0 {
			replay = -1 // nothing, not even what has just come
		}
		err = h.realtime.subscribe(in.Listener, in.Subscription, channel, replay)
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, object{})
}

func (h *Host) serveUnsubscribe(w http.ResponseWriter, r *http.Request) {
	var in subscriptionInput
	if !readInput(w, r, &in) {
		return
	}
	h.realtime.unsubscribe(in.Listener, in.Subscription)
	writeJSON(w, object{})
}

// publishOutput follows PublishResult: both are null if nobody has subscribed.
// Source: apis-reference/ui-api-bridge/realtime.
type publishOutput struct {
	EventID        *string `json:"eventId"`
	EventTimestamp *string `json:"eventTimestamp"`
}

func (h *Host) servePublish(w http.ResponseWriter, r *http.Request) {
	var in struct {
		channelInput
		EventPayload json.RawMessage `json:"eventPayload"`
	}
	if !readInput(w, r, &in) {
		return
	}
	channel, err := h.channel(in.channelInput)
	if err != nil {
		writeError(w, err)
		return
	}
	now := time.Now()
	var out publishOutput
	if h.realtime.publish(channel, in.EventPayload, now) > 0 {
		id, ms := rand.Text(), strconv.FormatInt(now.UnixMilli(), 10)
		out = publishOutput{&id, &ms}
	}
	writeJSON(w, out)
}
