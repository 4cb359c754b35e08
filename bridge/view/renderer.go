package view

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/nesting"
	"github.com/forgego/forgego/bridge/internal/payload"
)

const rendererOp = "view.createAdfRendererIframeProps"

// IframeProps are what an iframe needs to show a document: the body of a macro with rich text in it.
type IframeProps struct {
	// ID and Src are the iframe's id and src.
	ID, Src string
	// OnLoad is to be called when the iframe has loaded, once it is in the page: it gives the document to the renderer as
	// soon as that is ready, after ten seconds at the latest, and has the iframe follow its height. It does not wait.
	OnLoad func()
}

// CreateADFRendererIframeProps gives what an iframe needs to show the macro's body, which is in the extension of its
// context, here. An empty id gives the iframe one of its own. The renderer is the product's: without a page around the app
// whose address is known the error is [ErrNoRenderer], and outside a page [bridge.ErrNoBridge]. What OnLoad does ends with
// ctx.
//
// It is view.createAdfRendererIframeProps.
func CreateADFRendererIframeProps(ctx context.Context, here *Context, id string) (*IframeProps, error) {
	if here == nil {
		return nil, payload.InvalidRequest(rendererOp, "there is no context; use GetContext's")
	}
	message, err := documentOf(here)
	if err != nil {
		return nil, err
	}
	props, err := newIframeProps(ctx, id, message)
	if err != nil {
		return nil, &bridge.Error{Op: rendererOp, Err: err}
	}
	return props, nil
}

// document is what the renderer gets. What is not there is left out, as JavaScript leaves out undefined.
type document struct {
	Type      string          `json:"type"`
	Document  json.RawMessage `json:"document,omitempty"`
	Timestamp int64           `json:"timestamp"`
	Source    string          `json:"source"`
	LocalID   string          `json:"localId"`
	IsEditing json.RawMessage `json:"isEditing"`
	ContentID json.RawMessage `json:"contentId,omitempty"`
}

// documentOf gives what makes the message to the renderer at a time.
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
	if d.IsEditing = here.Extension["isEditing"]; d.IsEditing == nil || string(d.IsEditing) == "null" {
		d.IsEditing = json.RawMessage("false")
	}
	return func(now time.Time) []byte {
		d.Timestamp = now.UnixMilli()
		text, _ := nesting.Marshal(d) // of what has been read as JSON
		return text
	}, nil
}

// The renderer tells its size by the messages of iframe-resizer 4: "[iFrameSizer]" and the iframe's id, then values with
// colons between them.
const sizerMark = "[iFrameSizer]"

// sizerGreeting asks for the iframe's size, now and whenever it changes: by the official client's methods, and the
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
