//go:build !js

package dashboards_test

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge/bridgetest"
	"github.com/forgego/forgego/bridge/dashboards"
)

func ExampleOnProductSave() {
	host := bridgetest.NewHost(nil) // stands in for Atlassian Home
	defer host.Close()
	ctx := host.Context(nil) // in an app, the one of wasm.Run

	type config struct {
		Title string `json:"title"`
	}
	stop, err := dashboards.OnProductSave(ctx, func(_ context.Context, save dashboards.Save[config]) (*config, error) {
		return &save.Config, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	if err := dashboards.UpdateConfig(ctx, config{Title: "Sales"}); err != nil {
		fmt.Println(err)
		return
	}
	err = host.Widget().Save(ctx, "widget-1") // the user
	fmt.Printf("%s %v\n", host.Widget().Saved(), err)
	// Output: {"title":"Sales"} <nil>
}

func ExampleOnSave() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	host.SetContext(map[string]any{"extension": map[string]any{"context": map[string]string{"dashboardId": "dashboard-1"}}})
	ctx := host.Context(nil)
	stop, err := dashboards.OnSave(ctx, func(_ context.Context, save dashboards.Save[map[string]string]) error {
		fmt.Println(save.Config["title"], "of", save.Widget.ID, "on", save.Widget.DashboardID)
		return fmt.Errorf("no room")
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	stopErrors, err := dashboards.OnSaveError(ctx, func(_ context.Context, failure error, _ dashboards.Widget) error {
		fmt.Println("not saved:", failure)
		return nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stopErrors()
	if err := dashboards.UpdateConfig(ctx, map[string]string{"title": "Sales"}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(host.Widget().Save(ctx, "widget-7"))
	// Output:
	// Sales of widget-7 on dashboard-1
	// not saved: no room
	// no room
}

func ExampleSetPreviewConfig() {
	host := bridgetest.NewHost(nil)
	defer host.Close()
	err := dashboards.SetPreviewConfig(host.Context(nil), map[string]string{"title": "My widget"})
	fmt.Printf("%s %v\n", host.Widget().Preview(), err)
	// Output: {"title":"My widget"} <nil>
}
