package confluence_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/confluence"
	"github.com/forgego/forgego/bridge/internal/stubhost"
)

func TestGet(t *testing.T) {
	for op, get := range map[string]func(context.Context) (string, error){
		"getEditorContent": func(ctx context.Context) (string, error) {
			document, err := confluence.GetEditorContent(ctx)
			return string(document), err
		},
		"getMacroContent": func(ctx context.Context) (string, error) {
			document, err := confluence.GetMacroContent(ctx)
			return string(document), err
		},
	} {
		for name, tt := range map[string]struct {
			answer, document string
			err              error
		}{
			"a document":   {`{"data":"{\"type\":\"doc\"}"}`, `{"type":"doc"}`, nil},
			"nothing":      {"", "", confluence.ErrNoContent},
			"null":         {"null", "", confluence.ErrNoContent},
			"false":        {"false", "", confluence.ErrNoContent},
			"no data":      {"{}", "", bridge.ErrInvalidResponse},
			"other data":   {`{"data":7}`, "", bridge.ErrInvalidResponse},
			"data no JSON": {`{"data":"{"}`, "", bridge.ErrInvalidResponse},
			"a list":       {`[1]`, "", bridge.ErrInvalidResponse},
		} {
			t.Run(op+" "+name, func(t *testing.T) {
				host := &stubhost.Host{Answers: map[string]string{}}
				if tt.answer != "" {
					host.Answers[op] = tt.answer
				}
				document, err := get(host.Context(t))
				if document != tt.document || !errors.Is(err, tt.err) {
					t.Errorf("got %s, %v", document, err)
				}
				if calls := host.Calls(); !slices.Equal(calls, []string{op}) {
					t.Errorf("the host got %q", calls)
				}
			})
		}
	}
}

func TestCommands(t *testing.T) {
	type call = func(context.Context) error
	for name, tt := range map[string]struct {
		call   call
		sent   string // or "" if nothing is sent
		answer string
		err    error
	}{
		"a macro is updated": {func(ctx context.Context) error {
			return confluence.UpdateMacro(ctx, map[string]string{"type": "extension"})
		}, `updateMacro {"data":"{\"type\":\"extension\"}"}`, "true", nil},
		"a macro is not updated": {func(ctx context.Context) error { return confluence.UpdateMacro(ctx, []int{}) },
			`updateMacro {"data":"[]"}`, "false", confluence.ErrNotUpdated},
		"there is no macro":    {func(ctx context.Context) error { return confluence.UpdateMacro(ctx, nil) }, "", "", bridge.ErrInvalidRequest},
		"a macro has no JSON":  {func(ctx context.Context) error { return confluence.UpdateMacro(ctx, make(chan int)) }, "", "", bridge.ErrInvalidRequest},
		"a height is set":      {func(ctx context.Context) error { return confluence.SetMacroViewportHeight(ctx, 200) }, `setMacroViewportHeight "200"`, "true", nil},
		"a height is not set":  {func(ctx context.Context) error { return confluence.SetMacroViewportHeight(ctx, 1) }, `setMacroViewportHeight "1"`, "false", confluence.ErrNotResized},
		"a height is positive": {func(ctx context.Context) error { return confluence.SetMacroViewportHeight(ctx, 0) }, "", "", bridge.ErrInvalidRequest},
		"a byline": {func(ctx context.Context) error {
			return confluence.UpdateByline(ctx, confluence.Byline{PropertyKey: "k", Title: "T", Icon: "i.png", Tooltip: "tip"})
		}, `emit {"event":"FORGE_CONTENT_PROPERTY_UPDATED","payload":{"propertyKey":"k","valueUpdate":{"title":"T","icon":"i.png","tooltip":"tip"}}}`, "", nil},
		"a byline of its defaults": {func(ctx context.Context) error {
			return confluence.UpdateByline(ctx, confluence.Byline{PropertyKey: "k"})
		}, `emit {"event":"FORGE_CONTENT_PROPERTY_UPDATED","payload":{"propertyKey":"k","valueUpdate":{}}}`, "false", nil},
		"a byline has a key": {func(ctx context.Context) error { return confluence.UpdateByline(ctx, confluence.Byline{}) }, "", "", bridge.ErrInvalidRequest},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{}}
			for _, command := range []string{"updateMacro", "setMacroViewportHeight", "emit"} {
				if tt.answer != "" {
					host.Answers[command] = tt.answer
				}
			}
			if err := tt.call(host.Context(t)); !errors.Is(err, tt.err) {
				t.Errorf("got %v, want %v", err, tt.err)
			}
			var want []string
			if tt.sent != "" {
				want = []string{tt.sent}
			}
			if got := host.Calls(); !slices.Equal(got, want) {
				t.Errorf("the host got %q, want %q", got, want)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	refusal := &bridge.HostError{Message: "not here"}
	for op, call := range map[string]func(context.Context) error{
		"getEditorContent":       func(ctx context.Context) error { _, err := confluence.GetEditorContent(ctx); return err },
		"getMacroContent":        func(ctx context.Context) error { _, err := confluence.GetMacroContent(ctx); return err },
		"updateMacro":            func(ctx context.Context) error { return confluence.UpdateMacro(ctx, 1) },
		"setMacroViewportHeight": func(ctx context.Context) error { return confluence.SetMacroViewportHeight(ctx, 1) },
		"updateBylineProperties": func(ctx context.Context) error {
			return confluence.UpdateByline(ctx, confluence.Byline{PropertyKey: "k"})
		},
	} {
		host := &stubhost.Host{Errors: map[string]error{op: refusal, "emit": refusal}}
		err := call(host.Context(t))
		if !errors.Is(err, bridge.ErrRejected) || err.Error() != "bridge: "+op+": not here" {
			t.Errorf("%s: got %v", op, err)
		}
	}
}
