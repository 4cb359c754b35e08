package remote

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// environment returns a function like os.Getenv. FORGE_APP_ID is that of the tests, unless it is in set.
func environment(set map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := set[name]; ok || name != appIDVariable {
			return value
		}
		return testApp
	}
}

func TestFromEnvDefaults(t *testing.T) {
	var log bytes.Buffer
	v, err := fromEnv(environment(nil), []Option{WithLogger(slog.New(slog.NewTextHandler(&log, nil)))})
	if err != nil {
		t.Fatal(err)
	}
	if v.keys.url != DefaultJWKSURL || !v.cors.allows(site) || v.cors.allows("https://app.example.com") || v.BaseURL() != "" {
		t.Errorf("keys from %s, base URL %q, or wrong origins", v.keys.url, v.BaseURL())
	}
	if log.Len() > 0 {
		t.Errorf("log %q; want none for Atlassian's key set", &log)
	}
}

// FromEnv reads what forgego dev sets.
func TestFromEnv(t *testing.T) {
	const keys, page, appPage, base = "http://127.0.0.1:8765/.well-known/jwks.json", "http://127.0.0.1:8765", "http://127.0.0.1:8766", "http://127.0.0.1:40001"
	t.Setenv("FORGE_APP_ID", testApp)
	t.Setenv("FORGE_JWKS_URL", keys)
	t.Setenv("FORGE_ALLOWED_ORIGINS", page+", "+appPage+",")
	t.Setenv("FORGE_REMOTE_URL", base)
	var asked string
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return jsonResponse(http.StatusOK, jwks(jwk(testKID, testKey(), nil))), nil
	})}
	v, err := FromEnv(WithHTTPClient(client), WithLogger(slog.New(slog.DiscardHandler)), WithClock((&clock{now: testNow}).Now))
	if err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{page, appPage, site} {
		h := authorized(fit(nil))
		h.Set("Origin", origin)
		if resp := call(v, http.MethodGet, h); resp.StatusCode != http.StatusOK {
			t.Errorf("from %s: %s", origin, resp.Status)
		}
	}
	if asked != keys {
		t.Errorf("the key set was fetched from %q; want %q", asked, keys)
	}
	x, err := NewExchange(v, map[string]string{"tasks-api": v.BaseURL()})
	if err != nil {
		t.Fatal(err)
	}
	if got := exchanged(t, x, fit(nil)).BaseURL; got != base {
		t.Errorf("a token's base URL is %q; want %q", got, base)
	}
}

func TestFromEnvOptionsOverride(t *testing.T) {
	const own = "https://keys.example.com/jwks.json"
	var log bytes.Buffer
	v, err := fromEnv(environment(map[string]string{"FORGE_JWKS_URL": "http://127.0.0.1:1/jwks.json", "FORGE_ALLOWED_ORIGINS": "https://a.example.com"}), []Option{
		WithJWKSURL(own), WithAllowedOrigins("https://b.example.com"), WithApps(otherApp), WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
	})
	if err != nil {
		t.Fatal(err)
	}
	if v.keys.url != own || !v.cors.allows("https://a.example.com") || !v.cors.allows("https://b.example.com") || len(v.apps) != 2 {
		t.Errorf("keys from %s, apps %q, or wrong origins", v.keys.url, v.apps)
	}
	if log.Len() > 0 {
		t.Errorf("log %q; want none: the program chose the key set, not the variable", &log)
	}
}

func TestFromEnvErrors(t *testing.T) {
	for _, tt := range []struct {
		name, variable, value string
		want                  string // another part of the error
	}{
		{"no app", "FORGE_APP_ID", "", "is not set; set it to app.id of manifest.yml"},
		{"app that is not an ARI", "FORGE_APP_ID", "tasks", `"tasks"`},
		{"app with a line break", "FORGE_APP_ID", testApp + "\n", `\n"`},
		{"key set over http", "FORGE_JWKS_URL", "http://keys.example.com/jwks.json", "must be https, or http on a loopback address"},
		{"key set on a host with the prefix localhost", "FORGE_JWKS_URL", "http://localhost.example.com/jwks.json", "must be https"},
		{"key set with a password", "FORGE_JWKS_URL", "https://a:b@keys.example.com/", "user name or a password"},
		{"key set without a scheme", "FORGE_JWKS_URL", "127.0.0.1:8765/jwks.json", "does not begin with"},
		{"origin with a slash", "FORGE_ALLOWED_ORIGINS", "https://a.example.com,https://b.example.com/", `origin "https://b.example.com/" is not of the form`},
		{"origins separated by spaces", "FORGE_ALLOWED_ORIGINS", "https://a.example.com https://b.example.com", "origin"},
		{"every origin", "FORGE_ALLOWED_ORIGINS", "*", "origin"},
		{"origin over http", "FORGE_ALLOWED_ORIGINS", "http://a.example.com", "must be https"},
		{"backend over http", "FORGE_REMOTE_URL", "http://tasks.example.com", "must be https"},
		{"backend with a query", "FORGE_REMOTE_URL", "https://tasks.example.com/?a", "has a query"},
		{"backend without a scheme", "FORGE_REMOTE_URL", "tasks.example.com", "does not begin with"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := fromEnv(environment(map[string]string{tt.variable: tt.value}), nil)
			if v != nil || err == nil || !strings.Contains(err.Error(), tt.variable) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want an error with %s and %q", err, tt.variable, tt.want)
			}
		})
	}
	t.Setenv("FORGE_APP_ID", "")
	if _, err := FromEnv(); err == nil || !strings.HasPrefix(err.Error(), "remote: from environment: FORGE_APP_ID is not set") {
		t.Errorf("FromEnv: %v", err)
	}
	if _, err := fromEnv(environment(nil), []Option{nil}); err == nil || !strings.Contains(err.Error(), "option 1 is nil") {
		t.Errorf("nil option: %v", err)
	}
}

// A key set that is not Atlassian's, for example of development, is never used in silence. The local host's is no reason for a
// warning.
func TestFromEnvLogsOtherKeySets(t *testing.T) {
	const local, other = "tokens are verified by the key set of a local host, not by Atlassian's", "tokens are verified by another key set than Atlassian's"
	for _, tt := range []struct{ url, level, text string }{
		{"http://127.0.0.1:8765/.well-known/jwks.json", "INFO", local},
		{"http://localhost:8765/", "INFO", local},
		{"https://keys.example.com/jwks.json", "WARN", other},
		{StagingJWKSURL, "WARN", other},
		{"https://127.0.0.1:8765/jwks.json", "INFO", local},
		{DefaultJWKSURL, "", ""},
	} {
		var log bytes.Buffer
		if _, err := fromEnv(environment(map[string]string{"FORGE_JWKS_URL": tt.url}), []Option{WithLogger(slog.New(slog.NewTextHandler(&log, nil)))}); err != nil {
			t.Fatal(err)
		}
		switch lines := strings.Count(log.String(), "\n"); {
		case tt.level == "" && lines > 0:
			t.Errorf("%s: log %q; want none", tt.url, &log)
		case tt.level != "" && (lines != 1 || !strings.Contains(log.String(), "level="+tt.level) || !strings.Contains(log.String(), tt.text) || !strings.Contains(log.String(), "FORGE_JWKS_URL") || !strings.Contains(log.String(), tt.url)):
			t.Errorf("%s: log %q; want one line of level %s with the variable and the address", tt.url, &log, tt.level)
		}
	}
}

func TestExchangeWithoutURL(t *testing.T) {
	v, err := fromEnv(environment(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewExchange(v, map[string]string{"tasks-api": v.BaseURL()}); err == nil || !strings.Contains(err.Error(), `remote "tasks-api"`) || !strings.Contains(err.Error(), "FORGE_REMOTE_URL") {
		t.Errorf("%v; want an error that names the remote and FORGE_REMOTE_URL", err)
	}
}
