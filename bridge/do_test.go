package bridge_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
)

type note struct {
	Text string `json:"text"`
}

func TestDoReads(t *testing.T) {
	type list = []note
	tests := map[string]struct {
		answer, body string
		do           func(ctx context.Context, r bridge.Request) (any, error)
		want         any
	}{
		"a struct":         {`{"status":200}`, `{"text":"Go"}`, do[note], note{"Go"}},
		"a pointer":        {`{"status":201}`, `{"text":"Go"}`, do[*note], &note{"Go"}},
		"a slice":          {`{"status":200}`, `[{"text":"Go"},{}]`, do[list], list{{"Go"}, {}}},
		"a text":           {`{"status":200}`, `"Go"`, do[string], "Go"},
		"base64":           {`{"status":200}`, `"R28="`, do[[]byte], []byte("Go")},
		"any":              {`{"status":200}`, `null`, do[any], nil},
		"after a mark":     {`{"status":200}`, "\uFEFF{}", do[note], note{}},
		"204":              {`{"status":204}`, ``, do[note], note{}},
		"205":              {`{"status":205}`, ``, do[*note], (*note)(nil)},
		"ignored text":     {`{"status":200}`, `thanks`, do[struct{}], struct{}{}},
		"ignored, empty":   {`{"status":202}`, ``, do[struct{}], struct{}{}},
		"ignored, no JSON": {`{"status":200}`, `[`, do[struct{}], struct{}{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.answer, tt.body)
			got, err := tt.do(bridge.NewContext(t.Context(), client), bridge.Request{Path: "/notes"})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %#v, %v; want %#v", got, err, tt.want)
			}
		})
	}
}

func do[T any](ctx context.Context, r bridge.Request) (any, error) {
	return bridge.Do[T](ctx, "notes-api", r)
}

func TestDoFails(t *testing.T) {
	tests := map[string]struct {
		answer, body string
		want         error
		says         string
	}{
		"another type":     {`{"status":200}`, `{"text":"Go","text":7}`, bridge.ErrInvalidResponse, "cannot put a number into a Go string"},
		"no JSON":          {`{"status":200}`, `Go`, bridge.ErrInvalidResponse, "syntax error"},
		"too deep":         {`{"status":200}`, `{"text":"Go","a":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, bridge.ErrInvalidResponse, "nested"},
		"empty":            {`{"status":200}`, ``, bridge.ErrInvalidResponse, "the body is empty, not JSON"},
		"401":              {`{"status":401}`, `{"text":"Go"}`, bridge.ErrUnauthorized, "the remote answered 401"},
		"429":              {`{"status":429}`, `{"text":"Go"}`, bridge.ErrRateLimited, "the remote answered 429"},
		"from the host":    {`{"status":9}`, ``, bridge.ErrInvalidResponse, "status"},
		"a status of 3xx":  {`{"status":300}`, `{"text":"Go"}`, (*bridge.StatusError)(nil), "the remote answered 300"},
		"what it answered": {`{"status":409,"statusText":"Conflict"}`, `{"error":"There is one."}`, (*bridge.StatusError)(nil), "the remote answered 409 Conflict: There is one."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, _ := answering(tt.answer, tt.body)
			got, err := bridge.Do[note](bridge.NewContext(t.Context(), client), "notes-api", bridge.Request{Path: "/notes"})
			status := (*bridge.StatusError)(nil)
			if !errors.Is(err, tt.want) && !(tt.want == error(status) && errors.As(err, &status)) || !containsText(err, tt.says) || !containsText(err, `bridge: requestRemote "notes-api": `) {
				t.Errorf("got %v, want %v that says %q", err, tt.want, tt.says)
			}
			if got != (note{}) {
				t.Errorf("with the error, the answer is %+v", got)
			}
		})
	}
}

// TestDoTargets checks the command of each target, and that errors name the operation.
func TestDoTargets(t *testing.T) {
	const host, forge = `{"status":418}`, `{"success":true,"payload":{"status":418,"body":{"message":"no"}}}`
	get := bridge.Request{Path: "/notes"}
	tests := map[string]struct {
		answer, body string
		send         func(ctx context.Context) error
		command      string
	}{
		"requestRemote": {host, `{"message":"no"}`, func(ctx context.Context) error { _, err := bridge.Do[note](ctx, "notes-api", get); return err }, "fetchRemote"},
		"invokeRemote":  {forge, ``, func(ctx context.Context) error { _, err := bridge.Do[note](ctx, bridge.InvokeRemote, get); return err }, "invoke"},
		"invokeService": {forge, ``, func(ctx context.Context) error {
			_, err := bridge.Do[note](ctx, bridge.InvokeService, get)
			return err
		}, "invoke"},
	}
	for op, tt := range tests {
		t.Run(op, func(t *testing.T) {
			client, calls := answering(tt.answer, tt.body)
			err := tt.send(bridge.NewContext(t.Context(), client))
			var e *bridge.Error
			var status *bridge.StatusError
			if !errors.As(err, &e) || e.Op != op || !errors.As(err, &status) || status.Status != 418 || status.Message != "no" {
				t.Errorf("got %v", err)
			}
			if len(*calls) != 1 || (*calls)[0].Command != tt.command {
				t.Errorf("sent %+v, want one %s", *calls, tt.command)
			}
		})
	}
}

func TestShortForms(t *testing.T) {
	const path = "/notes/7"
	in := bridge.JSON(note{"Go"})
	tests := map[string]struct {
		send func(ctx context.Context) (note, error)
		want string
		body string
	}{
		"Get":    {func(ctx context.Context) (note, error) { return bridge.Get[note](ctx, "notes-api", path) }, `{"path":"/notes/7","headers":[],"body":null}`, ""},
		"Post":   {func(ctx context.Context) (note, error) { return bridge.Post[note](ctx, "notes-api", path, in) }, jsonInit("POST"), `{"text":"Go"}`},
		"Put":    {func(ctx context.Context) (note, error) { return bridge.Put[note](ctx, "notes-api", path, in) }, jsonInit("PUT"), `{"text":"Go"}`},
		"Patch":  {func(ctx context.Context) (note, error) { return bridge.Patch[note](ctx, "notes-api", path, in) }, jsonInit("PATCH"), `{"text":"Go"}`},
		"Delete": {func(ctx context.Context) (note, error) { return note{"ok"}, bridge.Delete(ctx, "notes-api", path) }, `{"path":"/notes/7","method":"DELETE","headers":[],"body":""}`, ""},
		"Post without a body": {func(ctx context.Context) (note, error) { return bridge.Post[note](ctx, "notes-api", path, nil) },
			`{"path":"/notes/7","method":"POST","headers":[],"body":""}`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			client, calls := answering(`{"status":200}`, `{"text":"ok"}`)
			got, err := tt.send(bridge.NewContext(t.Context(), client))
			if got != (note{"ok"}) || err != nil {
				t.Errorf("got %+v, %v", got, err)
			}
			call := (*calls)[0]
			sameJSON(t, call.Payload, `{"remoteKey":"notes-api","fetchRequestInit":`+tt.want+`,"isMultipartFormData":false}`)
			if string(call.Body) != tt.body {
				t.Errorf("sent the body %q, want %q", call.Body, tt.body)
			}
		})
	}
	t.Run("Delete fails", func(t *testing.T) {
		client, _ := answering(`{"status":404}`, `{"error":"gone"}`)
		if err := bridge.Delete(bridge.NewContext(t.Context(), client), "notes-api", path); !containsText(err, "the remote answered 404: gone") {
			t.Errorf("got %v", err)
		}
	})
}

func jsonInit(method string) string {
	return `{"path":"/notes/7","method":"` + method + `","headers":[["content-type","application/json"]],"body":""}`
}
