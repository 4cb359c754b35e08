package e2e

import (
	"slices"
	"strings"
	"testing"
)

// TestAppIsIsolatedFromTheProductPage checks that the app has its own origin, is in a sandbox, and cannot reach the product
// page.
func TestAppIsIsolatedFromTheProductPage(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	product, own := a.Page.String(`location.origin`), a.String(`location.origin`)
	if product != w.host.origin() || own == product || !strings.HasPrefix(own, "http://127.0.0.1:") {
		t.Errorf("the product page is on %s, and the app on %s", product, own)
	}
	want := strings.Fields("allow-popups allow-popups-to-escape-sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-same-origin allow-scripts")
	got := strings.Fields(a.Page.String(`document.querySelector("iframe").getAttribute("sandbox")`))
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the sandbox is %q, want %q", got, want)
	}
	for _, reach := range []string{`parent.document.title`, `parent.localStorage.length`, `parent.__bridge`} {
		if got := a.String(`(() => { try { return "reached: " + ` + reach + ` } catch (e) { return e.name } })()`); got != "SecurityError" {
			t.Errorf("%s from the app returns %s", reach, got)
		}
	}
	if got := a.Page.String(`(() => { try { return document.querySelector("iframe").contentWindow.document.title } catch (e) { return e.name } })()`); got != "SecurityError" {
		t.Errorf("the product page can read the app: %s", got)
	}
	if got := a.String(`document.head.firstElementChild.getAttribute("src")`); !strings.HasSuffix(got, "bridge.js") {
		t.Errorf("the first in the app's head is %s, and not the bridge", got)
	}
}

// TestEachModuleIsShown checks that the product page shows each module of the manifest, and that the app knows its module.
func TestEachModuleIsShown(t *testing.T) {
	w := newWorld(t)
	a := w.host.open(t)
	a.Ready()
	for key, kind := range map[string]string{"tasks-panel": "jira:issuePanel", "tasks-page": "confluence:spacePage"} {
		a.Page.Goto(w.host.url + "?module=" + key)
		a.Ready()
		got := a.String(`__bridge.callBridge("getContext").then(({ moduleKey, extension }) => moduleKey + " " + extension.type)`)
		if got != key+" "+kind {
			t.Errorf("the app is in %s, want %s %s", got, key, kind)
		}
	}
	a.Page.Quiet()
}
