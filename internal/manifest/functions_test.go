package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const withFunctions = `app:
  id: ari:cloud:ecosystem::app/11111111-2222-4333-8444-555555555555
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
      resolver: {function: resolver}
  macro:
    - key: chart
      title: Chart
      resource: main
      resolver: {function: resolver}
      config:
        resource: main
        resolver: {function: settings}
  webtrigger:
    - key: hook
      function: hook-fn
    - key: to-remote
      endpoint: e
  scheduledTrigger:
    - {key: nightly, function: nightly-fn, interval: day}
  trigger:
    - key: changes
      function: changes-fn
      events:
        - avi:jira:created:issue
        - {eventType: avi:jira:updated:issue, filter: {ignoreSelf: true}}
  consumer:
    - {key: later, queue: q, function: later-fn}
  function:
    - {key: resolver, handler: index.handler}
    - {key: settings, handler: views/settings.default}
    - {key: hook-fn, handler: hooks.run}
    - {key: nightly-fn, handler: missing.run}
    - {key: changes-fn, handler: no handler}
    - {key: later-fn, handler: index.later}
resources:
  - key: main
    path: static
`

func TestFunctions(t *testing.T) {
	m, err := Load(app(t, "manifest.yml", withFunctions, "static/index.html", "<p>x",
		"src/index.js", "", "src/index.ts", "", "src/views/settings.jsx", "", "src/hooks.cjs", ""))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range m.Functions {
		got = append(got, f.Key+" "+f.File+" "+f.Export)
	}
	if text, want := strings.Join(got, "\n"), "resolver src/index.ts handler\nsettings src/views/settings.jsx default\nhook-fn src/hooks.cjs run\nnightly-fn  \nchanges-fn  \nlater-fn src/index.ts later"; text != want {
		t.Errorf("the functions are\n%s\nwant\n%s", text, want)
	}
	if text, want := fmt.Sprint(m.Triggers), "[{webtrigger hook hook-fn []} {scheduledTrigger nightly nightly-fn []} {trigger changes changes-fn [avi:jira:created:issue avi:jira:updated:issue]}]"; text != want {
		t.Errorf("the triggers are %s, want %s", text, want)
	}
	got = nil
	for _, f := range m.Handlers() {
		got = append(got, f.Key)
	}
	if text := strings.Join(got, " "); text != "resolver settings hook-fn" {
		t.Errorf("the handlers are %s", text)
	}
	chart, _ := m.Module("chart")
	if config, _ := chart.View("config"); chart.Main().Function != "resolver" || config.Function != "settings" {
		t.Errorf("the views of the macro have the functions %q and %q", chart.Main().Function, config.Function)
	}
}

func TestWhatAnswersFunctions(t *testing.T) {
	files := []string{"manifest.yml", withFunctions, "static/index.html", "<p>x", "a.json", "1"}
	for _, c := range []struct {
		name, dev string
		handler   bool
		// a and b are what answers these functions: "run", "file" or "nothing".
		a, b string
		runs bool
	}{
		{"nothing, without a handler", "", false, "nothing", "nothing", false},
		{"nothing, with a handler", "", true, "run", "run", true},
		{"run", "functions: run\n", false, "run", "run", true},
		{"another function", "functions:\n  a: {file: a.json}\n", true, "file", "nothing", false},
		{"run for the others", "functions:\n  a: {file: a.json}\n  \"*\": run\n", true, "file", "run", true},
		{"run for one", "functions:\n  a: run\n", true, "run", "nothing", true},
		{"other keys", "storage: storage.json\n", true, "run", "run", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := append(slices.Clone(files), "forgego.yml", c.dev)
			if c.handler {
				all = append(all, "src/index.js", "")
			}
			dir := app(t, all...)
			m, err := Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			d, err := LoadDev(dir)
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range map[string]string{"a": c.a, "b": c.b} {
				f, ok := d.Answer(m, key)
				got := map[bool]string{true: "file", false: "nothing"}[ok]
				if f.Run {
					got = "run"
				}
				if got != want {
					t.Errorf("%s: got %s, want %s", key, got, want)
				}
			}
			if d.RunsFunctions(m) != c.runs {
				t.Errorf("it runs functions: %v", !c.runs)
			}
		})
	}
	for dev, want := range map[string]string{
		"functions: go\n":               `forgego.yml:1:1: functions cannot be answered by "go"`,
		"functions: 5\n":                `functions cannot be answered by "5"`,
		"functions:\n  a: 5\n":          `forgego.yml:2:3: functions cannot be answered by "5"`,
		"functions: [run]\n":            "functions must be a mapping",
		"storage: ../storage.json\n":    "storage does not name a .json file inside the app's folder",
		"storage: manifest.yml\n":       "storage does not name a .json file",
		"storage: {file: store.json}\n": "storage does not name a .json file",
	} {
		if _, err := LoadDev(app(t, append(slices.Clone(files), "forgego.yml", dev)...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", dev, err, want)
		}
	}
}
