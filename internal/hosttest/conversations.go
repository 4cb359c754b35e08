//go:build !tinygo

package hosttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// conversations are the cases that need code: callbacks, objects, and answers of which only parts are fixed.
var conversations = []Case{
	{"the context describes the module", func(ctx context.Context, host bridge.Host) error {
		answer, err := host.Call(ctx, bridge.Call{Command: "getContext"})
		if err != nil {
			return err
		}
		var here struct {
			ModuleKey       string `json:"moduleKey"`
			EnvironmentType string `json:"environmentType"`
			AccountID       string `json:"accountId"`
			CloudID         string `json:"cloudId"`
			LocalID         string `json:"localId"`
			SiteURL         string `json:"siteUrl"`
			Locale          string `json:"locale"`
			Timezone        string `json:"timezone"`
			Extension       struct {
				Type string `json:"type"`
			} `json:"extension"`
			Permissions json.RawMessage `json:"permissions"`
		}
		if err := json.Unmarshal(answer.Payload, &here); err != nil {
			return err
		}
		if here.ModuleKey != "contract-page" || here.EnvironmentType != "DEVELOPMENT" || here.Extension.Type != "jira:globalPage" ||
			here.AccountID == "" || here.CloudID == "" || here.LocalID == "" || here.SiteURL == "" || here.Locale == "" || here.Timezone == "" {
			return fmt.Errorf("the context is %s", answer.Payload)
		}
		return sameJSON(here.Permissions, `{"scopes":["read:jira-work"],"external":{"configurable":{"enabled":true},"images":["https://i.example"]}}`)
	}},
	{"a product's answer has a body", func(ctx context.Context, host bridge.Host) error {
		r, body, err := do(ctx, host, bridge.Call{Command: "fetchProduct", Fetch: true,
			Payload: []byte(`{"product":"jira","restPath":"/rest/api/3/myself","fetchRequestInit":{"method":"GET","headers":[["accept","application/json"]]}}`)})
		if err != nil {
			return err
		}
		if r.Status != 200 || r.StatusText != "OK" || r.IsAttachment || r.Headers["content-type"] != "application/json" || len(r.Headers) != 1 {
			return fmt.Errorf("the answer is %+v", r)
		}
		return sameJSON(body, `{"accountId":"me"}`)
	}},
	{"an event reaches its listeners until they unsubscribe", func(ctx context.Context, host bridge.Host) error {
		for _, command := range []struct{ on, emit string }{{"on", "emit"}, {"onPublic", "emitPublic"}} {
			err := hears(ctx, host, bridge.Call{Command: command.on, Payload: []byte(`{"event":"contract-event"}`)}, "callback",
				bridge.Call{Command: command.emit, Payload: []byte(`{"event":"contract-event","payload":{"a":[1,null]}}`)}, `[{"a":[1,null]}]`)
			if err != nil {
				return fmt.Errorf("%s: %w", command.on, err)
			}
		}
		return nil
	}},
	{"an event without a payload has null in its place", func(ctx context.Context, host bridge.Host) error {
		return hears(ctx, host, bridge.Call{Command: "on", Payload: []byte(`{"event":"contract-empty"}`)}, "callback",
			bridge.Call{Command: "emit", Payload: []byte(`{"event":"contract-empty"}`)}, `[null]`)
	}},
	{"an event of realtime reaches its subscribers", func(ctx context.Context, host bridge.Host) error {
		for _, channel := range []string{`"channelName":"contract"`, `"channelName":"contract","isGlobal":true`, `"channelName":"contract","options":{"contextOverrides":["project"],"token":"t"}`} {
			err := hears(ctx, host, bridge.Call{Command: "subscribeRealtimeChannel", Payload: []byte(`{` + channel + `}`)}, "onEvent",
				bridge.Call{Command: "publishRealtimeChannel", Payload: []byte(`{` + channel + `,"eventPayload":{"a":1}}`)}, `[{"a":1}]`)
			if err != nil {
				return fmt.Errorf("%s: %w", channel, err)
			}
		}
		return nil
	}},
	{"a later subscriber gets earlier events if it asks for them", func(ctx context.Context, host bridge.Host) error {
		publish := bridge.Call{Command: "publishRealtimeChannel", Payload: []byte(`{"channelName":"contract-replay","eventPayload":"early"}`)}
		if _, err := host.Call(ctx, publish); err != nil {
			return err
		}
		return hears(ctx, host, bridge.Call{Command: "subscribeRealtimeChannel", Payload: []byte(`{"channelName":"contract-replay","options":{"replaySeconds":600}}`)},
			"onEvent", bridge.Call{Command: "getContext"}, `["early"]`)
	}},
	{"a history goes where the app sends it", historyMoves},
	{"an upload has an address for each object", func(ctx context.Context, host bridge.Host) error {
		const sum = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
		answer, err := host.Call(ctx, bridge.Call{Command: "invoke", Payload: []byte(`{"functionKey":"uploadURLs","payload":{"allObjectMetadata":[{"length":5,"checksum":"` + sum + `","checksumType":"SHA256"}]}}`)})
		if err != nil {
			return err
		}
		var places map[string]struct {
			Key, Checksum, ChecksumType string
			Length                      int
		}
		if err := json.Unmarshal(answer.Payload, &places); err != nil || len(places) != 1 {
			return fmt.Errorf("the answer is %s (%w)", answer.Payload, err)
		}
		for address, p := range places {
			if !strings.HasPrefix(address, "http") || p.Key == "" || p.Checksum != sum || p.ChecksumType != "SHA256" || p.Length != 5 {
				return fmt.Errorf("the answer is %s", answer.Payload)
			}
		}
		return nil
	}},
	{"invoke returns the state of the rate limit", func(ctx context.Context, host bridge.Host) error {
		answer, err := host.Call(ctx, bridge.Call{Command: "invoke", Payload: []byte(`{"functionKey":"contractFunction","metadata":{"rateLimitProperties":true}}`)})
		var in struct {
			Metadata struct {
				Limit struct {
					Value     int   `json:"rateLimitValue"`
					Remaining int   `json:"rateLimitRemaining"`
					Reset     int64 `json:"rateLimitReset"`
				} `json:"rateLimitProperties"`
			} `json:"metadata"`
		}
		if err == nil {
			err = json.Unmarshal(answer.Payload, &in)
		}
		if limit := in.Metadata.Limit; err != nil || limit.Value != 1200 || limit.Remaining < 1 || limit.Remaining > 1199 || limit.Reset < 1e9 {
			return fmt.Errorf("the answer is %s (%w)", answer.Payload, err)
		}
		return nil
	}},
}

// hears checks that a callback of a subscription gets want after a command, and nothing after the subscription's end.
func hears(ctx context.Context, host bridge.Host, subscribe bridge.Call, path string, then bridge.Call, want string) error {
	functions, ok := host.(bridge.FunctionHost)
	if !ok {
		return errNoFunctions
	}
	came := make(chan string, 10)
	_, object, err := functions.CallWithFunctions(ctx, subscribe, bridge.Callback{Path: path, Func: func(arguments []byte) { came <- string(arguments) }})
	if err != nil {
		return err
	}
	defer object.Release()
	if _, err := host.Call(ctx, then); err != nil {
		return err
	}
	select {
	case got := <-came:
		if err := sameJSON([]byte(got), want); err != nil {
			return fmt.Errorf("the callback: %w", err)
		}
	case <-ctx.Done():
		return errors.New("the callback was never called")
	}
	_, result, err := object.Apply(ctx, "unsubscribe", []byte("[]"))
	if err != nil {
		return err
	}
	result.Release()
	return nil
}

// historyMoves checks the locations of a history.
func historyMoves(ctx context.Context, host bridge.Host) error {
	functions, ok := host.(bridge.FunctionHost)
	if !ok {
		return errNoFunctions
	}
	answer, history, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "createHistory"})
	if err != nil {
		return err
	}
	defer history.Release()
	var start struct {
		Action   string
		Length   int
		Location struct{ Pathname, Search, Hash, Key string }
	}
	if err := json.Unmarshal(answer.Payload, &start); err != nil || start.Action != "POP" || start.Length < 1 || start.Location.Pathname != "/" || start.Location.Key == "" {
		return fmt.Errorf("the history is %s (%w)", answer.Payload, err)
	}
	changes := make(chan []byte, 10)
	_, listening, err := history.Apply(ctx, "listen", []byte("[null]"), bridge.Callback{Path: "0", Func: func(arguments []byte) { changes <- bytes.Clone(arguments) }})
	if err != nil {
		return err
	}
	defer listening.Release()
	for _, step := range []struct {
		method, arguments string
		// location is pathname, search, hash and state.
		action, location string
	}{
		{"push", `["/tasks/1?tab=notes#top",{"a":1}]`, "PUSH", `["/tasks/1","?tab=notes","#top",{"a":1}]`},
		{"push", `["2"]`, "PUSH", `["/tasks/2","","",null]`},
		{"push", `["?x=ü \"#ü \""]`, "PUSH", `["/tasks/2","?x=%C3%BC%20%22","#%C3%BC%20%22",null]`},
		{"replace", `["../a/./b c"]`, "REPLACE", `["/a/b%20c","","",null]`},
		{"push", `[{"search":"q=1","hash":"#h","state":[]}]`, "PUSH", `["/a/b%20c","?q=1","#h",[]]`},
		{"push", `[{"pathname":"/p","search":"?","hash":""}]`, "PUSH", `["/p","","",null]`},
		{"push", `["//evil.example/x"]`, "PUSH", `["//evil.example/x","","",null]`},
		{"go", `[-1]`, "POP", `["/p","","",null]`},
		{"goBack", `[]`, "POP", `["/a/b%20c","?q=1","#h",[]]`},
		{"goForward", `[]`, "POP", `["/p","","",null]`},
		{"replace", `["/"]`, "REPLACE", `["/","","",null]`},
	} {
		_, result, err := history.Apply(ctx, step.method, []byte(step.arguments))
		if err != nil {
			return fmt.Errorf("%s%s: %w", step.method, step.arguments, err)
		}
		result.Release()
		select {
		case change := <-changes:
			var at struct {
				Pathname, Search, Hash string
				State                  json.RawMessage
			}
			var action string
			if err := json.Unmarshal(change, &[]any{&at, &action}); err != nil {
				return err
			}
			got, err := json.Marshal([]any{at.Pathname, at.Search, at.Hash, at.State})
			if err != nil {
				return err
			}
			if err := sameJSON(got, step.location); err != nil || action != step.action {
				return fmt.Errorf("%s%s: %s, %w", step.method, step.arguments, action, err)
			}
		case <-ctx.Done():
			return fmt.Errorf("%s%s: the listener was never called", step.method, step.arguments)
		}
	}
	href, result, err := history.Apply(ctx, "createHref", []byte(`[{"pathname":"/a","hash":"b"}]`))
	if err != nil {
		return err
	}
	result.Release()
	if err := sameJSON(href.Payload, `"#/a#b"`); err != nil {
		return err
	}
	if _, _, err := history.Apply(ctx, "listen", []byte("[7]")); refusedWith(err, "Error", "history.listen needs a function.", invalid) != nil {
		return fmt.Errorf("a listener that is no function: %w", err)
	}
	// Without a text, a block stops every change.
	_, blocking, err := history.Apply(ctx, "block", []byte("[]"))
	if err != nil {
		return err
	}
	for _, arguments := range []string{`["/blocked"]`} {
		_, result, err := history.Apply(ctx, "push", []byte(arguments))
		if err != nil {
			return err
		}
		result.Release()
	}
	if _, result, err = blocking.Apply(ctx, "", []byte("[]")); err != nil {
		return err
	}
	result.Release()
	blocking.Release()
	if _, result, err = history.Apply(ctx, "replace", []byte(`["/free"]`)); err != nil {
		return err
	}
	result.Release()
	select {
	case change := <-changes:
		if !bytes.Contains(change, []byte(`"/free"`)) {
			return fmt.Errorf("after a block, the history is at %s", change)
		}
	case <-ctx.Done():
		return errors.New("after a block, the listener was never called")
	}
	return nil
}
