// Package confluence reads and changes the document that is edited around a macro, and the texts of the app's byline
// items. It is @forge/confluence-bridge 4.0.0.
//
//	document, err := confluence.GetEditorContent(ctx)
//	…
//	err = confluence.UpdateMacro(ctx, macro)
//
// Documents have the Atlassian Document Format:
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
//
// Calls use the client in ctx: see [bridge.NewContext]. Errors are a [*bridge.Error] with the operation's JavaScript
// name, such as "updateMacro". Other errors are those of [bridge.Client]'s Call,
// [bridge.ErrInvalidRequest] for a value that JSON cannot represent, and [bridge.ErrInvalidResponse] for an answer in
// another form.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/bridge/
package confluence

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/nesting"
)

// Errors for commands that have no meaning where the app is shown. They work only while a page or a live doc is edited:
// isEditing in the extension of the view's context says whether it is.
var (
	// ErrNoContent means that the host has no content of the editor or of the macro. See [GetEditorContent] and
	// [GetMacroContent].
	ErrNoContent = errors.New("the host has no content: it must be edited while the app reads it")
	// ErrNotUpdated means that the macro could not be changed. See [UpdateMacro].
	ErrNotUpdated = errors.New("the macro could not be updated")
	// ErrNotResized means that the height of the macro could not be set. See [SetMacroViewportHeight].
	ErrNotResized = errors.New("the macro's height could not be set")
)

// content is an answer of the host, and the argument of updateMacro.
type content struct {
	// Data is a document as a text with JSON.
	Data string `json:"data"`
}

// GetEditorContent returns the document in the editor, in the Atlassian Document Format as JSON. If there is none, it
// returns [ErrNoContent].
//
// It is getEditorContent. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/getEditorContent/
func GetEditorContent(ctx context.Context) (json.RawMessage, error) {
	return get(ctx, "getEditorContent")
}

// GetMacroContent returns the macro in the editor, in the Atlassian Document Format as JSON. If there is none, it
// returns [ErrNoContent].
//
// It is getMacroContent. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/getMacroContent/
func GetMacroContent(ctx context.Context) (json.RawMessage, error) {
	return get(ctx, "getMacroContent")
}

// get sends the command with the name of the operation.
func get(ctx context.Context, op string) (json.RawMessage, error) {
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: op})
	if err != nil {
		return nil, err
	}
	switch string(answer.Payload) {
	case "", "null", "false", "0", `""`: // what is false in JavaScript
		return nil, &bridge.Error{Op: op, Err: ErrNoContent}
	}
	var c content
	if err := payload.Read(op, answer.Payload, &c); err != nil {
		return nil, err
	}
	var document json.RawMessage
	if err := nesting.UnmarshalShallow([]byte(c.Data), &document); err != nil {
		return nil, payload.Invalid(op, "the member data of the host's answer is not a text with JSON")
	}
	return document, nil
}

// UpdateMacro replaces the macro in the editor by a node of the Atlassian Document Format, which is encoded by
// encoding/json. If the host cannot do that, UpdateMacro returns [ErrNotUpdated].
//
// It is updateMacro. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/updateMacroContent/
func UpdateMacro(ctx context.Context, node any) error {
	const op = "updateMacro"
	document, err := payload.JSON(op, node)
	if err != nil {
		return err
	}
	if document == nil {
		return payload.InvalidRequest(op, "there is no node")
	}
	argument, err := payload.JSON(op, content{string(document)})
	if err != nil {
		return err
	}
	return ask(ctx, op, op, argument, ErrNotUpdated)
}

// SetMacroViewportHeight sets the height of the macro's frame. Atlassian's documentation does not say its unit; its
// example is 200. A height of less than 1 returns [bridge.ErrInvalidRequest]. If the host cannot set the height,
// SetMacroViewportHeight returns [ErrNotResized].
//
// It is setMacroViewportHeight. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/bridge/
func SetMacroViewportHeight(ctx context.Context, height int) error {
	const op = "setMacroViewportHeight"
	if height < 1 {
		return payload.InvalidRequest(op, "the height is "+strconv.Itoa(height)+", and must be greater than 0")
	}
	argument, err := payload.JSON(op, strconv.Itoa(height))
	if err != nil {
		return err
	}
	return ask(ctx, op, op, argument, ErrNotResized)
}

// Byline has the texts of a byline item. An empty text is not sent: Confluence then shows the default.
type Byline struct {
	// PropertyKey is the contentPropertyKey of the module confluence:contentBylineItem in manifest.yml.
	PropertyKey string
	// Title, Icon (a URL) and Tooltip are the new texts.
	Title, Icon, Tooltip string
}

// UpdateByline changes what Confluence shows of a byline item of the app, in the page around this module. It stores
// nothing: write the same texts to the content property by Confluence's REST API. Call it outside of the byline item,
// such as in a macro. An empty PropertyKey returns [bridge.ErrInvalidRequest].
//
// It is updateBylineProperties. Source:
// https://developer.atlassian.com/platform/forge/apis-reference/confluence-api-bridge/updateBylineProperties/
func UpdateByline(ctx context.Context, b Byline) error {
	const op = "updateBylineProperties"
	if b.PropertyKey == "" {
		return payload.InvalidRequest(op, "the byline has no PropertyKey")
	}
	type update struct {
		Title   string `json:"title,omitempty"`
		Icon    string `json:"icon,omitempty"`
		Tooltip string `json:"tooltip,omitempty"`
	}
	type properties struct {
		PropertyKey string `json:"propertyKey"`
		ValueUpdate update `json:"valueUpdate"`
	}
	argument, err := payload.JSON(op, struct {
		Event   string     `json:"event"`
		Payload properties `json:"payload"`
	}{"FORGE_CONTENT_PROPERTY_UPDATED", properties{b.PropertyKey, update{b.Title, b.Icon, b.Tooltip}}})
	if err != nil {
		return err
	}
	return ask(ctx, op, "emit", argument, nil)
}

// ask sends a command. If the host answers false, ask returns no.
func ask(ctx context.Context, op, command string, argument []byte, no error) error {
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: command, Payload: argument})
	if err == nil && no != nil && payload.False(answer) {
		err = &bridge.Error{Op: op, Err: no}
	}
	return err
}
