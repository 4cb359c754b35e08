package bridge

import "syscall/js"

// watchNetwork returns channels that get a value when the browser goes offline and when it is online again, until stop
// is called. https://html.spec.whatwg.org/multipage/system-state.html#browser-state
func watchNetwork() (offline, online <-chan struct{}, stop func()) {
	page := js.Global()
	if page.Get("addEventListener").Type() != js.TypeFunction {
		return nil, nil, func() {}
	}
	listen := func(event string) (<-chan struct{}, func()) {
		c := make(chan struct{}, 1)
		tell := js.FuncOf(func(js.Value, []js.Value) any {
			select {
			case c <- struct{}{}:
			default:
			}
			return nil
		})
		page.Call("addEventListener", event, tell)
		return c, func() {
			page.Call("removeEventListener", event, tell)
			tell.Release()
		}
	}
	offline, stopOffline := listen("offline")
	online, stopOnline := listen("online")
	return offline, online, func() {
		stopOffline()
		stopOnline()
	}
}

// isOffline reports whether the browser knows that it is offline.
func isOffline() bool {
	navigator := js.Global().Get("navigator")
	return navigator.Truthy() && navigator.Get("onLine").Equal(js.ValueOf(false))
}
