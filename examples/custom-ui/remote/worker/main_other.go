//go:build !js

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
