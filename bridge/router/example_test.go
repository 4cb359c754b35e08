//go:build !js

package router_test

import (
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/router"
)

func ExampleNavigate() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	err := router.Navigate(ctx, router.Issue{IssueKey: "FT-3"})
	fmt.Println(host.Navigations()[0].URL, err)
	// Output: https://example.atlassian.net/browse/FT-3 <nil>
}

func ExampleOpen() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.OnQuestion(func(question, detail string) bool { return false }) // the user stays on the site
	if err := router.Open(host.Context(nil), router.URL("https://example.com/help")); err != nil {
		fmt.Println("The user stays here.")
	}
	// Output: The user stays here.
}

func ExampleGetURL() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	url, err := router.GetURL(host.Context(nil), router.Issue{IssueKey: "FT-3"})
	fmt.Println(url, err)
	// Output: https://example.atlassian.net/browse/FT-3 <nil>
}

func ExampleReload() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := router.Reload(host.Context(nil))
	fmt.Println(host.Navigations()[0].Reload, err)
	// Output: true <nil>
}
