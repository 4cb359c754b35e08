package mcpserver

import (
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
)

func TestNumbers(t *testing.T) {
	choices := devhost.Choices{
		Accounts: []devhost.Account{{Name: "Agent"}, {Name: "Administrator"}, {Name: "1"}},
		Sites:    []devhost.Site{{Name: "Site"}},
	}
	for _, c := range []struct {
		name          string
		in            accountInput
		account, site int
		failure       string
	}{
		{"nothing", accountInput{}, 0, 0, ""},
		{"numbers", accountInput{2.0, 1.0}, 2, 1, ""},
		{"names", accountInput{"Administrator", "Site"}, 2, 1, ""},
		{"a number in quotes", accountInput{"2", nil}, 2, 0, ""},
		{"a number in quotes that is a name", accountInput{"1", nil}, 3, 0, ""},
		{"an unknown name", accountInput{"agent", nil}, 0, 0, "no account agent; there are 1 (Agent), 2 (Administrator), 3 (1)"},
		{"a number after the last", accountInput{nil, 2.0}, 0, 0, "no site 2; there are 1 (Site)"},
		{"zero", accountInput{0.0, nil}, 0, 0, "no account 0"},
		{"a negative number", accountInput{"-1", nil}, 0, 0, "no account -1"},
		{"a huge number", accountInput{1e300, nil}, 0, 0, "no account 1e+300"},
		{"a fraction", accountInput{1.5, nil}, 0, 0, "no account 1.5"},
		{"an object", accountInput{nil, map[string]any{}}, 0, 0, "site must be a number or a name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			account, site, err := c.in.numbers(choices)
			if err != nil && (c.failure == "" || !strings.Contains(err.Error(), c.failure)) || err == nil && c.failure != "" {
				t.Fatalf("got the error %v, want %q", err, c.failure)
			}
			if err == nil && (account != c.account || site != c.site) {
				t.Errorf("got %d and %d, want %d and %d", account, site, c.account, c.site)
			}
		})
	}
}
