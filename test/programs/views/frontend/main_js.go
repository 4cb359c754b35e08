// Program frontend shows a macro and a custom field, and the views in which they are edited. It asks its context which of the
// four it is.
package main

import (
	"context"
	"strconv"
	"strings"
	"syscall/js"

	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

func app(ctx context.Context) error {
	here, err := view.GetContext(ctx)
	if err != nil {
		return err
	}
	if here.ModuleKey == "banner" {
		return banner(ctx, here)
	}
	return rating(ctx, here)
}

func element(id string) js.Value { return js.Global().Get("document").Call("getElementById", id) }

// edit shows a form with a value. When the user submits it, save gets the new one.
func edit(ctx context.Context, value string, save func(ctx context.Context, value string) error) {
	element("value").Set("value", value)
	element("form").Set("hidden", false)
	wasm.Listen(ctx, element("form"), "submit", func(ctx context.Context, event js.Value) error {
		return save(ctx, element("value").Get("value").String())
	}, wasm.WithPreventDefault())
}

type settings struct {
	Text string `json:"text"`
}

func banner(ctx context.Context, here *view.Context) error {
	var saved settings
	var macro struct{ IsConfiguring, IsInserting bool }
	if _, err := here.Extension.Decode("config", &saved); err != nil {
		return err
	}
	if _, err := here.Extension.Decode("macro", &macro); err != nil {
		return err
	}
	if !macro.IsConfiguring {
		element("shown").Set("textContent", "Banner: "+saved.Text)
		return nil
	}
	element("shown").Set("textContent", "New: "+strconv.FormatBool(macro.IsInserting))
	edit(ctx, saved.Text, func(ctx context.Context, value string) error {
		return view.Submit(ctx, map[string]settings{"config": {value}})
	})
	return nil
}

func rating(ctx context.Context, here *view.Context) error {
	var entryPoint string
	var stars int
	if _, err := here.Extension.Decode("entryPoint", &entryPoint); err != nil {
		return err
	}
	if _, err := here.Extension.Decode("fieldValue", &stars); err != nil {
		return err
	}
	if entryPoint != "edit" {
		element("shown").Set("textContent", "Stars: "+strings.Repeat("★", min(max(stars, 0), 5)))
		return nil
	}
	edit(ctx, strconv.Itoa(stars), func(ctx context.Context, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil {
			return err
		}
		return view.Submit(ctx, n)
	})
	return nil
}
