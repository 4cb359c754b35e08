package apphost

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var (
	scriptsMu sync.Mutex
	scripts   = map[string][]byte{}
)

// Script returns the script that the npm package esbuild makes of the module entry and of all that it imports. It bundles each
// entry once per process. It works in the folder of a suite.
func Script(entry string, flags ...string) ([]byte, error) {
	scriptsMu.Lock()
	defer scriptsMu.Unlock()
	arguments := append([]string{entry, "--bundle", "--format=iife", "--log-level=error"}, flags...)
	key := strings.Join(arguments, "\n")
	if script, ok := scripts[key]; ok {
		return script, nil
	}
	esbuild := exec.Command(filepath.Join("..", "..", "node_modules", ".bin", "esbuild"), arguments...)
	var problems bytes.Buffer
	esbuild.Stderr = &problems
	script, err := esbuild.Output()
	if err != nil {
		return nil, fmt.Errorf("esbuild: %w (npm packages missing? run: make setup)\n%s", err, &problems)
	}
	scripts[key] = script
	return script, nil
}

// ProductScript returns a script that sets the global variable to the exports of a module of the product page.
func ProductScript(t testing.TB, module, variable string) string {
	t.Helper()
	script, err := Script(filepath.Join("..", "..", "..", "devhost", "page", "product", module), "--global-name="+variable)
	if err != nil {
		t.Fatal(err)
	}
	return string(script) + "void (globalThis." + variable + " = " + variable + ");"
}
