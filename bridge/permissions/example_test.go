//go:build !js

package permissions_test

import (
	"context"
	"fmt"
	"log"

	"github.com/forgego/forgego/bridge/permissions"
)

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

func ExampleSetEgress() {
	groups, err := permissions.SetEgress(context.Background(), permissions.EgressGroup{
		Key:         "cats",
		Description: "Shows pictures of cats",
		Configured: []permissions.EgressDomain{{
			Domain: "https://cats.example",
			Types:  []permissions.EgressType{permissions.EgressImages},
		}},
	})
	if err != nil {
		log.Print(err) // the admin said no, for example
		return
	}
	log.Print("approved groups: ", len(groups))
}
