// Package realtime carries events between the pages of an app, as Forge's realtime does.
package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/window"
)

// Service answers the page's requests about realtime. It is safe for concurrent use.
type Service struct {
	dir     string
	windows *window.Windows
	bus     bus
}

// New returns the service for the app in dir. Events go to the windows.
func New(dir string, windows *window.Windows) *Service {
	return &Service{dir: dir, windows: windows}
}

// Join allows a window to subscribe.
func (s *Service) Join(w *window.Window) { s.bus.join(w) }

// Leave ends all subscriptions of a window.
func (s *Service) Leave(w *window.Window) { s.bus.leave(w) }

// SubscriptionID identifies a subscription: the window by the name that the host has sent over its socket, and the
// subscription by a number that the page has chosen.
type SubscriptionID struct {
	Window       string `json:"window"`
	Subscription int    `json:"subscription"`
}

func (s *Service) subscription(id SubscriptionID) subscription {
	return subscription{s.windows.Get(id.Window), id.Subscription}
}

// SubscribeInput is a subscription and its channel.
type SubscribeInput struct {
	Channel
	SubscriptionID
}

// Subscribe answers subscribeRealtimeChannel.
func (s *Service) Subscribe(_ context.Context, session *installation.Session, in SubscribeInput) (object, error) {
	channel, err := s.channelID(session, in.Channel)
	if err != nil {
		return nil, err
	}
	// Clamp before the multiplication so that it cannot overflow.
	replay := time.Duration(min(max(in.Options.ReplaySeconds, -1), replayTime.Seconds()) * float64(time.Second))
	if replay == 0 {
		replay = -1 // Send no stored events, not even one that was published just now.
	}
	return object{}, s.bus.subscribe(s.subscription(in.SubscriptionID), channel, replay)
}

// Unsubscribe ends a subscription.
func (s *Service) Unsubscribe(_ context.Context, in SubscriptionID) (object, error) {
	s.bus.unsubscribe(s.subscription(in))
	return object{}, nil
}

// PublishInput is an event and its channel.
type PublishInput struct {
	Channel
	EventPayload json.RawMessage `json:"eventPayload"`
}

// PublishOutput follows PublishResult. If the channel has no subscription, both members are null.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/realtime/
type PublishOutput struct {
	EventID        *string `json:"eventId"`
	EventTimestamp *string `json:"eventTimestamp"`
}

// Publish answers publishRealtimeChannel.
func (s *Service) Publish(_ context.Context, session *installation.Session, in PublishInput) (out PublishOutput, err error) {
	channel, err := s.channelID(session, in.Channel)
	if err != nil {
		return out, err
	}
	if len(in.EventPayload) > maxEvent {
		return out, &apierror.Error{Code: "EVENT_TOO_LARGE", Message: fmt.Sprintf(
			"The event's payload is %d bytes of JSON; the local host accepts at most %d. Publish what has changed, and let subscribers request the rest.", len(in.EventPayload), maxEvent)}
	}
	if s.bus.publish(channel, in.EventPayload) > 0 {
		id, ms := rand.Text(), strconv.FormatInt(time.Now().UnixMilli(), 10)
		out = PublishOutput{&id, &ms}
	}
	return out, nil
}
