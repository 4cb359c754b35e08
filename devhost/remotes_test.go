package devhost

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost/internal/testapp"
	"github.com/forgego/forgego/internal/manifest"
)

// Requests go to the address that the administrator has approved for a remote, unless the remote has a local address.
func TestApprovedRemoteIsUsed(t *testing.T) {
	m := testapp.Manifest(t)
	testapp.Write(t, m.Dir, "manifest.yml", "permissions: {external: {configurable: {enabled: true}}}\nremotes:\n  - {key: tasks-api, baseUrl: 'https://tasks.example'}\n"+
		"  - {key: own, configurable: {name: Own, description: Own, supportedPatterns: ['*.example', 'http://localhost*']}}\n")
	m.Remotes = append(m.Remotes, manifest.Remote{Key: "own", BaseURL: "https://own.example"})
	h := startHost(t, m, settings{})
	if _, failed := askData(t, h, "permissions", `{"command":"remoteSet","payload":{"remotes":[{"key":"own","configured":{"endpoint":"https://a.example/x"}}]},"approved":true}`); failed.Code != "" {
		t.Fatalf("got %+v", failed)
	}
	const ask = `{"moduleKey":"panel","remoteKey":"own"}`
	if out, failed := askData(t, h, "token", ask); out["baseUrl"] != "https://a.example/x" {
		t.Errorf("the base URL is %v, %+v", out["baseUrl"], failed)
	}
	if policy := h.current.Load().productPolicy(1); !strings.Contains(policy, " https://a.example;") {
		t.Errorf("the product's policy is %s", policy)
	}
	if err := h.SetRemoteURL("own", "http://127.0.0.1:9"); err != nil {
		t.Fatal(err)
	}
	if out, failed := askData(t, h, "token", ask); out["baseUrl"] != "http://127.0.0.1:9" {
		t.Errorf("with a local address, the base URL is %v, %+v", out["baseUrl"], failed)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
