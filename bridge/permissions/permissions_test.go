package permissions_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/stubhost"
	"github.com/forgego/forgego/bridge/permissions"
)

const external = `{
	"fetch": {"backend": ["https://api.example", {"address": "https://object.example", "category": "analytics"}, {"remote": "https://remote.example"}, {}],
		"client": ["https://api.example/v1/", "*.wild.example"]},
	"images": ["*.cdn.example"], "frames": ["*"], "scripts": [], "configurable": {"enabled": true}}`

func read(t *testing.T, scopes, external string) *permissions.Granted {
	t.Helper()
	g, err := permissions.Read([]byte(scopes), []byte(external))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGranted(t *testing.T) {
	g := read(t, `["write:b","read:a"]`, external)
	if got := g.Scopes(); !reflect.DeepEqual(got, []string{"write:b", "read:a"}) || !g.HasScope("read:a") || g.HasScope("read") {
		t.Errorf("its scopes are %q", got)
	}
	if got := string(g.External()["configurable"]); got != `{"enabled": true}` {
		t.Errorf("external has %s", got)
	}
	for url, want := range map[string][4]bool{ // backend, client, images, frames
		"https://api.example/v1/x":     {true, true, false, true},
		"https://api.example/v2":       {true, false, false, true},
		"https://object.example/":      {true, false, false, true},
		"https://remote.example/x":     {true, false, false, true},
		"https://a.wild.example/x":     {false, true, false, true},
		"https://a.cdn.example/a.png":  {false, false, true, true},
		"http://a.cdn.example/a.png":   {false, false, false, true},
		"https://none.example":         {false, false, false, true},
		"https://api.example:8443/v1/": {false, false, false, true},
	} {
		got := [4]bool{g.CanFetchFrom(permissions.Backend, url), g.CanFetchFrom(permissions.Client, url), g.CanLoadResource(permissions.Images, url), g.CanLoadResource(permissions.Frames, url)}
		if got != want {
			t.Errorf("%s: %v, want %v", url, got, want)
		}
	}
	for _, kind := range []permissions.ResourceType{permissions.Scripts, permissions.Fonts, "fetch.backend", "configurable"} {
		if g.CanLoadResource(kind, "https://api.example") {
			t.Errorf("%s can be loaded", kind)
		}
	}
	if g.CanFetchFrom("images", "https://a.cdn.example") {
		t.Error("an unknown type of fetch is allowed")
	}
	g.Scopes()[0] = "admin"
	delete(g.External(), "fetch")
	if g.HasScope("admin") || g.External()["fetch"] == nil {
		t.Error("a change to the returned values changes the original")
	}
}

func TestGrantedHasAny(t *testing.T) {
	for _, tt := range []struct {
		scopes, external string
		want             bool
	}{
		{``, ``, false}, {`[]`, `{}`, false}, {`null`, `null`, false}, {`{}`, ``, false},
		{`["a"]`, ``, true}, {` {"a":{}}`, ``, true}, {``, `{"fetch":{}}`, true}, {``, `{"configurable":{"enabled":false}}`, true},
	} {
		if got := read(t, tt.scopes, tt.external).HasAny(); got != tt.want {
			t.Errorf("%s %s: %v", tt.scopes, tt.external, got)
		}
	}
	if got := read(t, `{"b":{},"a":{"allowImpersonation":true}}`, ``).Scopes(); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("the scopes are %q", got)
	}
	var none *permissions.Granted
	if none.HasAny() || none.HasScope("a") || none.Scopes() != nil || none.External() != nil || none.CanFetchFrom(permissions.Client, "https://a") || none.CanLoadResource(permissions.Images, "https://a") {
		t.Error("nil grants something")
	}
}

func TestReadFails(t *testing.T) {
	for _, tt := range [][2]string{
		{`"a"`, ``}, {`[1]`, ``}, {`{`, ``}, {` `, ``}, {``, `[]`}, {``, ` `}, {``, `{"fetch":[]}`}, {``, `{"fetch":{"client":"*"}}`}, {``, `{"images":[1]}`}, {``, `{"images":[["*"]]}`},
	} {
		if g, err := permissions.Read([]byte(tt[0]), []byte(tt[1])); g != nil || !errors.Is(err, bridge.ErrInvalidResponse) {
			t.Errorf("%q: %v, %v", tt, g, err)
		}
	}
}

func TestCheck(t *testing.T) {
	granted := read(t, `["read:a"]`, external)
	for required, want := range map[string]string{
		`{}`:                               `{"granted":true,"missing":null}`,
		`{"scopes":[]}`:                    `{"granted":true,"missing":null}`,
		`{"external":{}}`:                  `{"granted":true,"missing":null}`,
		`{"scopes":["read:a"]}`:            `{"granted":true,"missing":null}`,
		`{"scopes":["read:a","b","c"]}`:    `{"granted":false,"missing":{"scopes":["b","c"]}}`,
		`{"external":{"fetch":{}}}`:        `{"granted":true,"missing":null}`,
		`{"external":{"frames":["any"]}}`:  `{"granted":true,"missing":null}`,
		`{"external":{"scripts":["any"]}}`: `{"granted":false,"missing":{"external":{"scripts":["any"]}}}`,
		`{"external":{"images":["x.cdn.example","https://img"],"media":["m"],"fonts":["f"],"styles":["s"]}}`:                         `{"granted":false,"missing":{"external":{"fonts":["f"],"styles":["s"],"images":["https://img"],"media":["m"]}}}`,
		`{"scopes":["b"],"external":{"fetch":{"backend":["https://api.example/x","https://b"],"client":["https://api.example/x"]}}}`: `{"granted":false,"missing":{"scopes":["b"],"external":{"fetch":{"backend":["https://b"],"client":["https://api.example/x"]}}}}`,
		`{"external":{"fetch":{"client":["https://c"]},"frames":["any"]}}`:                                                           `{"granted":false,"missing":{"external":{"fetch":{"client":["https://c"]}}}}`,
	} {
		t.Run(required, func(t *testing.T) {
			var r permissions.Requirements
			if err := json.Unmarshal([]byte(required), &r); err != nil {
				t.Fatal(err)
			}
			if got, _ := json.Marshal(granted.Check(r)); string(got) != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestCheckAsksTheHost(t *testing.T) {
	required := permissions.Requirements{Scopes: []string{"a", "b"}}
	for name, tt := range map[string]struct {
		required permissions.Requirements
		host     *stubhost.Host
		want     permissions.Result
		kind     error
		asked    bool
	}{
		"some granted": {required, &stubhost.Host{Answers: map[string]string{"getContext": `{"permissions":{"scopes":["a"],"external":{}}}`}},
			permissions.Result{Missing: &permissions.Requirements{Scopes: []string{"b"}}}, nil, true},
		"without scopes": {required, &stubhost.Host{Answers: map[string]string{"getContext": `{"permissions":{}}`}}, permissions.Result{Missing: &required}, nil, true},
		"an empty external": {permissions.Requirements{External: &permissions.External{}}, &stubhost.Host{Answers: map[string]string{"getContext": `{"permissions":{}}`}},
			permissions.Result{Granted: true}, nil, true},
		"no permissions in the context": {required, &stubhost.Host{Answers: map[string]string{"getContext": `{}`}}, permissions.Result{}, nil, true},
		"another form":                  {required, &stubhost.Host{Answers: map[string]string{"getContext": `{"permissions":{"scopes":1}}`}}, permissions.Result{}, bridge.ErrInvalidResponse, true},
		"a refusal":                     {required, &stubhost.Host{Errors: map[string]error{"getContext": &bridge.HostError{Message: "no"}}}, permissions.Result{}, bridge.ErrRejected, true},
		"nothing required":              {permissions.Requirements{}, &stubhost.Host{}, permissions.Result{Granted: true}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := permissions.Check(tt.host.Context(t), tt.required)
			if !reflect.DeepEqual(got, tt.want) || !errors.Is(err, tt.kind) || (err == nil) != (tt.kind == nil) {
				t.Errorf("got %+v, %v, want %+v, %v", got, err, tt.want, tt.kind)
			}
			if asked := reflect.DeepEqual(tt.host.Calls(), []string{"getContext"}); asked != tt.asked {
				t.Errorf("the host got %q", tt.host.Calls())
			}
		})
	}
}

func TestGetWithoutPermissions(t *testing.T) {
	host := &stubhost.Host{Answers: map[string]string{"getContext": `{}`}}
	granted, err := permissions.Get(host.Context(t))
	if granted != nil || !errors.Is(err, permissions.ErrUnknown) || granted.HasAny() {
		t.Errorf("got %v, %v, want nil, ErrUnknown", granted, err)
	}
}

func TestCommands(t *testing.T) {
	const groups = `{"results":[{"key":"g","description":"d","configured":[{"domain":"*.a","type":["IMAGES"]}]}],"lastEvaluatedKey":"next"}`
	page := permissions.EgressPage{NextKey: "next", Groups: []permissions.EgressGroup{
		{Key: "g", Description: "d", Configured: []permissions.EgressDomain{{Domain: "*.a", Types: []permissions.EgressType{permissions.EgressImages}}}}}}
	type call func(ctx context.Context) (any, error)
	for name, tt := range map[string]struct {
		call          call
		op            string
		sent, answers string
		want          any
	}{
		"egress": {func(ctx context.Context) (any, error) { return permissions.GetEgress(ctx, permissions.Query{}) }, "permissions.egress.get", `__permission__egressGet {}`, groups, page},
		"a page of some": {func(ctx context.Context) (any, error) {
			return permissions.GetEgress(ctx, permissions.Query{Keys: []string{"g"}, PageSize: 2, NextPageToken: "t"})
		}, "permissions.egress.get", `__permission__egressGet {"keys":["g"],"pageSize":2,"nextPageToken":"t"}`, `{}`, permissions.EgressPage{}},
		"set egress": {func(ctx context.Context) (any, error) { return permissions.SetEgress(ctx, page.Groups...) }, "permissions.egress.set",
			`__permission__egressSet {"egresses":[{"key":"g","description":"d","configured":[{"domain":"*.a","type":["IMAGES"]}]}]}`, groups, page.Groups},
		"set nothing": {func(ctx context.Context) (any, error) { return permissions.SetEgress(ctx) }, "permissions.egress.set", `__permission__egressSet {"egresses":[]}`, `{"results":[]}`, []permissions.EgressGroup{}},
		"set an empty group": {func(ctx context.Context) (any, error) {
			return permissions.SetEgress(ctx, permissions.EgressGroup{Key: "k"}, permissions.EgressGroup{Configured: []permissions.EgressDomain{{}}})
		}, "permissions.egress.set", `__permission__egressSet {"egresses":[{"key":"k","description":"","configured":[]},{"key":"","description":"","configured":[{"domain":"","type":[]}]}]}`, `{"results":[]}`, []permissions.EgressGroup{}},
		"delete a domain": {func(ctx context.Context) (any, error) {
			return nil, permissions.DeleteEgressDomain(ctx, "g", "*.a", permissions.EgressFrames)
		}, "permissions.egress.deleteDomain", `__permission__egressDeleteDomain {"key":"g","domain":"*.a","type":"FRAMES"}`, "", nil},
		"delete a group": {func(ctx context.Context) (any, error) { return nil, permissions.DeleteEgressGroup(ctx, "g") }, "permissions.egress.deleteGroup", `__permission__egressDeleteGroup {"key":"g"}`, "", nil},
		"remotes": {func(ctx context.Context) (any, error) {
			return permissions.GetRemotes(ctx, permissions.Query{Keys: []string{"r"}})
		}, "permissions.remote.get", `__permission__remoteGet {"keys":["r"]}`,
			`{"results":[{"key":"r","configured":{"endpoint":"https://r"}},{"key":"s","configured":{"endpoint":null}}]}`, permissions.RemotePage{Remotes: []permissions.Remote{{"r", "https://r"}, {"s", ""}}}},
		"set remotes": {func(ctx context.Context) (any, error) {
			return nil, permissions.SetRemotes(ctx, permissions.Remote{Key: "r", Endpoint: "https://r"}, permissions.Remote{Key: "s"})
		}, "permissions.remote.set", `__permission__remoteSet {"remotes":[{"key":"r","configured":{"endpoint":"https://r"}},{"key":"s","configured":{"endpoint":null}}]}`, "", nil},
		"set no remotes": {func(ctx context.Context) (any, error) { return nil, permissions.SetRemotes(ctx) }, "permissions.remote.set", `__permission__remoteSet {"remotes":[]}`, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			host := &stubhost.Host{Answers: map[string]string{}}
			command, _, _ := strings.Cut(tt.sent, " ")
			if tt.answers != "" {
				host.Answers[command] = tt.answers
			}
			got, err := tt.call(host.Context(t))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v, want %+v", got, err, tt.want)
			}
			if calls := host.Calls(); !reflect.DeepEqual(calls, []string{tt.sent}) {
				t.Errorf("the host got\n%q, want\n%q", calls, tt.sent)
			}
			refusing := &stubhost.Host{Errors: map[string]error{command: &bridge.HostError{Message: "not an admin"}}}
			_, err = tt.call(refusing.Context(t))
			if failed, ok := errors.AsType[*bridge.Error](err); !ok || failed.Op != tt.op || !errors.Is(err, bridge.ErrRejected) {
				t.Errorf("a refusal returns %v", err)
			}
			if tt.answers == "" {
				return
			}
			odd := &stubhost.Host{Answers: map[string]string{command: `{"results":{}}`}}
			if _, err := tt.call(odd.Context(t)); !errors.Is(err, bridge.ErrInvalidResponse) {
				t.Errorf("an answer of another form returns %v", err)
			}
		})
	}
}
