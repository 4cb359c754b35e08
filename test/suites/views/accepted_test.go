package views

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
)

// Apps of these kinds are accepted as Forge accepts them, or refused with a reason, and what is not shown has a note.
func TestAccepted(t *testing.T) {
	const panel = "  jira:issuePanel:\n    - {key: panel, title: Panel, icon: x, resource: show}\n"
	for name, tt := range map[string]struct {
		modules string
		// notes are parts of what the terminal says, and refusal one of the error. Without a refusal the app is accepted.
		notes   []string
		refusal string
		// views are the views in the menu, by their addresses.
		views []string
	}{
		"a custom field":                 {modules: field, views: []string{"?module=rating", "?module=rating&view=edit"}},
		"a field that Jira itself shows": {modules: panel + "  jira:customField:\n    - {key: plain, name: Plain, description: x, type: string}\n", views: []string{"?module=panel"}},
		"a custom field type": {
			modules: "  jira:customFieldType:\n    - {key: bounded, name: Bounded, description: x, type: number, contextConfig: {resource: setup}, edit: {resource: show}}\n",
			views:   []string{"?module=bounded", "?module=bounded&view=contextConfig"},
		},
		"a workflow validator":         {modules: rule, views: []string{"?module=estimate", "?module=estimate&view=create"}},
		"a macro with a configuration": {modules: macro, views: []string{"?module=chart", "?module=chart&view=config"}},
		"a macro with a configuration of UI Kit": {
			modules: strings.Replace(macro, "resource: setup", "resource: setup\n        render: native", 1),
			notes:   []string{`does not show the UI Kit part "config" of module "chart"`}, views: []string{"?module=chart"},
		},
		"a gadget that is edited": {
			modules: "  jira:dashboardGadget:\n    - {key: burn, title: Burn, description: x, thumbnail: x, resource: show, edit: {resource: setup}}\n",
			views:   []string{"?module=burn", "?module=burn&view=edit"},
		},
		"a page with pages": {
			modules: "  jira:globalPage:\n    - {key: hub, title: Hub, resource: show, pages: [{title: Alerts, route: alerts}]}\n",
			views:   []string{"?module=hub", "?module=hub#/alerts"},
		},
		"a command":                      {modules: "  jira:command:\n    - {key: go, title: Go, target: {resource: show}}\n", views: []string{"?module=go"}},
		"a command that opens a page":    {modules: panel + "  jira:command:\n    - {key: go, title: Go, target: {page: hub}}\n", views: []string{"?module=panel"}},
		"an action with a configuration": {modules: "  action:\n    - {key: act, name: Act, config: {resource: show}}\n", views: []string{"?module=act"}},
		"UI Kit 1 beside Custom UI": {
			modules: panel + "  jira:adminPage:\n    - {key: admin, title: Admin, function: fn}\n", notes: []string{`does not show module "admin"`}, views: []string{"?module=panel"},
		},
		"a type that Forge does not know": {
			modules: "  jira:issuePanell:\n    - {key: panel, title: Panel, resource: show}\n", notes: []string{"Forge has no module type jira:issuePanell; did you mean jira:issuePanel?"}, views: []string{"?module=panel"},
		},
		"UI Kit only":           {modules: "  macro:\n    - {key: m, title: M, render: native, resource: show}\n", refusal: "the app has no Custom UI module"},
		"a view of no resource": {modules: strings.Replace(field, "resource: setup", "resource: nothing", 1), refusal: `module "rating" names a resource "nothing" that does not exist`},
		"a panel of nothing":    {modules: "  jira:issuePanel:\n    - {key: panel, title: Panel}\n", refusal: `module "panel" has no resource`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(built)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "manifest.yml"), []byte(manifestOf(tt.modules)), 0o600); err != nil {
				t.Fatal(err)
			}
			text, notes, err := run(t, dir)
			if tt.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refusal) {
					t.Errorf("got %v, want %q", err, tt.refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, note := range tt.notes {
				if !strings.Contains(notes, note) {
					t.Errorf("the terminal does not say %q, but:\n%s", note, notes)
				}
			}
			if len(tt.notes) == 0 && strings.Contains(notes, "manifest.yml") {
				t.Errorf("the terminal says:\n%s", notes)
			}
			for _, address := range tt.views {
				if !strings.Contains(text, `href="/`+strings.ReplaceAll(address, "&", "&amp;")+`"`) {
					t.Errorf("the menu does not have %s:\n%s", address, text)
				}
			}
		})
	}
}

// run runs the app in dir as forgego dev does until it is ready, and returns the product's page and the notes.
func run(t *testing.T, dir string) (page, notes string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	said := make(chan devhost.Event, 100)
	loop, err := devloop.New(devloop.Options{Dir: dir, NoWatch: true, Report: func(e devhost.Event) { said <- e }})
	if err != nil {
		return "", "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(ctx) }()
	defer func() {
		cancel()
		<-ended
	}()
	for {
		select {
		case err := <-ended:
			ended <- err
			return "", notes, err
		case e := <-said:
			if e.Type == devloop.EventLog {
				notes += e.Text + "\n"
			}
			if e.Type != devloop.EventReady {
				continue
			}
			resp, err := http.Get(loop.Host().URL())
			if err != nil {
				return "", notes, err
			}
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			return string(text), notes, err
		}
	}
}
