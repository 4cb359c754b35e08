// Package router opens other pages of the product and elsewhere. It is the object router of @forge/bridge.
//
//	err := router.Navigate(ctx, router.Issue{IssueKey: "FT-3"})
//
// Calls use the client in ctx: see [bridge.NewContext]. Their errors are those of [bridge.Client]'s Call, and
// [bridge.ErrInvalidRequest] if the destination or the location is nil.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/router/
package router

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
)

// Navigate opens a [URL] or a [Location] in the current tab. For a URL of another site, the host asks the user and
// opens a new tab; if the user declines, Navigate returns [bridge.ErrRejected]. The app's page may be gone before
// Navigate returns.
//
// It is router.navigate.
func Navigate(ctx context.Context, to Destination) error {
	return navigate(ctx, "router.navigate", to, "same-tab")
}

// Open opens a [URL] or a [Location] in a new tab or window, depending on the browser. For a URL of another site the
// host asks the user, as for [Navigate].
//
// It is router.open.
func Open(ctx context.Context, to Destination) error {
	return navigate(ctx, "router.open", to, "new-tab")
}

func navigate(ctx context.Context, op string, to Destination, kind string) error {
	if to == nil {
		return payload.InvalidRequest(op, "there is no destination")
	}
	members := to.members()
	members["type"] = kind
	argument, err := payload.JSON(op, members)
	if err != nil {
		return err
	}
	_, err = bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "navigate", Payload: argument})
	return err
}

// GetURL returns the absolute URL of a location, such as "https://example.atlassian.net/browse/FT-3". If the host has
// none, it returns [bridge.ErrInvalidResponse].
//
// It is router.getUrl, which returns a URL object. Use url.Parse for the URL's parts.
func GetURL(ctx context.Context, of Location) (string, error) {
	const op = "router.getUrl"
	if of == nil {
		return "", payload.InvalidRequest(op, "there is no location")
	}
	argument, err := payload.JSON(op, of.members())
	if err != nil {
		return "", err
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "getUrl", Payload: argument})
	if err != nil {
		return "", err
	}
	var url *string
	if answer.Payload != nil {
		if err := payload.Read(op, answer.Payload, &url); err != nil {
			return "", err
		}
	}
	if url == nil || !isAbsolute(*url) {
		return "", payload.Invalid(op, "the host returned no URL for this location")
	}
	return *url, nil
}

// isAbsolute reports whether the text starts with a scheme, as a URL without a base must.
func isAbsolute(url string) bool {
	for i, c := range []byte(url) {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
		case i > 0 && c == ':':
			return len(url) > i+1
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}

// Reload reloads the product's page, and the app with it. The app's page may be gone before Reload returns.
//
// It is router.reload.
func Reload(ctx context.Context) error {
	_, err := bridge.FromContext(ctx).Call(ctx, "router.reload", bridge.Call{Command: "reload"})
	return err
}
