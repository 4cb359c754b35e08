// Program program makes our client's calls when the test asks for them, by globalThis.goPlay(case, read).
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/hack-pad/safejs"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/confluence"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/jira"
	"github.com/forgego/forgego/bridge/modal"
	"github.com/forgego/forgego/bridge/rovo"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/test/suites/conformance/spec"
	"github.com/forgego/forgego/wasm"
)

func main() {
	wasm.Run(func(ctx context.Context) error {
		if err := exportOperations(ctx); err != nil {
			return err
		}
		_, err := wasm.Export(ctx, "goPlay", play)
		return err
	})
}

// play makes the call of a case and returns its outcome as JSON. read is how the body is read.
func play(ctx context.Context, args []safejs.Value) (any, error) {
	var c spec.Case
	text, err := args[0].String()
	if err == nil {
		err = json.Unmarshal([]byte(text), &c)
	}
	if err != nil {
		return nil, err
	}
	read, err := args[1].String()
	if err != nil {
		return nil, err
	}
	// Each call needs a new client, because each client has its own rate limiter.
	client := bridge.New(bridge.PageHost())
	var response *bridge.Response
	for range max(c.Times, 1) {
		request, err := requestOf(c.Request)
		if err != nil {
			return nil, err
		}
		if c.Call == spec.InvokeRemote {
			response, err = bridge.InvokeRemote(bridge.NewContext(ctx, client), request)
		} else {
			response, err = bridge.RequestRemote(bridge.NewContext(ctx, client), c.Remote, request)
		}
		if err != nil {
			return marshal(map[string]any{"failed": true, "error": kindsOf(err), "message": err.Error()})
		}
	}
	var body []byte
	if read == "text" {
		var s string
		s, err = response.Text()
		body = []byte(s)
	} else {
		body, err = response.Bytes()
	}
	if err != nil {
		return nil, err
	}
	return marshal(map[string]any{
		"status": response.Status, "statusText": response.StatusText, "ok": response.OK(),
		"headers": list(response.Header, c.Call), "body": hex.EncodeToString(body),
	})
}

func marshal(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func requestOf(r spec.Request) (bridge.Request, error) {
	request := bridge.Request{Method: r.Method, Path: r.Path}
	for _, h := range r.Headers {
		if request.Header == nil {
			request.Header = bridge.Header{}
		}
		// Keep the name as the caller writes it. Add would change it to the canonical form.
		request.Header[h[0]] = append(request.Header[h[0]], h[1])
	}
	if r.Body == nil {
		return request, nil
	}
	var err error
	request.Body, err = bodyOf(r.Body)
	return request, err
}

func bodyOf(b *spec.Body) (bridge.Body, error) {
	switch b.Kind {
	case "text":
		return bridge.Text(strings.Repeat(b.Text, max(b.Repeat, 1))), nil
	case "bytes":
		data, err := hex.DecodeString(b.Text)
		return bridge.Bytes(data), err
	case "json":
		var v any
		err := json.Unmarshal([]byte(b.Text), &v)
		return bridge.JSON(v), err
	case "form":
		values := url.Values{}
		for _, p := range b.Parts {
			values.Add(p.Name, p.Value)
		}
		return bridge.Form(values), nil
	case "data":
		form := new(bridge.FormData)
		for _, p := range b.Parts {
			if !p.File {
				form.Field(p.Name, p.Value)
				continue
			}
			content, err := hex.DecodeString(p.Value)
			if err != nil {
				return nil, err
			}
			form.File(p.Name, p.Filename, p.Type, content)
		}
		return form, nil
	case "stream":
		return bridge.Reader(strings.NewReader(b.Text)), nil
	}
	return nil, fmt.Errorf("no such kind of body: %s", b.Kind)
}

// list returns the header as a browser's Headers lists it. InvokeRemote keeps several values of a field apart. list joins
// them without a space, as the official client does.
func list(h bridge.Header, call string) [][2]string {
	separator := ", "
	if call == spec.InvokeRemote {
		separator = ","
	}
	fields := make([][2]string, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fields = append(fields, [2]string{strings.ToLower(name), strings.Join(h[name], separator)})
	}
	slices.SortFunc(fields, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return fields
}

var kinds = []struct {
	name string
	kind error
}{
	{"no bridge", bridge.ErrNoBridge},
	{"invalid request", bridge.ErrInvalidRequest},
	{"rejected", bridge.ErrRejected},
	{"unauthorized", bridge.ErrUnauthorized},
	{"timeout", bridge.ErrTimeout},
	{"network", bridge.ErrNetwork},
	{"blocked", bridge.ErrBlocked},
	{"invalid response", bridge.ErrInvalidResponse},
	{"unknown remote", bridge.ErrUnknownRemote},
	{"rate limited", bridge.ErrRateLimited},
	{"not submittable", view.ErrNotSubmittable},
	{"not closable", view.ErrNotClosable},
	{"not openable", view.ErrNotOpenable},
	{"not refreshable", view.ErrNotRefreshable},
	{"no history", view.ErrNoHistory},
	{"no renderer", view.ErrNoRenderer},
	{"not opened", modal.ErrNotOpened},
	{"no dialog of Jira", jira.ErrNotOpened},
	{"not configurable", jira.ErrNotConfigurable},
	{"not refreshed", jira.ErrNotRefreshed},
	{"no errors", jira.ErrNoErrors},
	{"no content", confluence.ErrNoContent},
	{"not updated", confluence.ErrNotUpdated},
	{"not resized", confluence.ErrNotResized},
	{"unsupported", rovo.ErrUnsupported},
	{"unavailable", i18n.ErrUnavailable},
}

// kindsOf names all sentinels that errors.Is finds in err.
func kindsOf(err error) string {
	var names []string
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			names = append(names, k.name)
		}
	}
	return strings.Join(names, ", ")
}
