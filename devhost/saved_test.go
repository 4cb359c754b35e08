//go:build !js

package devhost

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

func fieldManifest(t *testing.T) *manifest.Manifest {
	m := testapp.Manifest(t)
	m.Modules = append(m.Modules, manifest.Module{Type: "jira:customField", Key: "rating", Title: "Rating", Views: []manifest.View{
		{Name: "view", Resource: "main", Entry: "index.html"}, {Name: "edit", Resource: "main", Entry: "edit.html"}}})
	return m
}

func TestSavedValueReachesTheContext(t *testing.T) {
	h := startHost(t, fieldManifest(t), settings{})
	for _, c := range []struct{ request, input, want string }{
		{"saved", `{"moduleKey":"rating","view":"edit","payload":4}`, `{"saved":true}`},
		{"saved", `{"moduleKey":"rating","view":"view","payload":5}`, `{"saved":false}`},
		{"saved", `{"moduleKey":"other","view":"edit","payload":5}`, `unknown module`},
		{"context", `{"moduleKey":"rating","view":"edit"}`, `"entryPoint":"edit","experience":"issue-view","fieldId":"customfield_10020"`},
		{"context", `{"moduleKey":"rating","view":"view"}`, `"fieldValue":4`},
		{"extension/read", `{"moduleKey":"rating","view":"view"}`, `"changed":true`},
		{"extension", `{"moduleKey":"rating","view":"view","extension":{"x":1}}`, `{}`},
		{"context", `{"moduleKey":"rating","view":"view"}`, `"extension":{"type":"jira:customField","x":1}`},
		{"extension", `{"moduleKey":"rating","view":"view"}`, `{}`},
		{"extension/read", `{"moduleKey":"rating","view":"view"}`, `"changed":false`},
	} {
		if text := post(t, h, c.request, c.input); !strings.Contains(text, c.want) {
			t.Errorf("%s with %s: got %s, want %s", c.request, c.input, text, c.want)
		}
	}
}

func TestProductPageOfViews(t *testing.T) {
	h := startHost(t, fieldManifest(t), settings{})
	for query, want := range map[string][]string{
		"?module=rating":           {`data-view="view"`, `src="` + h.AppURL() + `main/"`, `<a class="button" href="/?module=rating&amp;view=edit" title="edit">Edit</a>`, `<div class="stage field"`},
		"?module=rating&view=edit": {`data-view="view"`, `&#34;view&#34;:&#34;edit&#34;`, `main/edit.html`, `<a href="/?module=rating&amp;view=edit" title="edit" aria-current="page">`},
		"?module=rating&view=<b>":  {"There is no such view", "&lt;b&gt;"},
		"?module=panel":            {`<div class="stage page"`, `data-view=""`},
	} {
		_, text := testapp.Ask(t, "GET", h.URL()+query, "")
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: the page does not contain %s", query, part)
			}
		}
		if strings.Contains(text, "<b>") || strings.Contains(text, "ZgotmplZ") {
			t.Errorf("%s: the page contains text that is not escaped", query)
		}
	}
}

// TestTokensCarryTheContextOfTheirView checks the tokens of both ways to a remote.
func TestTokensCarryTheContextOfTheirView(t *testing.T) {
	var sent string
	remote := newRemote(t, func(_ http.ResponseWriter, r *http.Request) { sent = r.Header.Get("Authorization") })
	m := fieldManifest(t)
	m.Modules[2].Endpoint = "tasks"
	h := startHost(t, m, settings{remoteURLs: map[string]string{"tasks-api": remote}})
	for view, want := range map[string]any{"edit": "edit", "view": "view"} {
		var issued tokenOutput
		text := post(t, h, "token", `{"moduleKey":"rating","view":"`+view+`","remoteKey":"tasks-api"}`)
		if err := json.Unmarshal([]byte(text), &issued); err != nil {
			t.Fatal(err, text)
		}
		post(t, h, "invoke", `{"moduleKey":"rating","view":"`+view+`","invokeType":"ui-remote-fetch","input":{"path":"/","method":"GET"}}`)
		for way, jwt := range map[string]string{"requestRemote": issued.JWT, "invokeRemote": strings.TrimPrefix(sent, "Bearer ")} {
			_, claims := verify(t, h, jwt)
			extension, _ := claims["context"].(map[string]any)["extension"].(map[string]any)
			if extension["entryPoint"] != want {
				t.Errorf("%s from the view %q: the token has the extension %v", way, view, extension)
			}
		}
	}
}
