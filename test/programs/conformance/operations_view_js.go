package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/forgego/forgego/bridge/view"
)

// madeUp matches an id that the official client generates.
var madeUp = regexp.MustCompile(`^forge-adf-renderer-iframe-[0-9a-f-]{36}$`)

var viewOperations = map[string]operation{
	"view.submit": func(ctx context.Context, args arguments) (any, error) { return done(view.Submit(ctx, args.value(0))) },
	"view.close":  func(ctx context.Context, args arguments) (any, error) { return done(view.Close(ctx, args.value(0))) },
	"view.open":   func(ctx context.Context, _ arguments) (any, error) { return done(view.Open(ctx)) },
	"view.refresh": func(ctx context.Context, args arguments) (any, error) {
		return done(view.Refresh(ctx, args.value(0)))
	},
	"view.onClose": func(ctx context.Context, args arguments) (any, error) {
		name, _ := args.callback(0)
		_, err := view.OnClose(ctx, func(context.Context) error { hear(name); return nil })
		return done(err)
	},
	"view.theme.enable": func(ctx context.Context, _ arguments) (any, error) { return done(view.EnableTheme(ctx)) },
	"view.changeWindowTitle": func(ctx context.Context, args arguments) (any, error) {
		return done(view.ChangeWindowTitle(ctx, args.text(0)))
	},
	"view.emitReadyEvent": func(ctx context.Context, _ arguments) (any, error) { return done(view.EmitReadyEvent(ctx)) },
	"view.getContext": func(ctx context.Context, _ arguments) (any, error) {
		c, err := view.GetContext(ctx)
		if err != nil {
			return nil, err
		}
		return contextValue(c)
	},
	"view.createHistory": createHistory,
	"view.createAdfRendererIframeProps": func(ctx context.Context, args arguments) (any, error) {
		var here view.Context
		if err := args.read(0, &here); err != nil {
			return nil, err
		}
		id, _ := args.value(1).(string)
		props, err := view.NewIframeProps(ctx, &here, id)
		if err != nil {
			return nil, err
		}
		value := map[string]any{"id": props.ID, "src": props.Src, "onLoad": "[function]"}
		if id == "" {
			value["id"] = madeUp.MatchString(props.ID)
		}
		return &object{value: value, methods: map[string]operation{
			".onLoad": func(context.Context, arguments) (any, error) {
				_ = props.OnLoad() // the official client has no error for an iframe that is missing
				return nothing, nil
			},
		}}, nil
	},
	"view.getFrameDispatch": func(ctx context.Context, _ arguments) (any, error) {
		dispatch, err := view.GetFrameDispatch(ctx)
		if err != nil {
			return nil, err
		}
		return &object{value: "[function]", methods: map[string]operation{
			".": func(ctx context.Context, args arguments) (any, error) {
				var list []any
				for i := range args {
					list = append(list, args.value(i))
				}
				result, err := dispatch.Call(ctx, list...)
				if result == nil {
					return nothing, err
				}
				return result, err
			},
		}}, nil
	},
}

// contextValue returns a context in the form of the official client, by its fields.
func contextValue(c *view.Context) (any, error) {
	value := map[string]any{}
	for name, text := range map[string]string{
		"accountId": c.AccountID, "cloudId": c.CloudID, "workspaceId": c.WorkspaceID, "environmentId": c.EnvironmentID,
		"environmentType": string(c.Environment), "localId": c.LocalID, "locale": c.Locale, "moduleKey": c.ModuleKey, "siteUrl": c.SiteURL,
		"timezone": c.Timezone, "surfaceColor": c.SurfaceColor, "remoteInstallationRegion": c.RemoteInstallationRegion,
	} {
		if text != "" {
			value[name] = text
		}
	}
	if c.Extension.Raw != nil {
		value["extension"] = c.Extension.Raw
	}
	for name, field := range map[string]any{"license": c.License, "theme": c.Theme, "userAccess": c.UserAccess, "permissions": c.Permissions} {
		members, err := membersOf(field)
		if err != nil {
			return nil, err
		}
		if members != nil {
			value[name] = members
		}
	}
	for name, member := range c.Rest {
		value[name] = member
	}
	return value, nil
}

// membersOf returns a struct's members without those that are empty text, nil or null. For a nil pointer it returns nil.
func membersOf(v any) (map[string]any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	maps.DeleteFunc(members, func(_ string, value any) bool { return value == "" || value == nil })
	return members, nil
}

func createHistory(ctx context.Context, _ arguments) (any, error) {
	h, err := view.NewHistory(ctx)
	if err != nil {
		return nil, err
	}
	move := func(to func(context.Context, string, any) error, toLocation func(context.Context, view.Location) error) operation {
		return func(ctx context.Context, args arguments) (any, error) {
			if path, ok := args.value(0).(string); ok {
				return done(to(ctx, path, args.value(1)))
			}
			var location view.Location
			if err := args.read(0, &location); err != nil {
				return nil, err
			}
			return done(toLocation(ctx, location))
		}
	}
	return &object{value: "[history]", methods: map[string]operation{
		".push":    move(h.Push, h.PushLocation),
		".replace": move(h.Replace, h.ReplaceLocation),
		".go": func(ctx context.Context, args arguments) (any, error) {
			var n int
			if err := args.read(0, &n); err != nil {
				return nil, err
			}
			return done(h.Go(ctx, n))
		},
		".goBack":    func(ctx context.Context, _ arguments) (any, error) { return done(h.GoBack(ctx)) },
		".goForward": func(ctx context.Context, _ arguments) (any, error) { return done(h.GoForward(ctx)) },
		".location":  func(context.Context, arguments) (any, error) { return locationValue(h.Location()), nil },
		".listen": func(ctx context.Context, args arguments) (any, error) {
			name, _ := args.callback(0)
			stop := h.Listen(ctx, func(_ context.Context, c view.Change, _ error) error {
				hear(name, locationValue(c.Location), c.Action)
				return nil
			})
			return function(stop), nil
		},
		".block": func(ctx context.Context, args arguments) (any, error) {
			prompt, ok := args.value(0).(string)
			if !ok && len(args) > 0 {
				return nil, fmt.Errorf("%w: %s", errNoSuchForm, strings.TrimSpace(string(args[0])))
			}
			stop, err := h.Block(ctx, prompt)
			if err != nil {
				return nil, err
			}
			return function(stop), nil
		},
	}}, nil
}

// function returns an object for a function without arguments and result.
func function(f func()) *object {
	return &object{value: "[function]", methods: map[string]operation{
		".": func(context.Context, arguments) (any, error) {
			f()
			return nothing, nil
		},
	}}
}

func locationValue(l view.Location) map[string]any {
	value := map[string]any{"pathname": l.Pathname, "search": l.Search, "hash": l.Hash}
	if l.State != nil {
		value["state"] = l.State
	}
	return value
}
