package main

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// remoteKey is the backend's key under remotes in manifest.yml.
const remoteKey = "tasks-api"

// way is one of the three ways to the backend.
type way struct {
	// name is what Atlassian's documentation calls it.
	name string
	send func(ctx context.Context, request bridge.Request) (*bridge.Response, error)
}

// requestRemote is the way by the product page, which asks the backend itself: fast, and without OAuth tokens.
func requestRemote(client *bridge.Client) way {
	return way{"requestRemote", func(ctx context.Context, request bridge.Request) (*bridge.Response, error) {
		return client.RequestRemote(ctx, remoteKey, request)
	}}
}

// invokeRemote is the way through Forge's servers, which add OAuth tokens.
func invokeRemote(client *bridge.Client) way {
	return way{"invokeRemote", client.InvokeRemote}
}

// direct is the way from this page itself to the backend, with a token that the page keeps. The client was made with
// bridge.Direct. It carries any bytes, streams, and can be stopped.
func direct(client *bridge.Client) way {
	return way{"direct", requestRemote(client).send}
}
