package grants

import "testing"

func TestAllowsBackend(t *testing.T) {
	g := New(nil, map[string]any{"permissions": map[string]any{"external": map[string]any{"fetch": map[string]any{
		"backend": []any{"api.example.com", map[string]any{"address": "https://*.files.example.com/path"}, map[string]any{"remote": "tasks"}, "wss://live.example.com"},
		"client":  []any{"client.example.com"},
	}}}})
	baseURL := func(key string) string {
		return map[string]string{"tasks": "https://tasks.example.net/api"}[key]
	}
	for address, want := range map[string]bool{
		"https://api.example.com/a?b":       true,
		"https://API.example.com":           true,
		"http://api.example.com/":           false,
		"https://api.example.com:8443/":     false,
		"https://api.example.com.evil.test": false,
		"https://x.api.example.com/":        false,
		"https://a.files.example.com/other": true,
		"https://a.b.files.example.com/":    true,
		"https://files.example.com/":        false,
		"https://evilfiles.example.com/":    false,
		"https://tasks.example.net/x":       true,
		"https://client.example.com/":       false,
		"https://api.example.com@evil.test": false,
		"file:///etc/passwd":                false,
		"":                                  false,
	} {
		if got := g.AllowsBackend(address, baseURL); got != want {
			t.Errorf("%s: got %v", address, got)
		}
	}
	off := Input{External: &External{List: "fetch.backend", Address: "api.example.com", Granted: false}}
	if _, err := g.Answer(true, off); err != nil {
		t.Fatal(err)
	}
	if g.AllowsBackend("https://api.example.com/", baseURL) {
		t.Error("an address that was revoked is allowed")
	}
	everything := New(nil, map[string]any{"permissions": map[string]any{"external": map[string]any{"fetch": map[string]any{"backend": []any{"*"}}}}})
	if !everything.AllowsBackend("http://anything.example.org:1/", baseURL) {
		t.Error("* does not allow everything")
	}
}
