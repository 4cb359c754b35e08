package main

import (
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/examples/custom-ui/remote/tasks"
	"github.com/forgego/forgego/remote"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestConfig(t *testing.T) {
	got, err := newConfig(env("FORGE_APP_ID", "app", "TASKS_URL", "https://tasks.example.com"))
	want := config{tasks.Config{AppID: "app", JWKSURL: remote.DefaultJWKSURL, BaseURL: "https://tasks.example.com"}, "tasks.db", "127.0.0.1:8787"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("defaults = %+v, %v; want %+v", got, err, want)
	}
	got, err = newConfig(env("FORGE_APP_ID", "app", "FORGE_JWKS_URL", "http://127.0.0.1:1/jwks", "TASKS_DB", "x.db", "HOST", "::1", "PORT", "0",
		"FORGE_ALLOWED_ORIGINS", " https://a.example.com, ,https://b.example.com,", "TASKS_KEY", "secret"))
	want = config{tasks.Config{AppID: "app", JWKSURL: "http://127.0.0.1:1/jwks",
		Origins: []string{"https://a.example.com", "https://b.example.com"}, ExchangeKey: []byte("secret")}, "x.db", "[::1]:0"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("config = %+v, %v; want %+v", got, err, want)
	}
}

func TestConfigErrors(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		env        []string
	}{
		{"no app", "FORGE_APP_ID", nil},
		{"no URL under Atlassian's keys", "TASKS_URL", []string{"FORGE_APP_ID", "app"}},
		{"no URL under keys from elsewhere", "TASKS_URL", []string{"FORGE_APP_ID", "app", "FORGE_JWKS_URL", "https://keys.example.com/"}},
		{"port a name", "PORT", []string{"FORGE_APP_ID", "app", "FORGE_JWKS_URL", "http://127.0.0.1:1/jwks", "PORT", "http"}},
		{"port below zero", "PORT", []string{"FORGE_APP_ID", "app", "FORGE_JWKS_URL", "http://127.0.0.1:1/jwks", "PORT", "-1"}},
		{"port too large", "PORT", []string{"FORGE_APP_ID", "app", "FORGE_JWKS_URL", "http://127.0.0.1:1/jwks", "PORT", "65536"}},
	} {
		if err := start(t.Context(), env(tt.env...)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want an error that names %s", tt.name, err, tt.want)
		}
	}
}
