package bridge_test

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"syscall/js"
	"testing"

	"github.com/forgego/forgego/bridge"
)

// subscribe calls the stub with a callback that sends its arguments to the channel.
func subscribe(t *testing.T, call bridge.Call, path string) (bridge.Object, <-chan string) {
	t.Helper()
	came := make(chan string, 1000)
	host := bridge.PageHost().(bridge.FunctionHost)
	_, object, err := host.CallWithFunctions(t.Context(), call, bridge.Callback{Path: path, Func: func(arguments []byte) { came <- string(arguments) }})
	if err != nil {
		t.Fatal(err)
	}
	return object, came
}

// emitter is a host that keeps the payload for the test, and answers with functions.
const emitter = `async (command, payload) => {
	__bridge.payload = payload;
	return {
		left: 0,
		unsubscribe() { this.left++; return "unsubscribed " + this.left; },
		fail() { throw new RangeError("too far"); },
		listen(callback) { callback({path: "/a"}, "PUSH"); return () => "no longer listens"; },
	};
}`

func emit(arguments string) {
	js.Global().Call("eval", "__bridge.payload.actions[1].onClick("+arguments+")")
}

// roundTrip waits until callbacks that the page has called have run: they arrive before or with the first answer, and their
// goroutines run before the second.
func roundTrip(t *testing.T) {
	t.Helper()
	for range 2 {
		if _, err := bridge.PageHost().Call(t.Context(), bridge.Call{Command: "getContext"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPageCallback(t *testing.T) {
	stubBridge(t, emitter)
	object, came := subscribe(t, bridge.Call{Command: "showFlag", Payload: []byte(`{"actions":[{},{"text":"Undo"}]}`)}, "actions.1.onClick")
	for _, arguments := range []string{"", "1", `"ü", {"a": [null]}`, "undefined, 2", "()=>1", `{reason: new RangeError("too far")}`} {
		emit(arguments)
	}
	for _, want := range []string{`[]`, `[1]`, `["ü",{"a":[null]}]`, `[null,2]`, `[null]`, `[{"reason":{"name":"RangeError","message":"too far"}}]`} {
		if got := <-came; got != want {
			t.Errorf("the callback got %s, want %s", got, want)
		}
	}
	if got := js.Global().Call("eval", `JSON.stringify(__bridge.payload)`).String(); got != `{"actions":[{},{"text":"Undo"}]}` {
		t.Errorf("the rest of the payload is %s", got)
	}
	object.Release()
	emit("3")
	roundTrip(t)
	select {
	case got := <-came:
		t.Errorf("after its release the callback got %s", got)
	default:
	}
}

func TestPageCallbacksKeepTheirOrder(t *testing.T) {
	stubBridge(t, emitter)
	var got []string
	arrived, done := make(chan bool), make(chan bool)
	_, object, err := bridge.PageHost().(bridge.FunctionHost).CallWithFunctions(t.Context(),
		bridge.Call{Command: "on", Payload: []byte(`{"actions":[0,{}]}`)},
		bridge.Callback{Path: "actions.1.onClick", Func: func(arguments []byte) {
			if string(arguments) == "[0]" {
				<-arrived // the first call still runs when the others arrive
			}
			if got = append(got, string(arguments)); len(got) == 100 {
				done <- true
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Release()
	js.Global().Call("eval", "for (let i = 0; i < 100; i++) __bridge.payload.actions[1].onClick(i)")
	roundTrip(t)
	close(arrived)
	<-done
	for i := range got {
		if want := "[" + strconv.Itoa(i) + "]"; got[i] != want {
			t.Fatalf("call %d got %s", i, got[i])
		}
	}
}

// A host may call back before it answers, and even before callBridge returns.
func TestPageCallbackDuringTheCall(t *testing.T) {
	stubBridge(t, `async (command, payload) => {
		payload.callback("x".repeat(100_000));
		payload.callback(2);
		return {};
	}`)
	object, came := subscribe(t, bridge.Call{Command: "on", Payload: []byte(`{}`)}, "callback")
	defer object.Release()
	if first, second := <-came, <-came; len(first) != 100_004 || second != "[2]" {
		t.Errorf("the callback got %d bytes and %s", len(first), second)
	}
}

func TestPageObject(t *testing.T) {
	stubBridge(t, emitter)
	object, _ := subscribe(t, bridge.Call{Command: "on", Payload: []byte(`{}`)}, "callback")
	for _, want := range []string{`"unsubscribed 1"`, `"unsubscribed 2"`} {
		answer, inner, err := object.Apply(t.Context(), "unsubscribe", []byte("[]"))
		if err != nil || string(answer.Payload) != want {
			t.Errorf("unsubscribe returned %s (%v), want %s", answer.Payload, err, want)
			continue
		}
		inner.Release()
	}

	received := make(chan string, 1)
	_, listening, err := object.Apply(t.Context(), "listen", []byte("[null]"),
		bridge.Callback{Path: "0", Func: func(arguments []byte) { received <- string(arguments) }})
	if err != nil {
		t.Fatal(err)
	}
	if got := <-received; got != `[{"path":"/a"},"PUSH"]` {
		t.Errorf("the listener got %s", got)
	}
	defer listening.Release()
	if answer, _, err := listening.Apply(t.Context(), "", []byte("[]")); err != nil || string(answer.Payload) != `"no longer listens"` {
		t.Errorf("the answer itself returned %s (%v)", answer.Payload, err)
	}

	var refusal *bridge.HostError
	if _, _, err := object.Apply(t.Context(), "fail", []byte("[]")); !errors.As(err, &refusal) || refusal.Name != "RangeError" {
		t.Errorf("a function that throws: got %v", err)
	}
	if _, _, err := object.Apply(t.Context(), "nothing", []byte("[]")); !errors.As(err, &refusal) || refusal.Name != "TypeError" {
		t.Errorf("an unknown function: got %v", err)
	}
	object.Release()
	if _, _, err := object.Apply(t.Context(), "unsubscribe", []byte("[]")); !errors.As(err, &refusal) {
		t.Errorf("a released object: got %v", err)
	}
}

func TestPageCallbackPathMissing(t *testing.T) {
	stubBridge(t, emitter)
	_, _, err := bridge.PageHost().(bridge.FunctionHost).CallWithFunctions(t.Context(),
		bridge.Call{Command: "on", Payload: []byte(`{}`)}, bridge.Callback{Path: "actions.0.onClick", Func: func([]byte) {}})
	if !errors.Is(err, bridge.ErrRejected) || !strings.Contains(err.Error(), "no member actions.0.onClick") {
		t.Errorf("got %v", err)
	}
}

func TestPageCallbacksDoNotLeak(t *testing.T) {
	stubBridge(t, `async () => ({unsubscribe() {}})`)
	cycle := func(n int) {
		for range n {
			object, _ := subscribe(t, bridge.Call{Command: "on", Payload: []byte(`{}`)}, "callback")
			_, inner, err := object.Apply(t.Context(), "unsubscribe", []byte("[]"))
			if err != nil {
				t.Fatal(err)
			}
			inner.Release()
			object.Release()
		}
	}
	cycle(10)
	runtime.GC()
	references, goroutines := liveReferences(), runtime.NumGoroutine()
	cycle(200)
	runtime.GC()
	if r, g := liveReferences(), runtime.NumGoroutine(); r > references || g > goroutines {
		t.Errorf("200 subscriptions left %d references and %d goroutines", r-references, g-goroutines)
	}
	if n := bridge.Callbacks(); n != 0 {
		t.Errorf("%d callbacks are kept", n)
	}
}
