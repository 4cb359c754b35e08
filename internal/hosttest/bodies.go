package hosttest

import (
	"context"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// bodies tests how bodies cross the bridge.
var bodies = []Case{
	{"a body is returned unchanged", func(ctx context.Context, host bridge.Host) error {
		for name, body := range map[string]string{
			"ASCII":         "hello",
			"JSON":          `{"a":"\"\\","b":[1,null]}`,
			"Unicode":       "Grüße, 世界 🎉",
			"NUL and BOM":   "\uFEFFa\x00b",
			"line breaks":   "a\r\nb\rc\n",
			"a megabyte":    strings.Repeat("0123456789abcdef", 1<<16),
			"wide, in size": strings.Repeat("世", 1<<18),
		} {
			got, err := echoed(ctx, host, body)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if got != body {
				return fmt.Errorf("%s: %d bytes are returned as %d", name, len(body), len(got))
			}
		}
		return nil
	}},
	{"a request without a body has none", func(ctx context.Context, host bridge.Host) error {
		r, body, err := do(ctx, host, fetch("GET", "/echo", nil, nil))
		if err != nil {
			return err
		}
		if r.Headers["x-body"] != "false" || len(body) != 0 {
			return fmt.Errorf("the remote got a body: %s, %q", r.Headers["x-body"], body)
		}
		return nil
	}},
	{"a body without a place for it is refused", func(ctx context.Context, host bridge.Host) error {
		for _, payload := range []string{"", "{}", "null", `"text"`} {
			_, err := host.Call(ctx, bridge.Call{Command: "fetchRemote", Payload: []byte(payload), Fetch: true, Body: []byte("x")})
			if err := refused(err); err != nil {
				return fmt.Errorf("payload %q: %w", payload, err)
			}
		}
		return nil
	}},
	{"a body that the caller changes later is sent unchanged", func(ctx context.Context, host bridge.Host) error {
		// The remote reads the body late, when the caller has already reused its memory.
		const sent = "the body that was sent"
		call := fetch("POST", "/hold/late", []byte(sent), nil)
		leaving, cancel := context.WithCancel(ctx)
		defer cancel()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_, _ = host.Call(leaving, call)
		}()
		if err := waitForHeld(ctx, host, "late"); err != nil {
			return err
		}
		cancel()
		<-ended
		clear(call.Body)
		clear(call.Payload)
		_, got, err := do(ctx, host, fetch("POST", "/release/late", nil, nil))
		// A host may stop the request when its caller leaves. Then the remote has read nothing.
		if err == nil && len(got) > 0 && string(got) != sent {
			err = fmt.Errorf("the remote got %q", got)
		}
		return err
	}},
	{"an answer's memory belongs to the caller", func(ctx context.Context, host bridge.Host) error {
		const calls = 8
		results := make([]bridge.Answer, calls)
		err := together(calls, func(i int) error {
			answer, err := host.Call(ctx, fetch("POST", "/echo", fmt.Appendf(nil, "answer %d", i), nil))
			results[i] = answer
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range results {
			// Appending must not change another answer's memory.
			_ = append(r.Body, "overwritten, and more than the room that may be left"...)
			_ = append(r.Payload, "overwritten, and more than the room that may be left"...)
		}
		for i, r := range results {
			if want := fmt.Sprintf("answer %d", i); string(r.Body) != want {
				return fmt.Errorf("after appending to the others, %q is %q", want, r.Body)
			}
		}
		return nil
	}},
}
