package main

import "github.com/hack-pad/safejs"

// drafts keeps what the user has typed in the storage of this window's session.
type drafts struct{ storage safejs.Value }

func newDrafts() drafts {
	storage, err := safejs.Global().Get("sessionStorage") // the browser may block it
	if err != nil {
		storage = safejs.Undefined()
	}
	return drafts{storage}
}

// Draft returns the text that was kept with this key, or "".
func (d drafts) Draft(key string) string {
	value, err := d.storage.Call("getItem", draftKey(key))
	if err != nil || value.IsNull() {
		return ""
	}
	text, err := value.String()
	if err != nil {
		return ""
	}
	return text
}

// KeepDraft keeps the text, if it can.
func (d drafts) KeepDraft(key, text string) { _, _ = d.storage.Call("setItem", draftKey(key), text) }

func draftKey(key string) string { return "tasks:draft:" + key }
