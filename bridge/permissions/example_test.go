//go:build !js

package permissions_test

import (
	"fmt"
	"log"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/permissions"
)

// Get asks once what is granted; the methods of a Granted answer without the host.
func ExampleGet() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.SetPermissions(permissions.Requirements{Scopes: []string{"read:jira-work"}})
	granted, err := permissions.Get(host.Context(nil))
	fmt.Println(granted.Scopes(), err)
	// Output: [read:jira-work] <nil>
}

func ExampleGranted_Check() {
	granted, err := permissions.Read([]byte(`["read:jira-work"]`), []byte(`{"images":["*.cdn.example"]}`))
	if err != nil {
		log.Fatal(err)
	}
	result := granted.Check(permissions.Requirements{
		Scopes:   []string{"read:jira-work", "write:jira-work"},
		External: &permissions.External{Images: []string{"https://a.cdn.example/cat.png"}},
	})
	fmt.Println(result.Granted, result.Missing.Scopes, result.Missing.External)
	// Output: false [write:jira-work] <nil>
}

func ExampleGranted_CanLoadResource() {
	granted, err := permissions.Read(nil, []byte(`{"images":["*.cdn.example"]}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(granted.CanLoadResource(permissions.Images, "https://a.cdn.example/cat.png"))
	fmt.Println(granted.CanLoadResource(permissions.Images, "https://cdn.example/cat.png"))
	// Output:
	// true
	// false
}

func ExampleCheck() {
	host := bridgetest.NewHost(nil) // stands in for the product
	defer host.Close()
	host.SetPermissions(permissions.Requirements{Scopes: []string{"read:jira-work"}})
	ctx := host.Context(nil) // in an app, the one of wasm.Run
	result, err := permissions.Check(ctx, permissions.Requirements{Scopes: []string{"read:jira-work", "write:jira-work"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Granted, result.Missing.Scopes)
	// Output: false [write:jira-work]
}

func ExampleSetEgress() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetPermissions(map[string]any{"external": map[string]any{"configurable": map[string]bool{"enabled": true}}})
	host.OnQuestion(func(question, detail string) bool { return true }) // the admin approves
	groups, err := permissions.SetEgress(host.Context(nil), permissions.EgressGroup{
		Key:         "cats",
		Description: "Shows pictures of cats",
		Configured: []permissions.EgressDomain{{
			Domain: "https://cats.example",
			Types:  []permissions.EgressType{permissions.EgressImages},
		}},
	})
	fmt.Println(len(groups), err)
	// Output: 1 <nil>
}
