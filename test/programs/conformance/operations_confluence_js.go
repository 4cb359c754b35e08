package main

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/forgego/forgego/bridge/confluence"
)

// confluenceOperations are the operations of package confluence.
var confluenceOperations = map[string]operation{
	"getEditorContent": content(confluence.GetEditorContent),
	"getMacroContent":  content(confluence.GetMacroContent),
	"updateMacro": func(ctx context.Context, args arguments) (any, error) {
		var macro struct{ Data string }
		if err := args.read(0, &macro); err != nil {
			return nil, err
		}
		return true, confluence.UpdateMacro(ctx, json.RawMessage(macro.Data))
	},
	"setMacroViewportHeight": func(ctx context.Context, args arguments) (any, error) {
		height, err := strconv.Atoi(args.text(0))
		if err != nil {
			return nil, err
		}
		return true, confluence.SetMacroViewportHeight(ctx, height)
	},
	"updateBylineProperties": func(ctx context.Context, args arguments) (any, error) {
		var byline struct {
			PropertyKey string
			ValueUpdate struct{ Title, Icon, Tooltip string }
		}
		if err := args.read(0, &byline); err != nil {
			return nil, err
		}
		texts := byline.ValueUpdate
		return done(confluence.UpdateByline(ctx, confluence.Byline{PropertyKey: byline.PropertyKey, Title: texts.Title, Icon: texts.Icon, Tooltip: texts.Tooltip}))
	},
}

func content(get func(context.Context) (json.RawMessage, error)) operation {
	return func(ctx context.Context, _ arguments) (any, error) {
		document, err := get(ctx)
		return map[string]string{"data": string(document)}, err
	}
}
