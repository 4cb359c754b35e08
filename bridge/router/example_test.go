//go:build !js

package router_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/router"
)

func ExampleNavigate() {
	ctx := context.Background() // in an app, the one of wasm.Run
	if err := router.Navigate(ctx, router.ContentView{ContentID: "12345", Version: "2"}); err != nil {
		fmt.Println(err)
	}
}

func ExampleOpen() {
	ctx := context.Background()
	if err := router.Open(ctx, router.URL("https://example.com/help")); err != nil {
		fmt.Println("The user stays here:", err)
	}
}

func ExampleGetURL() {
	host := &stubhost.Host{Answers: map[string]string{"getUrl": `"https://example.atlassian.net/browse/FT-3"`}}
	ctx := bridge.NewContext(context.Background(), bridge.New(host)) // an app needs neither
	url, err := router.GetURL(ctx, router.Issue{IssueKey: "FT-3"})
	fmt.Println(url, err)
	// Output: https://example.atlassian.net/browse/FT-3 <nil>
}

func ExampleReload() {
	if err := router.Reload(context.Background()); err != nil {
		fmt.Println(err)
	}
}
