package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/examples/hello/frontend/greet"
)

func TestHello(t *testing.T) {
	host := bridgetest.NewHost(t) // stands in for the product page
	host.Remote("hello-api", host.Verifier().Handler(http.HandlerFunc(hello)))
	got, err := greet.Ask(host.Context(t), "Ada & Bo")
	if err != nil || !strings.HasPrefix(got, "Hello, Ada & Bo!") {
		t.Errorf("got %q, %v", got, err)
	}
}
