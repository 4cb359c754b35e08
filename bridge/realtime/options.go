package realtime

import (
	"time"

	"github.com/forgego/forgego/bridge/internal/payload"
)

// Option changes [Publish], [PublishGlobal], [Subscribe] and [SubscribeGlobal]. A nil Option changes nothing.
type Option func(*settings)

type settings struct {
	// given means that there is an option, so that the command has the member options.
	given     bool
	replay    time.Duration
	token     string
	overrides *[]ProductContext
}

// WithToken sends a token: what signRealtimeToken of @forge/realtime returned to the app's resolver for this channel.
// An event reaches only the subscribers whose token has the same claims. Tokens expire: use a new one for each event.
//
// Source: https://developer.atlassian.com/platform/forge/realtime/authorizing-realtime-channels/
func WithToken(token string) Option { return func(s *settings) { s.token = token } }

// WithContextOverrides sets the parts of the place that define the channel, instead of all. Publishers and subscribers
// need the same ones. Without parts it is a channel of the whole installation.
func WithContextOverrides(parts ...ProductContext) Option {
	return func(s *settings) {
		overrides := append([]ProductContext{}, parts...)
		s.overrides = &overrides
	}
}

// WithReplay also delivers events from that long before the subscription. It is sent in seconds. The default is none.
// It is for subscriptions: [Publish] returns [bridge.ErrInvalidRequest], and so does a negative time.
func WithReplay(d time.Duration) Option { return func(s *settings) { s.replay = d } }

// wireOptions are the options as they are sent. A pointer distinguishes absent from empty.
type wireOptions struct {
	ReplaySeconds    float64           `json:"replaySeconds,omitempty"`
	Token            string            `json:"token,omitempty"`
	ContextOverrides *[]ProductContext `json:"contextOverrides,omitempty"`
}

// wire returns the options as they are sent, or nil if there are none.
func wire(op string, options []Option, canReplay bool) (*wireOptions, error) {
	var s settings
	for _, option := range options {
		if option != nil {
			option(&s)
			s.given = true
		}
	}
	switch {
	case !s.given:
		return nil, nil
	case s.replay < 0:
		return nil, payload.InvalidRequest(op, "WithReplay: the time is negative")
	case s.replay != 0 && !canReplay:
		return nil, payload.InvalidRequest(op, "WithReplay is for subscriptions")
	}
	return &wireOptions{s.replay.Seconds(), s.token, s.overrides}, nil
}
