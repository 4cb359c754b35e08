//go:build httpclient

package main

import (
	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/examples/custom-ui/frontend/taskshttp"
)

// senders returns senders that use http.Client over the bridge.
func senders(client, direct *bridge.Client) tasks.Senders { return taskshttp.Senders(client, direct) }
