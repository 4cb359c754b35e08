package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/test/suites/conformance/spec"
	"github.com/forgego/forgego/wasm"
)

// operation makes one call with the arguments of a step, with the client in ctx. Its result is what the caller gets: an
// object, or a value that encoding/json writes in the form of the official client's value.
type operation func(ctx context.Context, args arguments) (any, error)

// object is a result of a step on which later steps make calls.
type object struct {
	value   any
	methods map[string]operation
}

// operations are all operations, by the official client's names. They are defined in the files operations_*_js.go.
var operations = joined(bridgeOperations, uiOperations, eventOperations, dataOperations, jiraOperations, formOperations, confluenceOperations, dashboardOperations)

func joined(tables ...map[string]operation) map[string]operation {
	all := map[string]operation{}
	for _, table := range tables {
		maps.Copy(all, table)
	}
	return all
}

// nothing is the value of a call that returns no value.
const nothing = "[undefined]"

// arguments are the arguments of a step.
type arguments []json.RawMessage

// read decodes an argument into v. If there is no such argument, read does not change v.
func (a arguments) read(i int, v any) error {
	if i >= len(a) {
		return nil
	}
	return json.Unmarshal(a[i], v)
}

// text returns an argument that is text.
func (a arguments) text(i int) string {
	var s string
	if err := a.read(i, &s); err != nil {
		panic(err) // the case is wrong
	}
	return s
}

// value returns an argument, or nil if there is none.
func (a arguments) value(i int) any {
	var v any
	if err := a.read(i, &v); err != nil {
		panic(err)
	}
	return v
}

// callback returns the name of the callback at a place in an argument, and reports whether there is one.
func (a arguments) callback(i int, path ...string) (string, bool) {
	v := a.value(i)
	for _, name := range append(path, "$function") {
		m, ok := v.(map[string]any)
		if !ok {
			return "", false
		}
		v = m[name]
	}
	name, ok := v.(string)
	return name, ok
}

// player plays one operation.
var player struct {
	sync.Mutex
	ctx   context.Context
	end   context.CancelFunc
	kept  map[string]*object
	heard [][2]any
}

// hear records that a callback was called.
func hear(name string, args ...any) {
	player.Lock()
	defer player.Unlock()
	if args == nil {
		args = []any{}
	}
	player.heard = append(player.heard, [2]any{name, args})
}

// begin resets everything to the state of a new page.
func begin(ctx context.Context, _ []safejs.Value) (any, error) {
	player.Lock()
	defer player.Unlock()
	if player.end != nil {
		player.end()
	}
	player.ctx, player.end = context.WithCancel(bridge.NewContext(ctx, bridge.New(bridge.PageHost())))
	player.kept, player.heard = map[string]*object{}, nil
	return nil, nil
}

func heard(context.Context, []safejs.Value) (any, error) {
	player.Lock()
	defer player.Unlock()
	if player.heard == nil {
		return "[]", nil
	}
	return marshal(player.heard)
}

// step makes the call of a step and returns its result as JSON.
func step(_ context.Context, args []safejs.Value) (any, error) {
	var s spec.Step
	text, err := args[0].String()
	if err == nil {
		err = json.Unmarshal([]byte(text), &s)
	}
	if err != nil {
		return nil, err
	}
	player.Lock()
	ctx, kept := player.ctx, player.kept[s.On]
	player.Unlock()
	call := operations[s.Call]
	if strings.HasPrefix(s.Call, ".") {
		if kept == nil {
			return nil, fmt.Errorf("%s: no step has given an object %q", s.Call, s.On)
		}
		call = kept.methods[s.Call]
	}
	if call == nil {
		return nil, errors.New("the Go program has no operation " + s.Call)
	}
	var list arguments
	if s.Args != "" {
		if err := json.Unmarshal([]byte(s.Args), &list); err != nil {
			return nil, err
		}
	}
	var value any
	for range max(s.Times, 1) {
		if value, err = call(ctx, list); err != nil {
			return marshal(spec.Result{Failed: true, Error: kindsOf(err), Message: err.Error()})
		}
	}
	if o, ok := value.(*object); ok {
		player.Lock()
		if s.As != "" || player.kept[""] == nil {
			player.kept[s.As] = o
		}
		player.Unlock()
		value = o.value
	}
	if s.Void {
		return "{}", nil
	}
	return marshal(spec.Result{Value: value})
}

func exportOperations(ctx context.Context) error {
	for name, f := range map[string]func(context.Context, []safejs.Value) (any, error){"goBegin": begin, "goStep": step, "goHeard": heard} {
		if _, err := wasm.Export(ctx, name, f); err != nil {
			return err
		}
	}
	return nil
}

// subscription returns a subscription in the form of the official client's.
func subscription(stop func(), err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return &object{
		value: map[string]any{"unsubscribe": "[function]"},
		methods: map[string]operation{".unsubscribe": func(context.Context, arguments) (any, error) {
			stop()
			return nothing, nil
		}},
	}, nil
}

// done is the result of a call that only succeeds or fails.
func done(err error) (any, error) { return nothing, err }
