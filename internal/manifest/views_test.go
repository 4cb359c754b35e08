package manifest

import (
	"reflect"
	"strings"
	"testing"
)

const appText = "app:\n  id: ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555\n"

// loadModules loads an app with these modules, and with the resources main, in static, and setup.
func loadModules(t *testing.T, modules string) (*Manifest, error) {
	t.Helper()
	return Load(app(t, "setup/index.html", "<!doctype html>", "setup/more.html", "<!doctype html>", "manifest.yml", appText+"modules:\n"+modules+
		"resources:\n  - {key: main, path: static}\n  - {key: setup, path: setup, entry: {more: more.html}}\n"))
}

func TestViews(t *testing.T) {
	for name, tt := range map[string]struct {
		modules string
		want    Module
		main    string
	}{
		"a field": {
			"  jira:customField:\n    - {key: a, name: Rating, view: {resource: main}, edit: {resource: setup/more, isInline: true}}\n",
			Module{Type: "jira:customField", Key: "a", Title: "Rating", Views: []View{{Name: "view", Resource: "main", Entry: "index.html"}, {Name: "edit", Resource: "setup", Entry: "more.html", Inline: true}}},
			"view",
		},
		"a field type without a view": {
			"  jira:customFieldType:\n    - {key: a, name: {i18n: name}, contextConfig: {resource: setup}, edit: {resource: main}}\n",
			Module{Type: "jira:customFieldType", Key: "a", Title: "a", TitleKey: "name", Views: []View{{Name: "edit", Resource: "main", Entry: "index.html"}, {Name: "contextConfig", Resource: "setup", Entry: "index.html"}}},
			"edit",
		},
		"a macro with a classic configuration": {
			"  macro:\n    - {key: a, title: A, resource: main, config: true}\n",
			Module{Type: "macro", Key: "a", Title: "A", Views: []View{{Resource: "main", Entry: "index.html"}}},
			"",
		},
		"a gadget with a link": {
			"  jira:dashboardGadget:\n    - {key: a, title: {text: Burn, href: /x}, resource: main, edit: {resource: setup}}\n",
			Module{Type: "jira:dashboardGadget", Key: "a", Title: "Burn", Views: []View{{Resource: "main", Entry: "index.html"}, {Name: "edit", Resource: "setup", Entry: "index.html"}}},
			"",
		},
		"pages and sections": {
			"  jira:globalPage:\n    - {key: a, title: A, resource: main, pages: [{title: One, route: one}], sections: [{header: H, pages: [{title: {i18n: two}, route: two}]}]}\n",
			Module{Type: "jira:globalPage", Key: "a", Title: "A", Views: []View{{Resource: "main", Entry: "index.html"}}, Pages: []Page{{Title: "One", Route: "one"}, {Title: "two", TitleKey: "two", Route: "two"}}},
			"",
		},
		"pages of a portal": {
			"  jiraServiceManagement:portalFooter:\n    - {key: a, pages: [portal, profile], resource: main}\n",
			Module{Type: "jiraServiceManagement:portalFooter", Key: "a", Title: "a", Views: []View{{Resource: "main", Entry: "index.html"}}},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := loadModules(t, tt.modules)
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Modules) != 1 || !reflect.DeepEqual(m.Modules[0], tt.want) {
				t.Errorf("got  %+v\nwant %+v", m.Modules, tt.want)
			}
			if got := m.Modules[0].Main().Name; got != tt.main {
				t.Errorf("the main view is %q, want %q", got, tt.main)
			}
		})
	}
}

// The page of each view must exist.
func TestViewsNeedTheirPages(t *testing.T) {
	for edit, want := range map[string]string{
		"nothing":    `names a resource "nothing" that does not exist`,
		"main/other": `resource "main" has no entry "other"`,
	} {
		_, err := loadModules(t, "  jira:customField:\n    - {key: a, name: A, edit: {resource: "+edit+"}}\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", edit, err)
		}
	}
}

func TestModuleWithoutViewsHasNoMain(t *testing.T) {
	if v := (Module{}).Main(); v != (View{}) {
		t.Errorf("got %+v", v)
	}
}
