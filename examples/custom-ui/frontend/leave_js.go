package main

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// warnBeforeLeaving makes the browser ask the user before it closes the page, while wouldLose reports that something would be
// lost.
func warnBeforeLeaving(wouldLose func() bool) {
	dom.GetWindow().AddEventListener("beforeunload", false, func(event dom.Event) {
		if wouldLose() {
			event.PreventDefault()
		}
	})
}

func isOnline() bool { return js.Global().Get("navigator").Get("onLine").Bool() }
