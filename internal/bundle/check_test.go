package bundle

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestCheckProgram(t *testing.T) {
	const code, custom = "\x0a\x03\x01ab", "\x00\x03\x01xy"
	long := "\x0b\x80\x01" + strings.Repeat("d", 128)
	for _, c := range []struct {
		name, program string
		whole         bool
	}{
		{"code", wasmHeader + code, true},
		{"more sections", wasmHeader + custom + code + long, true},
		{"empty", "", false},
		{"header cut off", wasmHeader[:6], false},
		{"another version", "\x00asm\x02\x00\x00\x00" + code, false},
		{"an executable", "MZ" + wasmHeader + code, false},
		{"no sections", wasmHeader, false},
		{"no code", wasmHeader + custom, false},
		{"cut off in a section", wasmHeader + custom + code[:4], false},
		{"cut off after a length", wasmHeader + code + long[:3], false},
		{"cut off in a length", wasmHeader + code + long[:2], false},
		{"cut off after an id", wasmHeader + code + long[:1], false},
		{"trailing zeros", wasmHeader + code + strings.Repeat("\x00", 512), false},
		{"no such section", wasmHeader + code + "\x0e\x01a", false},
		{"a length of 2^35", wasmHeader + code + "\x0b\x80\x80\x80\x80\x80\x01", false},
		{"an endless length", wasmHeader + code + "\x0b" + strings.Repeat("\xff", 20), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := checkProgram([]byte(c.program)); (err == nil) != c.whole || err != nil && !errors.Is(err, ErrIncomplete) {
				t.Errorf("got %v, want a complete program: %v", err, c.whole)
			}
		})
	}
}

// No prefix of a program that Go's linker wrote counts as complete. Every 61st prefix is tested.
func TestCheckProgramRealBuild(t *testing.T) {
	dir := app(t, hello)
	build(t, dir, false)
	program := get(t, dir, Program)
	if err := checkProgram(program); err != nil {
		t.Error(err)
	}
	var whole []int
	for n := 0; n < len(program); n += 61 {
		if checkProgram(program[:n]) == nil {
			whole = append(whole, n)
		}
	}
	// If a prefix ends exactly at the end of a section after the code, it cannot be distinguished from a complete program.
	if len(whole) > 2 {
		t.Errorf("%d prefixes count as complete, want at most 2; their lengths are %v", len(whole), whole)
	}
}

func FuzzCheckProgram(f *testing.F) {
	f.Add([]byte(wasmHeader + "\x0a\x03\x01ab"))
	f.Add([]byte(wasmHeader + "\x00\x03\x01xy\x0a\x80\x80\x80\x80\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkProgram(data) == nil && checkProgram(append(bytes.Clone(data), 1)) == nil {
			t.Error("a complete program with one more byte still counts as complete")
		}
	})
}

// wrapGo sets PATH to a folder with a go command that runs a shell line instead of "go build"; $GO is the real one.
func wrapGo(t *testing.T, build string) {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\nGO='" + real + "'\n[ \"$1\" = build ] || exec \"$GO\" \"$@\"\n" + build + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// Go's linker reports success even if the disk is full.
func TestIncompleteProgramIsNotInstalled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := app(t, hello)
	put(t, filepath.Join(dir, "static", Index), `<script src="forgego.js" data-program="app.wasm" data-worker></script>`)
	build(t, dir, true)
	before := map[string][]byte{}
	for _, name := range Files {
		before[name] = get(t, dir, name)
	}
	put(t, filepath.Join(dir, "frontend", "main.go"), strings.Replace(hello, "hello", "good evening", 1))
	for _, c := range []struct{ name, build string }{
		{"cut off", `"$GO" "$@" && size=$(wc -c <"$6") && head -c $((size/2)) "$6" >"$6.short" && mv "$6.short" "$6"`},
		{"empty", `"$GO" "$@" && : >"$6"`},
		{"zeros at its end", `"$GO" "$@" && head -c 4096 /dev/zero >>"$6"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			wrapGo(t, c.build)
			files, err := Build(t.Context(), Options{Dir: dir, Package: "./frontend", Out: "static", Gzip: true, Brotli: true, fast: true})
			if !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "GOTMPDIR") || files != nil {
				t.Errorf("got %v, %v", files, err)
			}
			for _, name := range Files {
				if !bytes.Equal(get(t, dir, name), before[name]) {
					t.Errorf("%s was replaced", name)
				}
			}
		})
	}
	t.Run("TinyGo", func(t *testing.T) {
		dir := app(t, hello)
		root := fakeTinygo(t, smallest+`' \13\5' >"$8"`)
		put(t, filepath.Join(root, "targets", wasmExecName), "")
		if err := buildTiny(t, dir); !errors.Is(err, ErrIncomplete) {
			t.Errorf("got %v, want %v", err, ErrIncomplete)
		}
	})
}
