package tasks

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// RemoteKey is the backend's key under remotes in manifest.yml.
const RemoteKey = "tasks-api"

// Way is one of the three ways to the backend.
type Way int

const (
	// RequestRemote lets the product page send the request: fast, and without OAuth tokens.
	RequestRemote Way = iota
	// InvokeRemote sends the request through Forge's servers, which add OAuth tokens.
	InvokeRemote
	// Direct sends the request from this page, with a token that the page keeps. It supports any bytes, streams, and
	// cancelling.
	Direct
)

// String returns the name of the way in Atlassian's documentation.
func (w Way) String() string { return [...]string{"requestRemote", "invokeRemote", "direct"}[w] }

// Request is a request to the backend by any way.
type Request struct {
	// Method is GET if it is empty.
	Method string
	Path   string
	Header bridge.Header
	// Body is sent byte for byte; nil means none.
	Body []byte
}

// Sender sends a request by one way and returns the backend's answer, whatever its status.
type Sender func(ctx context.Context, r Request) (*bridge.Response, error)

// Senders holds the sender of each [Way].
type Senders [3]Sender

// Bridge returns senders that use package bridge, with two clients of one host. direct is the client with [bridge.Direct].
// Package taskshttp has senders that use http.Client.
func Bridge(client, direct *bridge.Client) Senders {
	return Senders{
		RequestRemote: requestRemote(client),
		InvokeRemote: func(ctx context.Context, r Request) (*bridge.Response, error) {
			return client.InvokeRemote(ctx, r.bridge())
		},
		Direct: requestRemote(direct),
	}
}

func requestRemote(client *bridge.Client) Sender {
	return func(ctx context.Context, r Request) (*bridge.Response, error) {
		return client.RequestRemote(ctx, RemoteKey, r.bridge())
	}
}

func (r Request) bridge() bridge.Request {
	request := bridge.Request{Method: r.Method, Path: r.Path, Header: r.Header}
	if r.Body != nil {
		request.Body = bridge.Bytes(r.Body)
	}
	return request
}
