package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/forgego/forgego/bridge/flag"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/router"
)

// uiOperations are the operations of packages view, router, modal and flag.
var uiOperations = joined(viewOperations, map[string]operation{
	"router.navigate": func(ctx context.Context, args arguments) (any, error) {
		return done(router.Navigate(ctx, destination(args)))
	},
	"router.open": func(ctx context.Context, args arguments) (any, error) {
		return done(router.Open(ctx, destination(args)))
	},
	"router.getUrl": func(ctx context.Context, args arguments) (any, error) {
		of, _ := destination(args).(router.Location)
		address, err := router.GetURL(ctx, of)
		return map[string]any{"$url": address}, err
	},
	"router.reload": func(ctx context.Context, _ arguments) (any, error) { return done(router.Reload(ctx)) },
	"Modal":         newModal,
	"showFlag":      showFlag,
})

// destination reads the argument of router.navigate.
func destination(args arguments) router.Destination {
	var l struct {
		Target, ContentID, Version, ContentType, SpaceKey, ModuleKey, ProjectKey, Path, AccountID, DashboardID, IssueKey string
	}
	if address, ok := args.value(0).(string); ok {
		return router.URL(address)
	}
	if err := args.read(0, &l); err != nil {
		panic(err)
	}
	switch l.Target {
	case "contentView":
		return router.ContentView{ContentID: l.ContentID, Version: l.Version}
	case "contentEdit":
		return router.ContentEdit{ContentID: l.ContentID}
	case "contentList":
		return router.ContentList{ContentType: l.ContentType, SpaceKey: l.SpaceKey, ModuleKey: l.ModuleKey}
	case "spaceView":
		return router.SpaceView{SpaceKey: l.SpaceKey}
	case "module":
		return router.Module{ModuleKey: l.ModuleKey, SpaceKey: l.SpaceKey, ProjectKey: l.ProjectKey, Path: l.Path}
	case "userProfile":
		return router.UserProfile{AccountID: l.AccountID}
	case "dashboard":
		return router.Dashboard{DashboardID: l.DashboardID}
	case "issue":
		return router.Issue{IssueKey: l.IssueKey}
	case "projectSettingsDetails":
		return router.ProjectSettingsDetails{ProjectKey: l.ProjectKey}
	}
	return nil
}

// newModal returns a modal, as new Modal(options) does. Its value is not compared, because in JavaScript it has the
// options.
func newModal(_ context.Context, args arguments) (any, error) {
	options := struct {
		Resource, Title, Icon              string
		Size, Context                      any
		CloseOnEscape, CloseOnOverlayClick *bool
	}{}
	if err := args.read(0, &options); err != nil {
		return nil, err
	}
	m := modal.Modal{
		Resource: options.Resource, Title: options.Title, Icon: options.Icon, Context: options.Context,
		KeepOnEscape:       options.CloseOnEscape != nil && !*options.CloseOnEscape,
		KeepOnOverlayClick: options.CloseOnOverlayClick != nil && !*options.CloseOnOverlayClick,
	}
	switch size := options.Size.(type) {
	case string:
		m.Size = modal.Size(size)
	case map[string]any:
		m.Width, _ = size["width"].(string)
		m.Height, _ = size["height"].(string)
	}
	var closing []modal.Option
	if name, ok := args.callback(0, "onClose"); ok {
		closing = append(closing, modal.WithOnClose(func(_ context.Context, value json.RawMessage, err error) error {
			if errors.Is(err, modal.ErrDismissed) {
				hear(name)
				return nil
			}
			hear(name, value)
			return nil
		}))
	}
	return &object{value: "[Modal]", methods: map[string]operation{
		".open": func(ctx context.Context, _ arguments) (any, error) { return done(modal.Open(ctx, m, closing...)) },
	}}, nil
}

func showFlag(ctx context.Context, args arguments) (any, error) {
	var options struct {
		ID, Title, Description, Type, Appearance string
		IsAutoDismiss                            bool
		Actions                                  []struct {
			Text    string
			OnClick struct {
				Function string `json:"$function"`
			}
		}
	}
	if err := args.read(0, &options); err != nil {
		return nil, err
	}
	f := flag.Flag{
		ID: options.ID, Title: options.Title, Description: options.Description,
		Type: flag.Type(options.Type), Appearance: flag.Type(options.Appearance), AutoDismiss: options.IsAutoDismiss,
	}
	for _, a := range options.Actions {
		f.Actions = append(f.Actions, flag.Action{Text: a.Text, OnClick: func(context.Context) error { hear(a.OnClick.Function); return nil }})
	}
	shown, err := flag.Show(ctx, f)
	if err != nil {
		return nil, err
	}
	return &object{value: map[string]any{"close": "[function]"}, methods: map[string]operation{
		".close": func(ctx context.Context, _ arguments) (any, error) { return done(shown.Close(ctx)) },
	}}, nil
}

var errNoSuchForm = errors.New("the Go program has no form for these arguments")
