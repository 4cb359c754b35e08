package hosttest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/forgego/forgego/bridge"
)

// scripted tests undefined, callbacks and objects. See [Scripted].
var scripted = []Case{
	{"undefined, null and other answers differ", func(ctx context.Context, host bridge.Host) error {
		for payload, want := range map[string]string{"null": "null", "0": "0", `""`: `""`, `{"a":[]}`: `{"a":[]}`} {
			answer, err := host.Call(ctx, bridge.Call{Command: "contractSame", Payload: []byte(payload)})
			if err != nil || string(answer.Payload) != want || answer.Body != nil {
				return fmt.Errorf("%s is returned as %q, %q (%w)", payload, answer.Payload, answer.Body, err)
			}
		}
		answer, err := host.Call(ctx, bridge.Call{Command: "contractSame"})
		if err != nil || answer.Payload != nil {
			return fmt.Errorf("undefined is returned as %q (%w)", answer.Payload, err)
		}
		return nil
	}},
	{"a refusal has its name, message and code", func(ctx context.Context, host bridge.Host) error {
		_, err := host.Call(ctx, bridge.Call{Command: "contractRefuse"})
		return refusedWith(err, "RangeError", "too far", "FAR")
	}},
	{"callbacks get their calls in order, until the object is released", func(ctx context.Context, host bridge.Host) error {
		return inOrderUntil(ctx, host, bridge.Object.Release)
	}},
	{"callbacks get their calls in order, until the object is muted", func(ctx context.Context, host bridge.Host) error {
		var object bridge.Object
		err := inOrderUntil(ctx, host, func(o bridge.Object) {
			o.Mute()
			object = o
		})
		if err != nil {
			return err
		}
		defer object.Release()
		if answer, _, err := object.Apply(ctx, "join", []byte(`["still","there"]`)); err != nil || string(answer.Payload) != `"still+there"` {
			return fmt.Errorf("after Mute the object returns %q (%w)", answer.Payload, err)
		}
		return nil
	}},
	{"a callback's arguments are JSON", func(ctx context.Context, host bridge.Host) error {
		came := make(chan string, 2)
		object, err := subscribe(ctx, host, func(arguments []byte) { came <- string(arguments) })
		if err != nil {
			return err
		}
		defer object.Release()
		for _, want := range []string{`[]`, `["ü",{"a":[null]},1.5,true,null]`} {
			if _, _, err := object.Apply(ctx, "emit", []byte(want)); err != nil {
				return err
			}
			select {
			case got := <-came:
				if got != want {
					return fmt.Errorf("%s arrives as %s", want, got)
				}
			case <-ctx.Done():
				return fmt.Errorf("%s never arrived", want)
			}
		}
		return nil
	}},
	{"a callback without a place is refused", func(ctx context.Context, host bridge.Host) error {
		functions, ok := host.(bridge.FunctionHost)
		if !ok {
			return errNoFunctions
		}
		_, _, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)},
			bridge.Callback{Path: "actions.0.onClick", Func: func([]byte) {}})
		return refused(err)
	}},
	{"an object's functions can be called until its release", func(ctx context.Context, host bridge.Host) error {
		object, err := subscribe(ctx, host, func([]byte) {})
		if err != nil {
			return err
		}
		answer, inner, err := object.Apply(ctx, "join", []byte(`["a","b"]`))
		if err != nil || string(answer.Payload) != `"a+b"` {
			return fmt.Errorf("join returns %q (%w)", answer.Payload, err)
		}
		inner.Release()
		_, _, err = object.Apply(ctx, "fail", []byte("[]"))
		if err := refusedWith(err, "RangeError", "too far", ""); err != nil {
			return err
		}
		_, _, err = object.Apply(ctx, "nothing", []byte("[]"))
		if err := refusedWith(err, "TypeError", "", ""); err != nil {
			return err
		}
		heard := make(chan string, 1)
		_, stop, err := object.Apply(ctx, "listen", []byte("[null]"), bridge.Callback{Path: "0", Func: func(arguments []byte) { heard <- string(arguments) }})
		if err != nil {
			return err
		}
		defer stop.Release()
		select {
		case got := <-heard:
			if got != `["heard"]` {
				return fmt.Errorf("the listener got %s", got)
			}
		case <-ctx.Done():
			return errors.New("the listener got nothing")
		}
		if answer, _, err := stop.Apply(ctx, "", []byte("[]")); err != nil || string(answer.Payload) != `"stopped"` {
			return fmt.Errorf("the answer itself returns %q (%w)", answer.Payload, err)
		}
		object.Release()
		_, _, err = object.Apply(ctx, "join", []byte(`["a","b"]`))
		return refused(err)
	}},
	{"an object's data is the answer, with its functions as {}", func(ctx context.Context, host bridge.Host) error {
		functions, ok := host.(bridge.FunctionHost)
		if !ok {
			return errNoFunctions
		}
		answer, object, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)})
		if err != nil {
			return err
		}
		defer object.Release()
		for _, member := range []string{`"name":"contract"`, `"emit":{}`, `"listen":{}`, `"inner":{"emit":{},"join":{}}`} {
			if !strings.Contains(string(answer.Payload), member) {
				return fmt.Errorf("the answer is %s, without %s", answer.Payload, member)
			}
		}
		return nil
	}},
	{"a member of an object has functions", func(ctx context.Context, host bridge.Host) error {
		object, err := subscribe(ctx, host, func([]byte) {})
		if err != nil {
			return err
		}
		defer object.Release()
		if answer, _, err := object.Apply(ctx, "inner.join", []byte(`["a","b"]`)); err != nil || string(answer.Payload) != `"a+b"` {
			return fmt.Errorf("inner.join returns %q (%w)", answer.Payload, err)
		}
		for _, name := range []string{"inner.nothing", "nothing.join", "inner"} {
			if _, _, err = object.Apply(ctx, name, []byte("[]")); err == nil {
				return fmt.Errorf("%s is a function", name)
			}
			if err := refusedWith(err, "TypeError", "", ""); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}},
	{"a callback returns its result to the host", func(ctx context.Context, host bridge.Host) error {
		functions, ok := host.(bridge.FunctionHost)
		if !ok {
			return errNoFunctions
		}
		answers := map[string]struct {
			result []byte
			err    error
		}{
			`["a value"]`: {[]byte(`{"a":["ü"]}`), nil},
			`["null"]`:    {[]byte("null"), nil},
			`["none"]`:    {nil, nil},
			`["text"]`:    {nil, errors.New("no ü")},
			`["refusal"]`: {nil, &bridge.HostError{Name: "QuotaError", Message: "full", Code: "QUOTA"}},
			`["no JSON"]`: {[]byte("{"), nil},
		}
		_, object, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)},
			bridge.Callback{Path: "callback", Answer: func(arguments []byte) ([]byte, error) {
				answer := answers[string(arguments)]
				return answer.result, answer.err
			}})
		if err != nil {
			return err
		}
		defer object.Release()
		for arguments, want := range map[string]string{
			`["a value"]`: `{"returned":{"a":["ü"]}}`,
			`["null"]`:    `{"returned":null}`,
			`["none"]`:    `{}`,
			`["text"]`:    `{"name":"Error","message":"no ü"}`,
			`["refusal"]`: `{"name":"QuotaError","message":"full","code":"QUOTA"}`,
			`["no JSON"]`: `{"name":"TypeError","message":"the result of the app's callback is not JSON"}`,
		} {
			answer, _, err := object.Apply(ctx, "ask", []byte(arguments))
			if err != nil {
				return fmt.Errorf("%s: %w", arguments, err)
			}
			if got := string(answer.Payload); got != want {
				return fmt.Errorf("%s: the host got %s, want %s", arguments, got, want)
			}
		}
		return nil
	}},
	{"a callback returns undefined when its object is released", func(ctx context.Context, host bridge.Host) error {
		functions, ok := host.(bridge.FunctionHost)
		if !ok {
			return errNoFunctions
		}
		called, ended := make(chan struct{}), make(chan struct{})
		defer close(ended)
		_, object, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)},
			bridge.Callback{Path: "callback", Answer: func([]byte) ([]byte, error) {
				close(called)
				<-ended
				return []byte("1"), nil
			}})
		if err != nil {
			return err
		}
		_, other, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)})
		if err != nil {
			return err
		}
		defer other.Release()
		answered := make(chan error, 1)
		go func() {
			// The object that is released cannot answer, so another one asks its callback.
			answer, _, err := other.Apply(ctx, "askFirst", []byte("[]"))
			if err == nil && string(answer.Payload) != "{}" {
				err = fmt.Errorf("the host got %s", answer.Payload)
			}
			answered <- err
		}()
		select {
		case <-called:
		case <-ctx.Done():
			return errors.New("the callback was never called")
		}
		object.Release()
		return <-answered
	}},
	{"a context that has ended calls no function", func(ctx context.Context, host bridge.Host) error {
		object, err := subscribe(ctx, host, func([]byte) {})
		if err != nil {
			return err
		}
		defer object.Release()
		ended, cancel := context.WithCancelCause(ctx)
		cancel(errLeft)
		if _, _, err := object.Apply(ended, "join", []byte("[]")); err != errLeft {
			return fmt.Errorf("the error is %v, not the context's cause", err)
		}
		return nil
	}},
}

// inOrderUntil checks that a callback gets its calls in order, and none after end.
func inOrderUntil(ctx context.Context, host bridge.Host, end func(bridge.Object)) error {
	came := make(chan string, 200)
	emitted := make(chan struct{})
	object, err := subscribe(ctx, host, func(arguments []byte) {
		if string(arguments) == "[0]" {
			select {
			case <-emitted: // the other calls arrive while this one runs
			case <-ctx.Done():
			}
		}
		came <- string(arguments)
	})
	if err != nil {
		return err
	}
	for i := range 100 {
		if _, inner, err := object.Apply(ctx, "emit", fmt.Appendf(nil, "[%d]", i)); err != nil {
			return err
		} else if inner != nil {
			inner.Release()
		}
	}
	close(emitted)
	for i := range 100 {
		select {
		case got := <-came:
			if want := fmt.Sprintf("[%d]", i); got != want {
				return fmt.Errorf("call %d got %s, want %s", i, got, want)
			}
		case <-ctx.Done():
			return fmt.Errorf("call %d never arrived", i)
		}
	}
	end(object)
	heard := make(chan bool)
	second, err := subscribe(ctx, host, func([]byte) { heard <- true })
	if err != nil {
		return err
	}
	defer second.Release()
	// Both callbacks get these events, the first one earlier. So after ten events, a call of the first would have arrived.
	for range 10 {
		if _, _, err := second.Apply(ctx, "emitToAll", []byte("[7]")); err != nil {
			return err
		}
		select {
		case <-heard:
		case <-ctx.Done():
			return errors.New("the second callback was never called")
		}
	}
	select {
	case got := <-came:
		return fmt.Errorf("after Release or Mute, the callback got %s", got)
	default:
		return nil
	}
}

var errNoFunctions = errors.New("the host is not a bridge.FunctionHost")

// subscribe calls contractSubscribe with a callback.
func subscribe(ctx context.Context, host bridge.Host, callback func(arguments []byte)) (bridge.Object, error) {
	functions, ok := host.(bridge.FunctionHost)
	if !ok {
		return nil, errNoFunctions
	}
	_, object, err := functions.CallWithFunctions(ctx, bridge.Call{Command: "contractSubscribe", Payload: []byte(`{}`)},
		bridge.Callback{Path: "callback", Func: callback})
	return object, err
}
