// Package realtime carries events between the pages of an app, in any window and any browser, as Forge's realtime does.
package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/realtime"
)

var errNoRealtime = errors.New("realtime is off on this host: forgego.yml has \"realtime: off\"")

type subscription = realtime.Subscription[*window.Window]

// Service answers the page's requests about realtime. It is safe for concurrent use.
type Service struct {
	dir     string
	windows *window.Windows
	bus     *realtime.Bus[*window.Window]
}

// New returns the service for the app in dir. Events go to the windows.
func New(dir string, windows *window.Windows) *Service {
	return &Service{dir, windows, realtime.NewBus(func(to subscription, payload json.RawMessage) {
		to.Window.Send(window.Message{Type: "realtime", Subscription: to.ID, Payload: payload})
	})}
}

// Join allows a window to subscribe.
func (s *Service) Join(w *window.Window) { s.bus.Join(w) }

// Leave ends all subscriptions of a window.
func (s *Service) Leave(w *window.Window) { s.bus.Leave(w) }

// SubscriptionID identifies a subscription: the window by the name that the host has sent over its socket, and the
// subscription by a number that the page has chosen.
type SubscriptionID struct {
	Window       string `json:"window"`
	Subscription int    `json:"subscription"`
}

func (s *Service) subscription(id SubscriptionID) subscription {
	return subscription{Window: s.windows.Get(id.Window), ID: id.Subscription}
}

// Channel is a channel of a module.
type Channel struct {
	ModuleKey string `json:"moduleKey"`
	realtime.Channel
}

// channelID returns a text that is equal for equal channels. A site has only its own channels.
func (s *Service) channelID(session *installation.Session, in Channel) (string, error) {
	if dev, err := devfile.Load(s.dir); err != nil || dev.NoRealtime {
		return "", cmp.Or(err, errNoRealtime)
	}
	module, err := session.Module(in.ModuleKey)
	if err != nil {
		return "", err
	}
	return in.ID(realtime.Place{InstallationID: session.InstallationID, ModuleKey: module.Key, Extension: session.Context(module, module.Main().Name).Extension})
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
	return object{}, s.bus.Subscribe(s.subscription(in.SubscriptionID), channel, in.Replay())
}

// Unsubscribe ends a subscription.
func (s *Service) Unsubscribe(_ context.Context, in SubscriptionID) (object, error) {
	s.bus.Unsubscribe(s.subscription(in))
	return object{}, nil
}

// PublishInput is an event and its channel.
type PublishInput struct {
	Channel
	EventPayload json.RawMessage `json:"eventPayload"`
}

// Publish answers publishRealtimeChannel.
func (s *Service) Publish(_ context.Context, session *installation.Session, in PublishInput) (out realtime.Result, err error) {
	channel, err := s.channelID(session, in.Channel)
	if err != nil {
		return out, err
	}
	return s.bus.Publish(channel, in.EventPayload)
}

type object = map[string]any
