package view

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"syscall/js"
	"time"

	"github.com/forgego/forgego/bridge"
)

// readyTime is how long to wait for the renderer's ready message. After that the document is sent anyway.
const readyTime = 10 * time.Second

func iframeProps(ctx context.Context, id string, message func(time.Time) []byte) (*IframeProps, error) {
	window := js.Global()
	page := window.Get("document")
	if !page.Truthy() {
		return nil, ErrNoRenderer
	}
	link := page.Call("createElement", "a")
	link.Set("href", page.Get("referrer"))
	if page.Get("referrer").String() == "" || link.Get("origin").String() == "null" {
		return nil, ErrNoRenderer
	}
	origin := link.Get("origin").String()
	if id == "" {
		id = "forge-adf-renderer-iframe-" + window.Get("crypto").Call("randomUUID").String()
	}
	props := &IframeProps{ID: id, Src: origin + "/forge-apps/adf-renderer"}
	props.OnLoad = func() error {
		iframe := page.Call("getElementById", id)
		if !iframe.Truthy() {
			return &bridge.Error{Op: rendererOp, Err: fmt.Errorf("%w: no iframe in the page has the id %q", ErrNoRenderer, id)}
		}
		(&renderer{iframe: iframe, id: id, origin: origin, message: message}).run(ctx)
		return nil
	}
	return props, nil
}

// renderer is the product's page in the iframe.
type renderer struct {
	iframe     js.Value
	id, origin string
	message    func(time.Time) []byte
	sent       sync.Once
}

// run handles the renderer's messages until ctx ends or the iframe is removed.
func (r *renderer) run(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	listen := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		r.receive(arguments[0], end)
		return nil
	})
	js.Global().Call("addEventListener", "message", listen)
	fallback := time.AfterFunc(readyTime, r.send)
	context.AfterFunc(ctx, func() {
		fallback.Stop()
		js.Global().Call("removeEventListener", "message", listen)
		listen.Release()
	})
	r.post(sizerGreeting(r.id))
}

func (r *renderer) receive(event js.Value, end func()) {
	if !r.iframe.Get("isConnected").Bool() {
		end()
		return
	}
	if !event.Get("source").Equal(r.iframe.Get("contentWindow")) || event.Get("origin").String() != r.origin {
		return
	}
	data := event.Get("data")
	switch data.Type() {
	case js.TypeString:
		if height, ok := sizerHeight(r.id, data.String()); ok {
			r.iframe.Get("style").Set("height", strconv.Itoa(height)+"px")
		}
	case js.TypeObject:
		if source := data.Get("source"); source.Type() == js.TypeString && source.String() == "forge-adf-renderer-ready" {
			r.send()
		}
	}
}

// send sends the document to the renderer, once.
func (r *renderer) send() {
	r.sent.Do(func() {
		r.post(js.Global().Get("JSON").Call("parse", string(r.message(time.Now()))))
	})
}

// post sends a message to the product's page only, whatever the iframe shows.
func (r *renderer) post(message any) {
	if window := r.iframe.Get("contentWindow"); window.Truthy() {
		window.Call("postMessage", message, r.origin)
	}
}
