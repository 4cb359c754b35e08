package devhost

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

func TestProductPage(t *testing.T) {
	m := testapp.Manifest(t)
	m.Modules = append(m.Modules, manifest.Module{Type: "jira:globalPage", Key: "settings", Title: `Sets & "quotes" <b>`, Views: []manifest.View{{Resource: "main", Entry: "settings.html"}}})
	h := startHost(t, m, settings{})
	for _, c := range []struct {
		name, query string
		status      int
		has         []string
	}{
		{"first module", "", 200, []string{`data-module="panel"`, `title="Tasks"`, `src="` + h.AppURL() + `main/"`, `sandbox="` + policy.Sandbox + `"`}},
		{"chosen module", "?module=macro", 200, []string{`data-module="macro"`, `<a href="/?module=macro" aria-current="page">`, "<h2>Confluence</h2>"}},
		{"entry", "?module=settings", 200, []string{h.AppURL() + "main/settings.html", "Sets &amp; &#34;quotes&#34; &lt;b&gt;"}},
		{"unknown module", "?module=<script>", 404, []string{"There is no such module", "&lt;script&gt;", `href="/?module=panel"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, text := testapp.Ask(t, "GET", h.URL()+c.query, "")
			if resp.StatusCode != c.status {
				t.Errorf("got %s", resp.Status)
			}
			for _, part := range c.has {
				if !strings.Contains(text, part) {
					t.Errorf("the page does not contain %s", part)
				}
			}
			if strings.Contains(text, "<script>") || strings.Contains(text, "ZgotmplZ") {
				t.Error("the page contains text that is not escaped")
			}
		})
	}
}

// The page knows which resources have a Go program, to say that one of their pages does not load it.
func TestProductPageNamesPrograms(t *testing.T) {
	m := testapp.Manifest(t)
	h := startHost(t, m, settings{})
	if _, text := testapp.Ask(t, "GET", h.URL(), ""); strings.Contains(text, "data-programs") {
		t.Error("without forgego.yml, the page names programs")
	}
	testapp.Write(t, m.Dir, "manifest.yml", "resources: [{key: main, path: static/main}, {key: other, path: static/main}]\n")
	testapp.Write(t, m.Dir, "frontend/main.go", "package main\n")
	testapp.Write(t, m.Dir, "forgego.yml", "frontends:\n  other: {package: ./frontend}\n  main: {package: ./frontend}\n")
	if _, text := testapp.Ask(t, "GET", h.URL(), ""); !strings.Contains(text, `data-programs="main other"`) {
		t.Errorf("the page does not name the programs:\n%s", text)
	}
}

func TestProductPageWithoutModules(t *testing.T) {
	m := testapp.Manifest(t)
	m.Modules = nil
	h := startHost(t, m, settings{})
	resp, text := testapp.Ask(t, "GET", h.URL(), "")
	if resp.StatusCode != 404 || !strings.Contains(text, "nothing to show yet") || strings.Contains(text, "<iframe") {
		t.Errorf("got %s: %s", resp.Status, text)
	}
}

func TestProductPolicy(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	resp, text := testapp.Ask(t, "GET", h.URL(), "")
	want := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: " + h.app.Origin +
		"; frame-src " + h.app.Origin + " blob:" +
		"; connect-src 'self' ws://" + h.product.Hosts[0] + " https://tasks.example.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if got := resp.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, forbidden := range []string{"<style", " style=", " onclick=", "javascript:"} {
		if strings.Contains(text, forbidden) {
			t.Errorf("the page contains %s, which its policy blocks", forbidden)
		}
	}
}

// The page loads one script and one style sheet, in which each file of its folder is.
func TestProductAssets(t *testing.T) {
	h := startHost(t, testapp.Manifest(t), settings{})
	_, page := testapp.Ask(t, "GET", h.URL(), "")
	loaded := map[string]string{}
	for _, found := range regexp.MustCompile(`(?:href|src)="/([./a-z]+\.(?:js|css))"`).FindAllStringSubmatch(page, -1) {
		name := found[1]
		resp, text := testapp.Ask(t, "GET", h.product.Origin+"/"+name, "")
		if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != contenttype.Of(name) {
			t.Errorf("%s: got %s with the content type %s", name, resp.Status, resp.Header.Get("Content-Type"))
		}
		loaded[path.Ext(name)] += text
	}
	if len(loaded) != 2 {
		t.Errorf("the page loads %d kinds of files, not a script and a style sheet", len(loaded))
	}
	if regexp.MustCompile(`(?m)^import [^(]`).MatchString(loaded[".js"]) {
		t.Error("the page's script imports other files")
	}
	for _, found := range regexp.MustCompile(`"/([./a-z]+\.(?:js|css))"`).FindAllStringSubmatch(loaded[".js"], -1) {
		if _, served := productAssets[found[1]]; !served {
			t.Errorf("the page's script asks for %s, which the host does not serve", found[1])
		}
	}
	files, err := fs.ReadDir(assets, "page/product")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var part string
		switch path.Ext(file.Name()) {
		case ".js":
			part = "// files:product/" + file.Name() + "\n" // esbuild's comment
		case ".css":
			part = string(asset("product/" + file.Name()))
		default:
			continue
		}
		if !strings.Contains(loaded[path.Ext(file.Name())], part) {
			t.Errorf("%s is not in what the page loads", file.Name())
		}
	}
}

// The app's page gets one classic script that defines no global names.
func TestBridgeScript(t *testing.T) {
	text := string(bridgeScript())
	if regexp.MustCompile(`(?m)^(import|export)\b`).MatchString(text) {
		t.Error("the script contains import or export, so it is a module")
	}
	for _, part := range []string{"Peer = class", "shakeHands =", "__bridge"} {
		if !strings.Contains(text, part) {
			t.Errorf("the script does not contain %s", part)
		}
	}
	if !strings.HasPrefix(text, "\"use strict\";\n(() => {\n") || !strings.HasSuffix(text, "})();\n") || strings.Count(text, "\n})();\n") != 1 {
		t.Error("the script is not one function in strict mode")
	}
}
