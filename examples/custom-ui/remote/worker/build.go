//go:build !js

// Command worker is the backend of the Tasks app on Cloudflare Workers: the same handler as the command in the folder
// above, package tasks, over D1, Cloudflare's SQLite. Compiled for this machine it builds the Worker into build/ and prints
// its size.
//
// # Deploy
//
// You need Go, Node.js, and a Cloudflare account on a paid plan. The free plan allows Workers of up to 3 MB after gzip, and
// 10 ms of processor time per request. This Worker has 3.6 MB (the build prints it) and needs 30 to 45 ms, most of them to
// start the Go program (measured in workerd on two busy cores, including its D1). In this folder:
//
//	npx wrangler d1 create tasks                        # put the database_id that it prints into wrangler.toml
//	npx wrangler d1 migrations apply tasks --remote     # makes the tables; again after each update, before deploying
//	openssl rand -base64 48 | npx wrangler secret put TASKS_KEY
//	npx wrangler deploy                                 # builds, uploads, and prints where the Worker is
//
// Before that, set FORGE_APP_ID in wrangler.toml to app.id of manifest.yml, and FORGE_REMOTE_URL to the remote's baseUrl there.
// These two and FORGE_ALLOWED_ORIGINS mean the same as for the command in the folder above. TASKS_KEY signs the tokens for
// direct requests. It must be a secret of at least 32 random characters. The Worker cannot make a key at its start, because
// the next request may run on another machine.
//
// # Try it here
//
//	npx wrangler d1 migrations apply tasks --local
//	npx wrangler dev --port 8787 --var FORGE_REMOTE_URL:http://127.0.0.1:8787 --var TASKS_KEY:$(openssl rand -hex 32) \
//		--var FORGE_JWKS_URL:http://127.0.0.1:8765/.well-known/jwks.json \
//		--var FORGE_ALLOWED_ORIGINS:http://127.0.0.1:8765,http://127.0.0.1:8766
//
// With "url: http://127.0.0.1:8787" in place of the command in forgego.yml, forgego dev calls it.
//
// # What differs from one process
//
// Each request starts the Go program again. Nothing stays in memory between requests.
//
//   - The number of files that are received at once is not limited here, because requests do not know of each other.
//     Cloudflare limits the memory itself. The quota of an installation still applies.
//   - Each event stream queries the database. So the page learns of changes up to 2 seconds late. A stream ends after 80
//     seconds; the page reconnects and misses nothing. Each open stream keeps its program in memory, about 7 MB. Cloudflare
//     allows 128 MB for all requests that it serves in one place at once. For many listeners, use a Durable Object for the
//     events.
//   - Nothing runs after the answer, so there is no background refresh of the key set. The key set comes from Cloudflare's
//     cache. If that copy is older than a minute, it comes from Atlassian. If Atlassian does not answer, the copy is used
//     for up to an hour. So a key that Atlassian removes is accepted for up to a minute more. For a workers.dev address
//     Cloudflare may have no cache. Then each request asks Atlassian.
//   - Each change searches for tasks that were deleted an hour ago, not once a minute. This is one more statement.
//   - Cloudflare joins headers of the same name. Two Authorization headers become one, which is refused with 401.
package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// Cloudflare's limits, in bytes after gzip: https://developers.cloudflare.com/workers/platform/limits/#worker-size
const (
	freeLimit = 3 << 20
	paidLimit = 10 << 20
)

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// build makes the folder build/ beside wrangler.toml: the program, and the JavaScript around it, which is part of
// workers.
func build() error {
	if _, err := os.Stat("wrangler.toml"); err != nil {
		return errors.New("run this in the folder of wrangler.toml")
	}
	// This empties the folder first.
	if err := run(nil, "go", "run", "github.com/syumai/workers/cmd/workers-assets-gen", "-mode=go", "-o", "build"); err != nil {
		return err
	}
	program := filepath.Join("build", "app.wasm")
	err := run([]string{"GOOS=js", "GOARCH=wasm"}, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	if err != nil {
		return err
	}
	return printSize(program)
}

func run(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%v: %w", cmd.Args, err)
	}
	return nil
}

// printSize prints the size of the program and compares it with Cloudflare's limits.
func printSize(path string) error {
	program, err := os.Open(path)
	if err != nil {
		return err
	}
	defer program.Close()
	var packed count
	pack, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	raw, err := io.Copy(pack, program)
	if err := errors.Join(err, pack.Close()); err != nil {
		return err
	}
	stands := "within Cloudflare's limit of its free plan, 3 MB"
	switch {
	case packed > paidLimit:
		stands = "over Cloudflare's limit, 10 MB"
	case packed > freeLimit:
		stands = "over the 3 MB of Cloudflare's free plan, within the 10 MB of its paid plans"
	}
	fmt.Printf("Worker: %.2f MB, %.2f MB by gzip (%d and %d bytes): %s\n", float64(raw)/(1<<20), float64(packed)/(1<<20), raw, packed, stands)
	return nil
}

// count counts the bytes that are written to it.
type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}
