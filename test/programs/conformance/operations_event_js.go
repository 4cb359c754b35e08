package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/forgego/forgego/bridge/consent"
	"github.com/forgego/forgego/bridge/events"
	"github.com/forgego/forgego/bridge/metrics"
	"github.com/forgego/forgego/bridge/realtime"
	"github.com/forgego/forgego/bridge/rovo"
)

// eventOperations are the operations of packages events, realtime, permissions, rovo, metrics and consent.
var eventOperations = joined(permissionOperations, map[string]operation{
	"events.emit":       emit(events.Emit),
	"events.emitPublic": emit(events.EmitPublic),
	"events.on":         on(events.On[json.RawMessage]),
	"events.onPublic":   on(events.OnPublic[json.RawMessage]),

	"realtime.publish":         publish(realtime.Publish),
	"realtime.publishGlobal":   publish(realtime.PublishGlobal),
	"realtime.subscribe":       subscribe(realtime.Subscribe[json.RawMessage]),
	"realtime.subscribeGlobal": subscribe(realtime.SubscribeGlobal[json.RawMessage]),

	"rovo.open":      openRovo,
	"rovo.isEnabled": func(ctx context.Context, _ arguments) (any, error) { return rovo.IsEnabled(ctx) },

	"frontendCustomMetrics.counter": counter,

	"getCookieConsentPreferences": func(ctx context.Context, _ arguments) (any, error) {
		preferences, err := consent.Get(ctx)
		if err != nil {
			return nil, nil // the official client returns undefined for every failure
		}
		return preferences, nil
	},
})

// withBlobs returns a value with a Blob in place of each {"$blob": [TYPE, HEX]}.
func withBlobs(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = withBlobs(v[i])
		}
		return list
	case map[string]any:
		if blob, ok := v["$blob"].([]any); ok {
			data, err := hex.DecodeString(blob[1].(string))
			if err != nil {
				panic(err)
			}
			return events.Blob{Type: blob[0].(string), Data: data}
		}
		members := map[string]any{}
		for name, member := range v {
			members[name] = withBlobs(member)
		}
		return members
	}
	return v
}

// withoutBlobs returns a payload with {"$blob": [TYPE, HEX]} in place of each blob.
func withoutBlobs(text json.RawMessage) any {
	if text == nil {
		return nothing
	}
	var mark struct {
		Blob bool `json:"__isBlobData"`
	}
	var list []json.RawMessage
	var members map[string]json.RawMessage
	switch {
	case json.Unmarshal(text, &mark) == nil && mark.Blob:
		var blob events.Blob
		if err := json.Unmarshal(text, &blob); err != nil {
			return err.Error()
		}
		return map[string]any{"$blob": []string{blob.Type, hex.EncodeToString(blob.Data)}}
	case json.Unmarshal(text, &list) == nil && list != nil:
		values := make([]any, len(list))
		for i := range list {
			values[i] = withoutBlobs(list[i])
		}
		return values
	case json.Unmarshal(text, &members) == nil && members != nil:
		values := map[string]any{}
		for name, member := range members {
			values[name] = withoutBlobs(member)
		}
		return values
	}
	return text
}

func emit(f func(context.Context, string, any) error) operation {
	return func(ctx context.Context, args arguments) (any, error) {
		payload := withBlobs(args.value(1))
		if len(args) > 1 && payload == nil {
			payload = json.RawMessage("null")
		}
		return done(f(ctx, args.text(0), payload))
	}
}

func on(f func(context.Context, string, func(context.Context, json.RawMessage, error) error) (func(), error)) operation {
	return func(ctx context.Context, args arguments) (any, error) {
		return subscription(f(ctx, args.text(0), hearing(args)))
	}
}

// hearing returns the callback in the second argument.
func hearing(args arguments) func(context.Context, json.RawMessage, error) error {
	name, _ := args.callback(1)
	return func(_ context.Context, payload json.RawMessage, err error) error {
		if err != nil {
			hear(name, nothing, map[string]string{"$error": err.Error()})
			return nil
		}
		hear(name, withoutBlobs(payload))
		return nil
	}
}

// readOptions reads the third argument, if there is one.
func readOptions(args arguments) ([]realtime.Option, error) {
	if len(args) < 3 {
		return nil, nil
	}
	var o struct {
		ReplaySeconds    int
		Token            string
		ContextOverrides []string
	}
	if err := args.read(2, &o); err != nil {
		return nil, err
	}
	options := []realtime.Option{realtime.WithToken(o.Token), realtime.WithReplay(time.Duration(o.ReplaySeconds) * time.Second)}
	if o.ContextOverrides == nil {
		return options, nil
	}
	// Our constants for the parts of the context.
	constants := map[string]realtime.ProductContext{
		"board": realtime.JiraBoard, "issue": realtime.JiraIssue, "project": realtime.JiraProject,
		"content": realtime.ConfluenceContent, "space": realtime.ConfluenceSpace,
		"repository": realtime.BitbucketRepository, "pullRequest": realtime.BitbucketPullRequest,
	}
	var parts []realtime.ProductContext
	for _, name := range o.ContextOverrides {
		parts = append(parts, constants[name])
	}
	return append(options, realtime.WithContextOverrides(parts...)), nil
}

func publish(f func(context.Context, string, any, ...realtime.Option) (realtime.PublishResult, error)) operation {
	return func(ctx context.Context, args arguments) (any, error) {
		options, err := readOptions(args)
		if err != nil {
			return nil, err
		}
		result, err := f(ctx, args.text(0), args.value(1), options...)
		value := map[string]any{}
		if result.EventID != "" {
			value["eventId"] = result.EventID
		}
		if result.EventTimestamp != "" {
			value["eventTimestamp"] = result.EventTimestamp
		}
		return value, err
	}
}

func subscribe(f func(context.Context, string, func(context.Context, json.RawMessage, error) error, ...realtime.Option) (func(), error)) operation {
	return func(ctx context.Context, args arguments) (any, error) {
		options, err := readOptions(args)
		if err != nil {
			return nil, err
		}
		return subscription(f(ctx, args.text(0), hearing(args), options...))
	}
}

func openRovo(ctx context.Context, args arguments) (any, error) {
	var o struct{ Type, AgentName, AgentKey, Prompt string }
	if err := args.read(0, &o); err != nil {
		return nil, err
	}
	switch o.Type {
	case "forge":
		return done(rovo.Open(ctx, rovo.ForgeAgent{Name: o.AgentName, Key: o.AgentKey, Prompt: o.Prompt}))
	case "atlassian":
		return done(rovo.Open(ctx, rovo.AtlassianAgent{Name: o.AgentName, Prompt: o.Prompt}))
	}
	return done(rovo.Open(ctx, rovo.DefaultAgent{Prompt: o.Prompt}))
}

func counter(ctx context.Context, args arguments) (any, error) {
	c, err := metrics.NewCounter(ctx, args.text(0))
	if err != nil {
		return nil, err
	}
	return &object{value: map[string]any{"incr": "[function]", "incrBy": "[function]"}, methods: map[string]operation{
		".incr": func(ctx context.Context, _ arguments) (any, error) { return done(c.Incr(ctx)) },
		".incrBy": func(ctx context.Context, args arguments) (any, error) {
			var n float64
			if err := args.read(0, &n); err != nil {
				return nil, err
			}
			return done(c.IncrBy(ctx, n))
		},
	}}, nil
}
