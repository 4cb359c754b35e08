package jsbundle

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestBundle(t *testing.T) {
	files := fstest.MapFS{
		"wire.js":         {Data: []byte("/** Says so. */\nexport const said = () => 'said';\n")},
		"app/bridge.js":   {Data: []byte("import { said } from '../wire.js';\nimport './sub/more.js';\nglobalThis.x = said();\n")},
		"app/sub/more.js": {Data: []byte("import '../../wire.js';\nglobalThis.y = 1;\n")},
	}
	script, err := Bundle(files, "app/bridge.js", Options{Banner: "// banner"})
	if err != nil {
		t.Fatal(err)
	}
	text := string(script)
	for _, part := range []string{"globalThis.x = said()", "globalThis.y = 1", "=> \"said\""} {
		if !strings.Contains(text, part) {
			t.Errorf("the script has no %s:\n%s", part, text)
		}
	}
	if !strings.HasPrefix(text, "// banner\n") || !strings.Contains(text, "\n(() => {\n") || !strings.HasSuffix(text, "})();\n") {
		t.Errorf("the script is not one function behind the banner:\n%s", text)
	}
	short, err := Bundle(files, "app/bridge.js", Options{Minify: true})
	if err != nil || len(short) >= len(script) || strings.Contains(string(short), "Says so") {
		t.Errorf("minified: %q, %v", short, err)
	}
}

func TestBundleFails(t *testing.T) {
	for name, c := range map[string]struct{ entry, text, want string }{
		"missing entry":  {"b.js", "", "bundling b.js: "},
		"missing import": {"a.js", "import './c.js';", "c.js"},
		"missing export": {"a.js", "import { b } from './other.js'; b();", `"b"`},
		"syntax":         {"a.js", "const = 1;", "bundling a.js: "},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"a.js": {Data: []byte(c.text)}, "other.js": {Data: []byte("export const a = 1;")}}
			if script, err := Bundle(files, c.entry, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, %v; want an error with %s", script, err, c.want)
			}
		})
	}
}

func TestMinify(t *testing.T) {
	script, err := Minify("exec.js", []byte("// note\nconst   long = 1;\n/*! License */\nalert(long);\n"), "// banner")
	if text := string(script); err != nil || !strings.HasPrefix(text, "// banner\n") || !strings.Contains(text, "License") || strings.Contains(text, "note") {
		t.Errorf("got %q, %v", script, err)
	}
	if script, err := Minify("exec.js", []byte("const"), ""); err == nil || !strings.Contains(err.Error(), "minifying exec.js: ") {
		t.Errorf("got %q, %v", script, err)
	}
}
