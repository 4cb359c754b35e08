package view_test

import (
	"context"
	"encoding/json"
	"errors"
	"syscall/js"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/view"
)

// stubBridge sets the page's callBridge to this JavaScript until the test ends.
func stubBridge(t *testing.T, callBridge string) {
	t.Helper()
	before := js.Global().Get("__bridge")
	js.Global().Set("__bridge", map[string]any{"callBridge": js.Global().Call("eval", "("+callBridge+")")})
	t.Cleanup(func() { js.Global().Set("__bridge", before) })
}

// wait waits for a value from a callback of the page.
func wait[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case got := <-c:
		return got
	case <-time.After(5 * time.Second):
		t.Fatal("no message arrived")
		panic("unreachable")
	}
}

// The payload of onClose is the function itself.
func TestPageOnClose(t *testing.T) {
	stubBridge(t, `async (command, payload) => { setTimeout(() => payload(command)); return true; }`)
	closed := make(chan bool, 1)
	if _, err := view.OnClose(t.Context(), func(context.Context) error { closed <- true; return nil }); err != nil {
		t.Fatal(err)
	}
	wait(t, closed)
}

func TestPageDispatch(t *testing.T) {
	stubBridge(t, `async () => (...args) => args.reduce((a, b) => a + b)`)
	dispatch, err := view.GetFrameDispatch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := dispatch.Call(t.Context(), 40, 2); string(got) != "42" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestPageHistory(t *testing.T) {
	stubBridge(t, `async () => {
		const listeners = new Set();
		return {
			action: "POP", location: {pathname: "/"},
			push(pathname, state) { for (const l of listeners) l({pathname, state}, "PUSH"); },
			listen(l) { listeners.add(l); return () => { globalThis.unlistened = listeners.delete(l); }; },
		};
	}`)
	h, err := view.NewHistory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan view.Location, 3)
	h.Listen(t.Context(), func(_ context.Context, c view.Change, err error) error { came <- c.Location; return err })
	for _, path := range []string{"/1", "/2", "/3"} {
		if err := h.Push(t.Context(), path, path); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/1", "/2", "/3"} {
		if got := wait(t, came); got.Pathname != path || string(got.State) != `"`+path+`"` {
			t.Errorf("got %+v, want %s", got, path)
		}
	}
	h.Close()
	for range 1000 {
		if js.Global().Get("unlistened").Truthy() {
			return
		}
		time.Sleep(time.Millisecond) // to the event loop and back
	}
	t.Error("the host still has the listener")
}

// A renderer that reports that it is ready gets the document, and the iframe follows its height.
func TestPageRenderer(t *testing.T) {
	window := js.Global()
	page := window.Get("document")
	here := &view.Context{LocalID: "l", Extension: view.Extension{Raw: json.RawMessage(`{"macro":{"body":{"type":"doc"}}}`)}}
	setReferrer := func(address string) {
		window.Call("eval", `Object.defineProperty(document, "referrer", {configurable: true, value: "`+address+`"})`)
	}
	t.Cleanup(func() { window.Call("eval", `delete document.referrer`) })
	setReferrer("")
	if _, err := view.NewIframeProps(t.Context(), here, "a"); !errors.Is(err, view.ErrNoRenderer) {
		t.Errorf("without a page around: %v", err)
	}
	origin := window.Get("location").Get("origin").String()
	setReferrer(origin + "/wiki/page")
	made, err := view.NewIframeProps(t.Context(), here, "")
	if err != nil || len(made.ID) != len("forge-adf-renderer-iframe-")+36 || made.Src != origin+"/forge-apps/adf-renderer" {
		t.Errorf("got %+v, %v", made, err)
	}
	props, err := view.NewIframeProps(t.Context(), here, "renderer")
	if err != nil {
		t.Fatal(err)
	}
	iframe := page.Call("createElement", "iframe")
	iframe.Set("id", props.ID)
	page.Get("body").Call("append", iframe)
	t.Cleanup(func() { iframe.Call("remove") })
	came := make(chan string, 10)
	hear := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		came <- js.Global().Get("JSON").Call("stringify", arguments[0].Get("data")).String()
		return nil
	})
	t.Cleanup(hear.Release)
	iframe.Get("contentWindow").Call("addEventListener", "message", hear)
	if err := props.OnLoad(); err != nil {
		t.Error(err)
	}
	if got := wait(t, came); got != `"[iFrameSizer]renderer:8:false:false:32:true:true::taggedElement:::0:false:parent:bodyScroll:false"` {
		t.Errorf("the first message is %s", got)
	}
	inside := iframe.Get("contentWindow")
	say := func(message string) { inside.Call("eval", `parent.postMessage(`+message+`, "*")`) }
	window.Call("postMessage", map[string]any{"source": "forge-adf-renderer-ready"}, "*") // somebody else
	say(`{source: "forge-adf-renderer-ready"}`)
	var got struct {
		Type, Source, LocalID string
		Document              struct{ Type string }
		Timestamp             int64
	}
	if err := json.Unmarshal([]byte(wait(t, came)), &got); err != nil || got.Type != "adf-document" || got.LocalID != "l" || got.Document.Type != "doc" || got.Timestamp == 0 {
		t.Errorf("the second message is %+v, %v", got, err)
	}
	say(`"[iFrameSizer]renderer:321:200:size"`)
	for range 1000 {
		if iframe.Get("style").Get("height").String() == "321px" {
			return
		}
		time.Sleep(time.Millisecond) // to the event loop and back
	}
	t.Errorf("its height is %s", iframe.Get("style").Get("height"))
}
