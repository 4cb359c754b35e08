package bridgetest

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/forgego/forgego/internal/realtime"
)

type subscription = realtime.Subscription[*Window]

var realtimeCommands = map[string]command{
	"publishRealtimeChannel": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		_, id, err := w.channel(payload)
		if err != nil {
			return nil, err
		}
		return w.host.bus.Publish(id, membersOf(payload)["eventPayload"])
	},
	"subscribeRealtimeChannel": func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		channel, id, err := w.channel(payload)
		if err != nil {
			return nil, err
		}
		call := callbacks["onEvent"]
		if call == nil {
			return nil, refuse(invalidRequest, "A realtime subscription needs a function \"onEvent\".")
		}
		h := w.host
		h.mu.Lock()
		h.lastSubscription++
		s := subscription{Window: w, ID: h.lastSubscription}
		h.mu.Unlock()
		h.onEvent.Store(s, call)
		if err := h.bus.Subscribe(s, id, channel.Replay()); err != nil {
			h.onEvent.Delete(s)
			return nil, err
		}
		return unsubscribable(func() {
			h.bus.Unsubscribe(s)
			h.onEvent.Delete(s)
		}), nil
	},
}

// deliver passes an event of realtime to a subscription's callback.
func (h *Host) deliver(to subscription, payload json.RawMessage) {
	if call, ok := h.onEvent.Load(to); ok {
		call.(func(...any) *Reply)(payload)
	}
}

// channel returns the channel that a payload names, and its id.
func (w *Window) channel(payload json.RawMessage) (realtime.Channel, string, error) {
	in := membersOf(payload)
	var c realtime.Channel
	c.ChannelName, _ = in.text("channelName")
	if c.ChannelName == "" {
		return c, "", refuse(invalidRequest, "A realtime channel needs a name.")
	}
	c.IsGlobal = string(in["isGlobal"]) == "true"
	if options := in["options"]; strings.HasPrefix(string(options), "{") {
		if err := json.Unmarshal(options, &c.Options); err != nil {
			return c, "", refuse(invalidRequest, "The options of a realtime channel are not those of the bridge: %v.", err)
		}
	}
	here, installationID, err := w.place()
	if err != nil {
		return c, "", err
	}
	p := realtime.Place{InstallationID: installationID}
	p.ModuleKey, _ = here["moduleKey"].(string)
	if extension, ok := here["extension"].(map[string]any); ok {
		// A dialog is at the place of its module.
		p.Extension = map[string]any{}
		for name, value := range extension {
			if name != "modal" {
				p.Extension[name] = value
			}
		}
	}
	id, err := c.ID(p)
	return c, id, err
}
