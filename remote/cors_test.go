package remote

import (
	"strconv"
	"strings"
	"testing"
)

func TestCORSAllows(t *testing.T) {
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

// An origin that no browser sends would never match, without any message. So New returns an error.
func TestNewChecksOrigins(t *testing.T) {
	for _, origin := range []string{
		"https://tasks.example.com", "https://tasks.example.com:8443", "https://xn--bcher-kva.example", "https://a_b.example.com", "https://a.example.com.",
		"https://192.0.2.1", "https://1.2.3.4.example", "https://0x.example", "https://[2001:db8::1]", "https://[::ffff:c000:201]:8443",
		"http://localhost:3000", "http://127.0.0.1", "http://127.9.9.9:8080", "http://[::1]:3000", "https://a.example.com:65535",
	} {
		if _, err := New(testApp, WithAllowedOrigins(origin)); err != nil {
			t.Errorf("New with the origin %q: %v", origin, err)
		}
	}
	for _, origin := range []string{
		"", "*", "null", "tasks.example.com", "https://", "https://*.example.com", "https://tasks.example.com/", "https://Tasks.example.com",
		"https://a:b@tasks.example.com", "https://tasks.example.com?x", "https://tasks.example.com#x", "http://tasks.example.com", "ftp://tasks.example.com",
		"https://tasks.example.com:443", "http://localhost:80", "https://tasks.example.com, https://b.example.com",

		// These were accepted in the past.
		"https://bücher.example", "https://foo.com:", "https://foo.com:0443", "https://256.0.0.1",
		// Other host names that browsers change or refuse.
		"https://b%C3%BCcher.example", "https://foo%2Ecom", "https://foo.com。", "https://foo\u00ad.com", "https://a b.example", "https://a!b.example", "https://a+b.example",
		"https://a..example", "https://.example", "https://a.example..", "https://" + strings.Repeat("a", 64) + ".example", "https://" + strings.Repeat("a.", 127) + "a",
		"https:tasks.example.com", "https:/tasks.example.com", "https:///tasks.example.com", "HTTPS://tasks.example.com", "https:\\\\tasks.example.com", " https://tasks.example.com",
		"https://tasks.example.com\n", "\uFEFFhttps://tasks.example.com", "https://tasks.example.com/?", "https://tasks.example.com#", "//tasks.example.com", "https://@tasks.example.com",
		// Ports.
		"https://foo.com:00", "https://foo.com:0", "https://foo.com:65536", "https://foo.com:8443 ", "https://foo.com:+8443", "https://foo.com:8_443", "https://foo.com:٣", "http://localhost:", "https://[::1]:", "https://[::1]:0443",
		// IP addresses.
		"https://1.2.3", "https://1", "https://0x7f.0.0.1", "https://0x7f000001", "https://a.0x1", "https://a.0x", "https://a.1", "https://1.2.3.4.5", "https://01.2.3.4", "https://1.2.3.4.", "https://1.2.3.256",
		"http://127.1", "http://2130706433", "http://127.0.0.01",
		"https://[2001:DB8::1]", "https://[2001:db8:0:0:0:0:0:1]", "https://[2001:db8::0:1]", "https://[::ffff:192.0.2.1]", "https://[fe80::1%25eth0]", "https://[::1", "https://::1", "https://[1.2.3.4]", "https://[::1]x", "https://[]",
	} {
		if _, err := New(testApp, WithAllowedOrigins(origin)); err == nil {
			t.Errorf("%q was accepted", origin)
		} else if !strings.HasPrefix(err.Error(), "remote: new: origin "+strconv.Quote(origin)) {
			t.Errorf("%q: the error does not name the origin: %v", origin, err)
		}
	}
}

// The same rule holds for every other configured address.
func TestNewChecksAddresses(t *testing.T) {
	for _, host := range []string{"bücher.example.com", "foo.example.com:", "foo.example.com:0443", "256.0.0.1", "a..example.com", "Foo.example.com"} {
		if _, err := New(testApp, WithJWKSURL("https://"+host+"/jwks.json")); err == nil {
			t.Errorf("key set: %q was accepted", host)
		}
		if _, err := New(testApp, WithIsolatedClouds("https://"+host+"/{IC_LABEL}/jwks.json")); err == nil {
			t.Errorf("template: %q was accepted", host)
		}
		if _, err := NewExchange(newVerifier(t), map[string]string{"tasks-api": "https://" + host}); err == nil {
			t.Errorf("base URL: %q was accepted", host)
		}
	}
}

// These names look valid but never match: for example a header that only browsers may set, or an environment followed
// by a space.
func TestNewRefusesNamesThatNeverMatch(t *testing.T) {
	for _, name := range []string{"Cookie", "host", "ORIGIN", "Sec-Fetch-Mode", "proxy-authorization", "Content-Length", "*", "", "x y", "x\r\ny", "ä", "x:"} {
		if _, err := New(testApp, WithAllowedHeaders(name)); err == nil {
			t.Errorf("allowed header %q was accepted", name)
		}
	}
	for _, name := range []string{"Set-Cookie", "set-cookie2", "*", "", "x y"} {
		if _, err := New(testApp, WithExposedHeaders(name)); err == nil {
			t.Errorf("exposed header %q was accepted", name)
		}
	}
	for _, name := range []string{"PRODUCTION ", " PRODUCTION", "Production", "", environmentARI, environmentARI + "a b", environmentARI + "a\n", "ari:cloud:ecosystem::environment"} {
		if _, err := New(testApp, WithEnvironments(name)); err == nil {
			t.Errorf("environment %q was accepted", name)
		}
	}
	if _, err := New(testApp, nil); err == nil {
		t.Error("a nil option was accepted")
	}
	if _, err := NewExchange(newVerifier(t), map[string]string{"tasks-api": testBase}, nil); err == nil {
		t.Error("a nil option of the exchange was accepted")
	}
}

// An Origin header comes from a stranger too. A long one is refused without a search.
func TestCORSOriginLength(t *testing.T) {
	c, err := newCORS([]string{"https://" + strings.Repeat("a.", 125) + "a:65535"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for origin := range c.origins {
		if !c.allows(origin) {
			t.Errorf("the longest origin of %d bytes is not allowed", len(origin))
		}
	}
	for _, origin := range []string{"https://" + strings.Repeat("a", 1<<20), strings.Repeat("https://a.atlassian.net ", 1<<16)} {
		if c.allows(origin) {
			t.Errorf("an origin of %d bytes is allowed", len(origin))
		}
	}
}
