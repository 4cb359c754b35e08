//go:build !httpclient

package main

import (
	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// senders returns senders that use package bridge.
func senders(client, direct *bridge.Client) tasks.Senders { return tasks.Bridge(client, direct) }
