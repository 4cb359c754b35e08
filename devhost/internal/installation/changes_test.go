package installation

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/internal/manifest"
)

var fieldModule = manifest.Module{Type: "jira:customField", Key: "rating", Views: []manifest.View{{Name: "view"}, {Name: "edit"}}}

func fieldApp() *App {
	return New(&manifest.Manifest{AppID: app.manifest.AppID, Modules: []manifest.Module{fieldModule}}, "http://127.0.0.1:4000", &Changes{})
}

func on(t *testing.T, a *App, dev manifest.DevContext, site string) *Session {
	t.Helper()
	s, err := a.Session(dev, "", site)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func member(t *testing.T, s *Session, view, name string) string {
	t.Helper()
	text, err := json.Marshal(s.Context(fieldModule, view).Extension[name])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A saved value is the module's on one site, for all users.
func TestSave(t *testing.T) {
	a := fieldApp()
	dev := manifest.DevContext{Extension: map[string]any{"fieldValue": "from forgego.yml"}}
	s := on(t, a, dev, "1")
	if got := member(t, s, "view", "fieldValue"); got != `"from forgego.yml"` {
		t.Errorf("at first the value is %s", got)
	}
	if saved, err := s.Save(fieldModule, "edit", 4.0); !saved || err != nil {
		t.Fatalf("got %v, %v", saved, err)
	}
	if saved, err := s.Save(fieldModule, "view", 5.0); saved || err != nil {
		t.Errorf("the view saved: %v, %v", saved, err)
	}
	if got := member(t, on(t, a, dev, "1"), "view", "fieldValue"); got != "4" || !s.HasChanged("rating") {
		t.Errorf("the value is %s", got)
	}
	if got := member(t, on(t, a, dev, "2"), "edit", "fieldValue"); got != `"from forgego.yml"` {
		t.Errorf("on the other site the value is %s", got)
	}
}

// What the developer does not change follows forgego.yml.
func TestSetExtension(t *testing.T) {
	a := fieldApp()
	s := on(t, a, manifest.DevContext{}, "1")
	edited := maps.Clone(plain(s.Context(fieldModule, "view").Extension).(map[string]any))
	edited["fieldValue"] = "mine"
	delete(edited, "project")
	s.SetExtension(fieldModule, "view", edited, "place")
	later := on(t, a, manifest.DevContext{Extension: map[string]any{"experience": "portal-view", "project": map[string]any{"key": "X"}}}, "1")
	c := later.Context(fieldModule, "edit")
	keys := strings.Join(slices.Sorted(maps.Keys(c.Extension)), " ")
	if keys != "entryPoint experience fieldId fieldType fieldValue issue location renderContext type" {
		t.Errorf("the members are %s", keys)
	}
	if c.Extension["experience"] != "portal-view" || c.Extension["fieldValue"] != "mine" || c.Extension["entryPoint"] != "edit" || c.LocalID != "place" {
		t.Errorf("got %+v, %q", c.Extension, c.LocalID)
	}
	if _, err := s.Save(fieldModule, "edit", 4.0); err != nil {
		t.Fatal(err)
	}
	if c := later.Context(fieldModule, "edit"); c.Extension["fieldValue"] != 4.0 || c.LocalID != "place" {
		t.Errorf("a saved value changes more than itself: %+v", c)
	}
	s.SetExtension(fieldModule, "view", nil, "")
	if c := s.Context(fieldModule, "view"); s.HasChanged("rating") || c.Extension["fieldValue"] != nil || c.Extension["project"] == nil || c.LocalID == "place" {
		t.Errorf("after all was undone: %+v", c)
	}
}

func TestChangesAtOnce(t *testing.T) {
	s := on(t, fieldApp(), manifest.DevContext{}, "1")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if i%2 == 0 {
				_, _ = s.Save(fieldModule, "edit", i)
			} else {
				s.SetExtension(fieldModule, "view", map[string]any{"n": i}, "")
			}
			_, _ = json.Marshal(s.Context(fieldModule, "view"))
		})
	}
	all.Wait()
}
