// Program frontend does what an open page does all day: it has a timer, reads events, and makes calls. The test starts the
// events by globalThis.follow(), asks for the program's state by globalThis.state(), and for calls by
// globalThis.call(way, path).
package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// tick is the interval of the timer.
const tick = 20 * time.Millisecond

// silence is the longest time without a heartbeat of the events. The backend sends one much more often. A connection that the
// browser has frozen may be dead, which only a missed heartbeat shows.
const silence = time.Second

// state is what the program has seen so far.
type state struct {
	Ticks int
	// Longest is the longest time between two ticks, in milliseconds.
	Longest int64
	// Events are the IDs of the events.
	Events []string
	// Error is the error that ended the events.
	Error string
}

func main() {
	wasm.Run(func(ctx context.Context) error {
		p := &program{direct: bridge.New(bridge.PageHost(), bridge.WithDirect(bridge.NewTokenCache(bridge.HostTokens())))}
		wasm.Go(ctx, p.count)
		start := func(context.Context, []safejs.Value) (any, error) {
			wasm.Go(ctx, p.follow)
			return nil, nil
		}
		for name, f := range map[string]func(context.Context, []safejs.Value) (any, error){"follow": start, "state": p.read, "call": p.call} {
			if _, err := wasm.Export(ctx, name, f); err != nil {
				return err
			}
		}
		return nil
	})
}

type program struct {
	direct *bridge.Client
	mu     sync.Mutex
	state  state
}

func (p *program) update(change func(s *state)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.state)
}

// count counts the ticks of a timer of Go.
func (p *program) count(ctx context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ticker.C:
			now := time.Now()
			p.update(func(s *state) {
				s.Ticks++
				s.Longest = max(s.Longest, now.Sub(last).Milliseconds())
			})
			last = now
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// follow reads events until the page ends.
func (p *program) follow(ctx context.Context) error {
	for event, err := range bridge.ServerSentEvents(bridge.NewContext(ctx, p.direct), "backend", bridge.Request{Path: "/events"}, bridge.WithMaxSilence(silence)) {
		p.update(func(s *state) {
			if err != nil {
				s.Error = err.Error()
			} else {
				s.Events = append(s.Events, event.ID)
			}
		})
	}
	return nil
}

func (p *program) read(context.Context, []safejs.Value) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text, err := json.Marshal(p.state)
	return string(text), err
}

// call requests a path of the remote by one of the three ways and returns the text of the answer, or the error.
func (p *program) call(ctx context.Context, args []safejs.Value) (any, error) {
	way, err := args[0].String()
	if err != nil {
		return nil, err
	}
	path, err := args[1].String()
	if err != nil {
		return nil, err
	}
	text, err := p.request(ctx, way, path)
	if err != nil {
		return "error: " + err.Error(), nil
	}
	return text, nil
}

func (p *program) request(ctx context.Context, way, path string) (string, error) {
	var resp *bridge.Response
	var err error
	switch way {
	case "direct":
		resp, err = bridge.RequestRemote(bridge.NewContext(ctx, p.direct), "backend", bridge.Request{Path: path})
	case "requestRemote":
		resp, err = bridge.RequestRemote(ctx, "backend", bridge.Request{Path: path})
	default:
		resp, err = bridge.InvokeRemote(ctx, bridge.Request{Path: path})
	}
	if err == nil {
		err = resp.Err()
	}
	if err != nil {
		return "", err
	}
	return resp.Text()
}
