package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
)

const (
	// officialVersion is the release of @forge/bridge that our client is compared with.
	officialVersion = "7.2.0"
	modules         = "node_modules"
	testdata        = "tools/bench/testdata"
)

// checkFolder returns an error if the program runs in the wrong folder or before make setup.
func checkFolder() error {
	if _, err := os.Stat(testdata); err != nil {
		return fmt.Errorf("run this in the folder test: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(modules, "@forge", "bridge", "package.json"))
	if err != nil {
		return fmt.Errorf("%w (run: make setup)", err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return err
	}
	if manifest.Version != officialVersion {
		return fmt.Errorf("@forge/bridge is %s and not %s (run: make setup)", manifest.Version, officialVersion)
	}
	return nil
}

// buildProgram builds a program into a folder, as "forgego build" does.
func buildProgram(ctx context.Context, program, dir string) error {
	return buildBy(ctx, bundle.Go, program, dir)
}

// buildBy builds a program with one of the compilers.
func buildBy(ctx context.Context, compiler, program, dir string) error {
	out, err := relative(dir)
	if err != nil {
		return err
	}
	_, err = bundle.Build(ctx, bundle.Options{Dir: ".", Package: program, Out: out, Compiler: compiler})
	return err
}

// buildModule builds a program for the ES module.
func buildModule(ctx context.Context, program, dir string) error {
	out, err := relative(dir)
	if err != nil {
		return err
	}
	_, err = bundle.Build(ctx, bundle.Options{Dir: ".", Package: program, Out: out, Module: true})
	return err
}

// relative returns path relative to the working directory.
func relative(path string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.Rel(here, path)
}

// buildScript bundles and minifies a script of testdata with esbuild, in the form that a page loads.
func buildScript(ctx context.Context, script, file string) error {
	return command(ctx, filepath.Join(modules, ".bin", "esbuild"), filepath.Join(testdata, script),
		"--bundle", "--minify", "--format=iife", "--log-level=error", "--outfile="+file)
}

func command(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// newSite builds the page with all clients into a folder and serves it. One of the compilers builds our client.
func newSite(ctx context.Context, compiler string) (address string, closeSite func(), err error) {
	if err := checkFolder(); err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "forgego-bench-")
	if err != nil {
		return "", nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(testdata, "page"))); err != nil {
		return "", nil, err
	}
	if err := os.Remove(filepath.Join(dir, "official.js")); err != nil {
		return "", nil, err
	}
	if err := buildScript(ctx, "page/official.js", filepath.Join(dir, "official.js")); err != nil {
		return "", nil, err
	}
	if err := buildBy(ctx, compiler, "programs/bench", dir); err != nil {
		return "", nil, err
	}
	if compiler == bundle.Go {
		if err := buildModule(ctx, "programs/bench", filepath.Join(dir, "worker")); err != nil {
			return "", nil, err
		}
	}
	server := httptest.NewServer(isolated(http.FileServer(http.Dir(dir))))
	return server.URL, func() {
		server.Close()
		os.RemoveAll(dir)
	}, nil
}
