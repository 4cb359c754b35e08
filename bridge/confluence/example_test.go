//go:build !js

package confluence_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/confluence"
	"github.com/forgego/forgego/bridge/events"
)

func ExampleGetEditorContent() {
	host := bridgetest.NewHost(nil) // stands in for Confluence
	defer host.Close()
	host.SetEditorContent(map[string]any{"type": "doc", "version": 1, "content": []any{}})
	document, err := confluence.GetEditorContent(host.Context(nil)) // in an app, the context of wasm.Run
	fmt.Printf("%s %v\n", document, err)
	// Output: {"content":[],"type":"doc","version":1} <nil>
}

func ExampleUpdateMacro() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	host.SetMacroContent(map[string]any{"type": "extension", "attrs": map[string]string{"text": "Old"}})

	type node struct {
		Type  string            `json:"type"`
		Attrs map[string]string `json:"attrs"`
	}
	before, err := confluence.GetMacroContent(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = confluence.UpdateMacro(ctx, node{"extension", map[string]string{"text": "New"}})
	fmt.Printf("%s\n%s %v\n", before, host.MacroContent(), err)
	// Output:
	// {"attrs":{"text":"Old"},"type":"extension"}
	// {"type":"extension","attrs":{"text":"New"}} <nil>
}

func ExampleSetMacroViewportHeight() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	fmt.Println(confluence.SetMacroViewportHeight(host.Context(nil), 200), host.MacroHeight())
	// Output: <nil> 200
}

func ExampleUpdateByline() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	ctx := host.Context(nil)
	heard := make(chan string)
	stop, err := events.On(ctx, "FORGE_CONTENT_PROPERTY_UPDATED", func(_ context.Context, b byline, err error) error {
		heard <- b.PropertyKey + ": " + b.ValueUpdate.Title
		return err
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	err = confluence.UpdateByline(ctx, confluence.Byline{PropertyKey: "status", Title: "Approved"})
	fmt.Println(<-heard, err)
	// Output: status: Approved <nil>
}

type byline struct {
	PropertyKey string
	ValueUpdate struct{ Title string }
}
