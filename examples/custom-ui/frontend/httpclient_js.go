//go:build httpclient

package main

import "github.com/forgego/forgego/examples/custom-ui/frontend/taskshttp"

// With the tag, requests are sent by http.Client over the bridge.
func init() { senders = taskshttp.Senders }
