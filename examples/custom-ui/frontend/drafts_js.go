package main

import "github.com/hack-pad/safejs"

// drafts keeps drafts in the storage of this window's session. The browser deletes it with the window.
type drafts struct {
	storage safejs.Value
	// isLost is set if the last draft could not be kept, for example because the browser blocks storage.
	isLost bool
}

func newDrafts() *drafts {
	storage, err := safejs.Global().Get("sessionStorage")
	if err != nil {
		storage = safejs.Undefined()
	}
	return &drafts{storage: storage}
}

func (d *drafts) Draft(key string) string {
	value, err := d.storage.Call("getItem", draftKey(key))
	if err != nil {
		return ""
	}
	text, err := value.String()
	if err != nil || value.IsNull() {
		return ""
	}
	return text
}

func (d *drafts) KeepDraft(key, text string) {
	if text == "" {
		_, _ = d.storage.Call("removeItem", draftKey(key))
		d.isLost = false
		return
	}
	_, err := d.storage.Call("setItem", draftKey(key), text)
	d.isLost = err != nil
}

func draftKey(key string) string { return "tasks:draft:" + key }
