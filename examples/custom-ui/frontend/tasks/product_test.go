package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing/synctest"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/bridgetest"
)

// product is an in-memory product page, with flags, dialogs, realtime and a router.
type product struct {
	mu sync.Mutex
	// flags are the visible flags by their titles, with the functions of their buttons. shown is the number of all
	// flags so far.
	flags map[string]func()
	ids   map[string]string
	shown int
	// opened has the options of the last dialog. closed reports to its opener that it is closed.
	opened string
	closed func(arguments ...any)
	// hears are the callbacks of the channels.
	hears map[int]func(arguments ...any)
	last  int
	// gone lists the targets of the router.
	gone []string
}

// withProduct adds a product page to the host.
func withProduct(host *bridgetest.Host) *product {
	p := &product{flags: map[string]func(){}, ids: map[string]string{}, hears: map[int]func(...any){}}
	locked := func(f func()) {
		p.mu.Lock()
		defer p.mu.Unlock()
		f()
	}
	host.OnWithFunctions("showFlag", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		var in struct {
			ID, Title string
			Actions   []struct{ Text string }
		}
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() {
			title := in.Title + " [" + in.Actions[0].Text + "]"
			p.shown++
			p.ids[in.ID] = title
			p.flags[title] = func() { callbacks["actions.0.onClick"]() }
		})
		return true, nil
	})
	host.On("closeFlag", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ ID string }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() {
			delete(p.flags, p.ids[in.ID])
			delete(p.ids, in.ID)
		})
		return true, nil
	})
	host.OnWithFunctions("openModal", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		var in struct {
			Title   string
			Context json.RawMessage
		}
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		locked(func() { p.opened, p.closed = in.Title+" "+string(in.Context), callbacks["onClose"] })
		return true, nil
	})
	host.OnWithFunctions("subscribeRealtimeChannel", func(_ context.Context, payload json.RawMessage, callbacks bridgetest.Callbacks) (any, error) {
		if string(payload) != `{"channelName":"tasks","isGlobal":true}` {
			return nil, fmt.Errorf("subscribed to %s", payload)
		}
		n := 0
		locked(func() {
			p.last++
			n = p.last
			p.hears[n] = callbacks["onEvent"]
		})
		leave := func(context.Context, json.RawMessage, bridgetest.Callbacks) (any, error) {
			locked(func() { delete(p.hears, n) })
			return nil, nil
		}
		return bridgetest.Object{Methods: map[string]bridgetest.Function{"unsubscribe": leave}}, nil
	})
	host.On("publishRealtimeChannel", func(_ context.Context, payload json.RawMessage) (any, error) {
		var in struct{ EventPayload json.RawMessage }
		if err := json.Unmarshal(payload, &in); err != nil {
			return nil, err
		}
		p.publish(in.EventPayload)
		return map[string]any{"eventId": "1", "eventTimestamp": "1"}, nil
	})
	host.On("navigate", func(_ context.Context, payload json.RawMessage) (any, error) {
		locked(func() { p.gone = append(p.gone, string(payload)) })
		return nil, nil
	})
	return p
}

// publish sends this message to all subscribers.
func (p *product) publish(arguments ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, hear := range p.hears {
		hear(arguments...)
	}
}

// listeners returns the number of subscribers.
func (p *product) listeners() int {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.hears)
}

// shownFlags returns the visible flags.
func (p *product) shownFlags() string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(slices.Sorted(maps.Keys(p.flags)), ", ")
}

// press presses a flag's button this many times.
func (p *product) press(flag string, times int) {
	p.mu.Lock()
	press := p.flags[flag]
	p.mu.Unlock()
	for range times {
		press()
	}
}

// files serves the page's translations as the product does.
type files struct{ broken bool }

func (f files) Fetch(_ context.Context, r bridge.FetchRequest) (bridge.FetchResponse, error) {
	name, ok := strings.CutPrefix(r.URL, "./__LOCALES__/")
	text := []byte(`{"config":{"locales":["en-US","de-DE"],"fallback":{"default":"en-US"}}}`)
	var err error
	if name != "i18n-info.json" {
		text, err = os.ReadFile("../../locales/" + name)
	}
	if !ok || err != nil || f.broken {
		return bridge.FetchResponse{}, errors.Join(bridge.ErrNetwork, err)
	}
	return bridge.FetchResponse{Status: 200, Body: io.NopCloser(strings.NewReader(string(text)))}, nil
}
