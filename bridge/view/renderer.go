package view

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

const rendererOp = "view.createAdfRendererIframeProps"

// IframeProps are the properties of an iframe that shows a document: the body of a macro with rich text.
type IframeProps struct {
	// ID and Src are the iframe's id and src.
	ID, Src string
	// OnLoad must be called when the iframe is in the page and has loaded. It sends the document to the renderer when
	// the renderer is ready, after at most ten seconds, and keeps the iframe's height in step with the document. It
	// does not wait. If no iframe with this id is in the page, it returns [ErrNoRenderer].
	OnLoad func() error
}

// NewIframeProps returns the properties of an iframe that shows the macro's body, taken from the
// extension of its context here. If id is empty, the iframe gets a unique id. The product provides the renderer. If
// the address of the page around the app is not known, it returns [ErrNoRenderer]; outside a page it returns
// [bridge.ErrNoBridge]. The work of OnLoad ends with ctx.
//
// It is view.createAdfRendererIframeProps.
func NewIframeProps(ctx context.Context, here *Context, id string) (*IframeProps, error) {
	if here == nil {
		return nil, payload.InvalidRequest(rendererOp, "the context is nil; use the one that GetContext returns")
	}
	message, err := documentOf(here)
	if err != nil {
		return nil, err
	}
	props, err := iframeProps(ctx, id, message)
	if err != nil {
		return nil, &bridge.Error{Op: rendererOp, Err: err}
	}
	return props, nil
}

// document is the message to the renderer. Missing members are left out, as JavaScript leaves out undefined.
type document struct {
	Type      string          `json:"type"`
	Document  json.RawMessage `json:"document,omitempty"`
	Timestamp int64           `json:"timestamp"`
	Source    string          `json:"source"`
	LocalID   string          `json:"localId"`
	IsEditing json.RawMessage `json:"isEditing"`
	ContentID json.RawMessage `json:"contentId,omitempty"`
}

// documentOf returns a function that makes the message to the renderer for a time.
func documentOf(here *Context) (func(now time.Time) []byte, error) {
	var macro struct {
		Body json.RawMessage `json:"body"`
	}
	var content struct {
		ID json.RawMessage `json:"id"`
	}
	for name, member := range map[string]any{"macro": &macro, "content": &content} {
		if _, err := here.Extension.Decode(name, member); err != nil {
			return nil, err
		}
	}
	d := document{Type: "adf-document", Document: macro.Body, Source: "forge-adf-renderer", LocalID: here.LocalID, ContentID: content.ID}
	var err error
	if d.IsEditing, err = here.Extension.member("isEditing"); err != nil {
		return nil, err
	}
	if d.IsEditing == nil || string(d.IsEditing) == "null" {
		d.IsEditing = json.RawMessage("false")
	}
	return func(now time.Time) []byte {
		d.Timestamp = now.UnixMilli()
		text, _ := nesting.Marshal(d) // cannot fail: it was decoded from JSON
		return text
	}, nil
}

// The renderer reports its size in messages of iframe-resizer 4: "[iFrameSizer]" and the iframe's id, then values
// separated by colons.
const sizerMark = "[iFrameSizer]"

// sizerGreeting asks for the iframe's size, now and after each change. It uses the official client's methods, and the
// library's defaults for everything else.
func sizerGreeting(id string) string {
	return sizerMark + strings.Join([]string{id, "8", "false", "false", "32", "true", "true", "", "taggedElement", "", "", "0", "false", "parent", "bodyScroll", "false"}, ":")
}

// sizerHeight reads the height, in CSS pixels, from a message about the iframe.
func sizerHeight(id, message string) (int, bool) {
	rest, ok := strings.CutPrefix(message, sizerMark+id+":")
	if !ok {
		return 0, false
	}
	text, _, _ := strings.Cut(rest, ":")
	height, err := strconv.ParseFloat(text, 64)
	if err != nil || !(height > 0 && height < 1e6) {
		return 0, false
	}
	return int(height), true
}
