package edge

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/forgego/forgego/remote"
	"github.com/forgego/forgego/remote/remotetest"
)

// TestWorkerFetchesTheKeysOnce runs the Worker without FORGE_JWKS_URL. The Worker must ask Atlassian once and then use
// Cloudflare's cache, although a new program verifies each request.
func TestWorkerFetchesTheKeysOnce(t *testing.T) {
	const app = "ari:cloud:ecosystem::app/6f6f2b44-1e0f-4c3a-9a53-5d0c4b9a7e21"
	issuer := remotetest.NewIssuer(app)
	keys := httptest.NewServer(issuer.Handler())
	defer keys.Close()
	input, err := json.Marshal(map[string]any{
		"build": filepath.Join(worker, "build"),
		"keys":  keys.URL,
		"vars": map[string]string{"FORGE_APP_ID": app, "FORGE_REMOTE_URL": "https://tasks.example.com",
			"TASKS_KEY": "a secret of at least thirty-two characters, for this test only"},
		"tokens": []string{issuer.Token(), issuer.Token(), "x.y.z", remotetest.NewIssuer(app).Token(), issuer.Token()},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "testdata/keys.mjs")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node testdata/keys.mjs: %v (npm packages missing? run: make setup)\n%s", err, out)
	}
	// The Worker's log is in front of the result.
	out = bytes.TrimSpace(out)
	var got struct {
		Statuses []int
		Asked    []string
	}
	if err := json.Unmarshal(out[bytes.LastIndexByte(out, '\n')+1:], &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := []int{404, 404, 401, 401, 404}; !slices.Equal(got.Statuses, want) {
		t.Errorf("answered %v; want %v\n%s", got.Statuses, want, out)
	}
	if want := []string{remote.DefaultJWKSURL}; !slices.Equal(got.Asked, want) {
		t.Errorf("asked %q; want %q", got.Asked, want)
	}
}
