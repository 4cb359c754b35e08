package notice

import (
	"syscall/js"

	"github.com/forgego/forgego/internal/shim"
)

// box shows an error in the page, above its content, until the user closes it. It is not in the body, whose content and
// layout belong to the app. The platform's policy allows styles that a script sets, but neither style sheets nor inline
// styles, so the colours are the browser's own: they follow the page's color-scheme and forced colours.
type box struct {
	element, text js.Value
	// focused is the element that had the focus before the notice appeared.
	focused js.Value
}

const (
	boxStyle = "position:fixed;z-index:2147483647;inset:auto auto 16px 16px;box-sizing:border-box;display:flex;" +
		"gap:8px;align-items:flex-start;width:min(440px,calc(100% - 32px));max-height:calc(100% - 32px);overflow:auto;" +
		"padding:12px;border:1px solid #c9372c;border-left-width:6px;border-radius:3px;background:Canvas;color:CanvasText;" +
		"font:14px/20px system-ui,sans-serif;text-align:start;box-shadow:0 4px 12px #0004"
	textStyle   = "flex:1;margin:6px 0;min-width:0;overflow-wrap:anywhere;white-space:pre-wrap"
	buttonStyle = "position:sticky;top:0;flex:none;width:32px;height:32px;padding:0;font:20px/1 system-ui,sans-serif;cursor:pointer"
)

// maxText is how much of a text is shown, in runes. The console has all of it.
const maxText = 1000

func (b *box) show(text string) {
	if shim.InWorker() {
		shim.Port.Call("notice", shortened(text)) // jsglue/notice.js shows it
		return
	}
	doc := js.Global().Get("document")
	if doc.IsUndefined() {
		return // another worker; the console has the error
	}
	if b.element.IsUndefined() {
		b.make(doc)
	}
	if b.element.Get("isConnected").Bool() {
		b.element.Call("remove") // an alert that is inserted again is read again
	} else {
		b.focused = doc.Get("activeElement")
	}
	b.text.Set("textContent", shortened(text))
	// A modal dialog covers the page and keeps the focus.
	dialogs := doc.Call("querySelectorAll", "dialog:modal")
	parent := doc.Get("documentElement")
	if last := dialogs.Length() - 1; last >= 0 {
		parent = dialogs.Index(last)
	}
	parent.Call("append", b.element)
}

func (b *box) make(doc js.Value) {
	element := func(name, class, style string) js.Value {
		e := doc.Call("createElement", name)
		e.Set("className", class)
		e.Get("style").Set("cssText", style)
		return e
	}
	b.element = element("div", "forgego-notice", boxStyle)
	b.element.Call("setAttribute", "role", "alert")
	b.text = element("p", "", textStyle)
	button := element("button", "", buttonStyle)
	button.Set("type", "button")
	button.Set("textContent", "×")
	button.Call("setAttribute", "aria-label", "Close")
	button.Call("addEventListener", "click", js.FuncOf(func(js.Value, []js.Value) any {
		b.hide()
		return nil
	}))
	b.element.Call("append", b.text, button)
}

func (b *box) hide() {
	if shim.InWorker() {
		shim.Port.Call("notice", "")
		return
	}
	if b.element.IsUndefined() {
		return
	}
	hadFocus := b.element.Call("contains", js.Global().Get("document").Get("activeElement")).Bool()
	b.element.Call("remove")
	if hadFocus && b.focused.Get("isConnected").Truthy() && b.focused.Get("focus").Truthy() {
		b.focused.Call("focus")
	}
}

func shortened(text string) string {
	n := 0
	for i := range text {
		if n++; n > maxText {
			return text[:i] + "…"
		}
	}
	return text
}
