package remote

import (
	"strings"
	"testing"
)

func TestAllows(t *testing.T) {
	c, err := newCORS([]string{"https://tasks.example.com", "http://127.0.0.1:8080", "https://x.example.com:8443"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		origin string
		want   bool
	}{
		{"https://acme.atlassian.net", true},
		{"https://acme-2.jira.com", true},
		{"https://tasks.example.com", true},
		{"http://127.0.0.1:8080", true},
		{"https://x.example.com:8443", true},

		{"", false},
		{"null", false},
		{"*", false},
		{"http://acme.atlassian.net", false},
		{"https://atlassian.net", false},
		{"https://.atlassian.net", false},
		{"https://evilatlassian.net", false},
		{"https://acme.atlassian.net.evil.com", false},
		{"https://evil.com/.atlassian.net", false},
		{"https://evil.com#.atlassian.net", false},
		{"https://evil.com?.atlassian.net", false},
		{"https://evil.com\\.atlassian.net", false},
		{"https://evil.com:80.atlassian.net", false},
		{"https://user@acme.atlassian.net", false},
		{"https://acme.atlassian.net:8443", false},
		{"https://acme.atlassian.net/", false},
		{"https://acme.atlassian.net.", false},
		{"https://a.b.atlassian.net", false},
		{"https://ACME.atlassian.net", false},
		{"HTTPS://acme.atlassian.net", false},
		{"https://acme.atlassian.net, https://acme.atlassian.net", false},
		{" https://acme.atlassian.net", false},
		{"https://ac\tme.atlassian.net", false},
		{"https://ämter.atlassian.net", false},
		{"https://" + strings.Repeat("a", 64) + ".atlassian.net", false},
		{"wss://acme.atlassian.net", false},
		{"https://sub.tasks.example.com", false},
		{"http://tasks.example.com", false},
		{"https://tasks.example.com:443", false},
		{"http://127.0.0.1:8081", false},
		{"http://127.0.0.1", false},
		{"http://localhost:8080", false},
	} {
		if got := c.allows(tt.origin); got != tt.want {
			t.Errorf("allows(%q) = %v; want %v", tt.origin, got, tt.want)
		}
	}
}

func TestCheckOrigin(t *testing.T) {
	for _, origin := range []string{"https://tasks.example.com", "https://tasks.example.com:8443", "http://localhost:3000", "http://[::1]:3000"} {
		if err := checkOrigin(origin); err != nil {
			t.Errorf("%q: %v", origin, err)
		}
	}
	for _, origin := range []string{
		"", "*", "null", "tasks.example.com", "https://", "https://*.example.com", "https://tasks.example.com/", "https://Tasks.example.com",
		"https://a:b@tasks.example.com", "https://tasks.example.com?x", "https://tasks.example.com#x", "http://tasks.example.com", "ftp://tasks.example.com",
		"https://tasks.example.com:443", "http://localhost:80", "https://tasks.example.com, https://b.example.com",
	} {
		if checkOrigin(origin) == nil {
			t.Errorf("%q was accepted", origin)
		}
		if _, err := New(testApp, WithAllowedOrigins(origin)); err == nil {
			t.Errorf("New accepted origin %q", origin)
		}
	}
}
