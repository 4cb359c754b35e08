package forge

import (
	"strings"
	"testing"
)

func TestTableHasEveryModule(t *testing.T) {
	if n := len(Modules()); n != 215 {
		t.Errorf("the table has %d module types, want the 215 of @forge/manifest 13.7.0", n)
	}
	known := 0
	for name := range Modules() {
		if s := Module(name); s != nil {
			known++
			if len(s.Members()) == 0 || !strings.Contains(strings.Join(s.Required(), " "), "key") {
				t.Errorf("%s requires no key", name)
			}
		}
	}
	// The others are 83 modules of Connect, and 4 that @forge/manifest knows by name only.
	if known != 128 {
		t.Errorf("the table has the form of %d module types, want 128", known)
	}
}

func TestScopes(t *testing.T) {
	if n := len(Scopes()); n < 600 {
		t.Errorf("the table has %d scopes", n)
	}
	for _, scope := range []string{"read:jira-work", "storage:app", "read:comment:confluence", "read:app-system-token"} {
		if !Scopes()[scope] {
			t.Errorf("the table does not have %s", scope)
		}
	}
}

func TestEvents(t *testing.T) {
	if n := len(Events()); n != 155 {
		t.Errorf("the table has %d events, want the 155 of @forge/manifest 13.7.0", n)
	}
	for name, scopes := range Events() {
		for _, scope := range append(scopes.Current, scopes.Beta...) {
			if !Scopes()[scope] {
				t.Errorf("%s needs the unknown scope %s", name, scope)
			}
		}
	}
}
