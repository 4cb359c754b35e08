package react

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/forgego/forgego/test/harness/program"
)

// blocks returns the blocks of code in docs/react.md in one language.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/react.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, b := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1) {
		all = append(all, string(b[1]))
	}
	return all
}

// block returns the block with a text in it.
func block(t *testing.T, language, with string) string {
	t.Helper()
	for _, b := range blocks(t, language) {
		if strings.Contains(b, with) {
			return b
		}
	}
	t.Fatalf("docs/react.md has no block of %s with %q", language, with)
	return ""
}

// TestGuideQuotesTheApp checks that the code of docs/react.md is that of programs/react, which the other tests run, or that of
// the recipes.
func TestGuideQuotesTheApp(t *testing.T) {
	dir, err := program.Dir("react")
	if err != nil {
		t.Fatal(err)
	}
	code := block(t, "js", "import { load }")
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = os.ReadFile(filepath.Join(dir, name))
			code += string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for language, n := range map[string]int{"go": 2, "tsx": 2, "js": 3} {
		all := blocks(t, language)
		if len(all) != n {
			t.Errorf("there are %d blocks of %s, want %d", len(all), language, n)
		}
		for _, b := range all {
			if !strings.Contains(code, b) {
				t.Errorf("programs/react does not have this code of docs/react.md:\n%s", b)
			}
		}
	}
	if n := len(blocks(t, "sh")); n != 5 {
		t.Errorf("there are %d blocks of commands, and the tests run 5", n)
	}
}

// TestRecipes builds and runs main.js of docs/react.md by the commands there, with each bundler and without one.
func TestRecipes(t *testing.T) {
	for _, c := range []struct{ name, folder, script string }{
		{"no bundler", ".", `<script type="module" src="main.js"></script>`},
		{"esbuild", "dist", `<script type="module" src="main.js"></script>`},
		{"rollup", "dist", `<script type="module" src="main.js"></script>`},
		{"webpack", "dist", `<script src="main.js" defer></script>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newApp(t)
			a.write(t, "main.js", block(t, "js", "import { load }"))
			a.shell(t, block(t, "sh", "forgego module"))
			if c.folder == "dist" {
				a.shell(t, block(t, "sh", c.name+" "))
			}
			a.write(t, c.folder+"/index.html", "<!doctype html><html lang=en><title>App</title><link rel=icon href=data:,><body>"+c.script)
			p := a.serve(t, c.folder)
			p.Wait("the result", `document.body.innerText === 'one 2'`)
		})
	}
}

// shell runs commands of the guide.
func (a app) shell(t *testing.T, commands string) {
	t.Helper()
	cmd := a.command(t, "sh", "-ec", commands)
	tools, err := filepath.Abs("../../node_modules/.bin") // esbuild
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "PATH="+bin+":"+filepath.Join(string(a), "node_modules", ".bin")+":"+tools+":"+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, commands, out)
	}
}
