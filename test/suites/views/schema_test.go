package views

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/platform"
)

// viewNames are the parts of a module that can have a resource; the first is the module itself.
var viewNames = []string{"", "view", "edit", "create", "config", "contextConfig", "target"}

// noCustomUI are types with a resource that is not a page of Custom UI.
var noCustomUI = []string{
	"automation:i18n", // a folder of translations
	"global:ui",       // UI Kit only
}

// schemaViews returns the views of each module type that Forge's schema knows and that can show Custom UI.
func schemaViews() map[string][]string {
	all := map[string][]string{}
	for moduleType := range forge.Modules() {
		s := forge.Module(moduleType)
		if s == nil || slices.Contains(noCustomUI, moduleType) {
			continue
		}
		for _, name := range viewNames {
			path := []string{"resource"}
			if name != "" {
				path = []string{name, "resource"}
			}
			if s.Has(path...) {
				all[moduleType] = append(all[moduleType], name)
			}
		}
	}
	return all
}

// payload returns what a view submits, and what is saved of it as a member of the extension.
func payload(member string) (submitted, saved string) {
	switch member {
	case "fieldValue":
		return `"five"`, `"five"`
	case "config":
		return `{"config":{"a":1}}`, `{"a":1}`
	case "configuration":
		return `{"configuration":{"a":1}}`, `{"a":1}`
	case "data":
		return `{"a":1}`, `{"inputs":{"a":1}}`
	}
	return `{"a":1}`, `{"a":1}`
}

// TestEveryViewOfTheSchema opens each view of each module type, and saves a value with each view that saves one.
func TestEveryViewOfTheSchema(t *testing.T) {
	all := schemaViews()
	var modules strings.Builder
	views := 0
	for _, moduleType := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&modules, "  %s:\n    - key: %s\n      title: %s\n", moduleType, keyOf(moduleType), moduleType)
		for _, name := range all[moduleType] {
			views++
			if name == "" {
				modules.WriteString("      resource: show\n")
			} else {
				fmt.Fprintf(&modules, "      %s: {resource: setup}\n", name)
			}
		}
	}
	host := serve(t, modules.String(), "")
	u := open(t, host, "")
	hrefs := map[string]string{}
	u.page.Eval(`Object.fromEntries([...document.querySelectorAll(".side a")].map((a) => [a.closest("ul.views") ? a.search : "module " + a.search, a.href]))`, &hrefs)

	shown, opened, saving, saved := 0, 0, 0, 0
	for _, moduleType := range slices.Sorted(maps.Keys(all)) {
		key := keyOf(moduleType)
		if hrefs["module ?module="+key] != "" {
			shown++
		} else {
			t.Errorf("%s is not in the menu", moduleType)
		}
		for _, name := range all[moduleType] {
			query := "?module=" + key
			if name != mainOf(all[moduleType]) {
				query += "&view=" + name
			}
			address := hrefs[query]
			if address == "" {
				address = hrefs["module "+query]
			}
			if address == "" {
				t.Errorf("%s: the menu has no link to %q", moduleType, name)
				continue
			}
			u.page.Goto(address)
			frame := u.front()
			frame.Wait("the app", "globalThis.bridge")
			var got []any
			if err := json.Unmarshal([]byte(ask(frame, `bridge.view.getContext().then((c) => [c.moduleKey, c.extension.type, location.pathname])`)), &got); err != nil || len(got) != 3 || got[0] != key || got[1] != moduleType || got[2] != pathOf(name) {
				t.Errorf("%s %q shows %v", moduleType, name, got)
				continue
			}
			opened++
			member := platform.SavedMember(moduleType, name)
			if member == "" {
				continue
			}
			saving++
			if u.saves(host.URL()+query, moduleType, member) {
				saved++
			}
		}
	}
	row := fmt.Sprintf("%d module types with %d views: %d types and %d views are shown; %d of %d views that save a value pass it to the others", len(all), views, shown, opened, saved, saving)
	t.Log(row)
	if shown != len(all) || opened != views || saved != saving {
		t.Error("some are not: " + row)
	}
	docs, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "host-fidelity.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(docs), row) {
		t.Errorf("docs/host-fidelity.md does not have %q", row)
	}
}

// saves submits a value in the view that is open, and reports whether the module's views have it when they are opened next.
func (u *ui) saves(address, moduleType, member string) bool {
	u.t.Helper()
	submitted, want := payload(member)
	if strings.HasPrefix(moduleType, "jira:workflow") {
		want = `"{\"a\":1}"`
		u.want(u.front(), `jira.workflowRules.onConfigure(() => '{"a":1}')`, "undefined")
		u.page.Find("button", "Save the rule").Click()
	} else if moduleType == "dashboards:widget" {
		u.want(u.front(), `dashboards.widgetEdit.onProductSave(async () => ({a: 1}))`, "undefined")
		u.page.Find("button", "Save").Click()
	} else {
		u.front().Eval(`void bridge.view.submit(`+submitted+`)`, nil)
	}
	// The place of the view is empty or hidden now.
	u.page.Wait("the view to be closed", `!document.querySelector(".over") && (location.search.includes("view=") ? document.querySelector("#stage .scroll > iframe").hidden : true)`)
	for _, address := range []string{address, strings.Split(address, "&")[0]} {
		u.page.Goto(address)
		frame := u.front()
		frame.Wait("the app", "globalThis.bridge")
		if got := ask(frame, `bridge.view.getContext().then((c) => c.extension.`+member+`)`); got != want {
			u.t.Errorf("%s: after %s, extension.%s is %s, want %s", address, submitted, member, got, want)
			return false
		}
	}
	return true
}

func keyOf(moduleType string) string { return strings.ReplaceAll(moduleType, ":", "-") }

func pathOf(view string) string {
	if view == "" {
		return "/show/"
	}
	return "/setup/"
}

// mainOf returns the view that a module's own address shows.
func mainOf(views []string) string { return views[0] }
