package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// loopApp is an app whose edit loop is measured.
type loopApp struct {
	name string
	// files makes the app in a folder.
	files func(dir string) error
	kinds []loopKind
}

// loopKind is a kind of file that is saved.
type loopKind struct {
	name string
	// save makes a change that has a mark.
	save func(dir, mark string) error
	// seen returns the mark that the page, or the backend, has now.
	seen func(ctx context.Context, r *loopRun, t *tab) (string, error)
	// build is a "go build" command that compiles the change. It runs in the app's folder. It is nil if nothing is built.
	build []string
	// limit is the target in milliseconds.
	limit float64
}

// loopRun is a running forgego dev.
type loopRun struct {
	// dir is the app that is watched, and twin a copy in which "go build" runs alone.
	dir, twin string
	url       string
	// remote is the base URL of the remote that runs on this machine, or empty.
	remote  string
	cmd     *exec.Cmd
	printed *printed
}

// The page reports its marks to the product's page, which keeps them. So a test needs not look into the frame.
const (
	markScript = `setInterval(() => {
  const style = getComputedStyle(document.documentElement).getPropertyValue('--mark').trim();
  const page = document.querySelector('meta[name=mark]')?.content ?? '';
  parent.postMessage({ benchMarks: { style, page, program: String(globalThis.mark ?? ''), script: String(globalThis.scriptMark ?? '') } }, '*');
}, 2);
`
	collectMarks = `if (window === top) addEventListener('message', ({ data }) => { if (data?.benchMarks) globalThis.benchMarks = data.benchMarks; });`
)

// seenInPage returns a function that returns a mark of the app's page.
func seenInPage(expression string) func(context.Context, *loopRun, *tab) (string, error) {
	return func(ctx context.Context, _ *loopRun, t *tab) (mark string, err error) {
		// While the page is loaded again, there is nothing to ask. save has a limit for that.
		if err := t.eval(ctx, expression, &mark); err != nil && t.ctx.Err() != nil {
			return "", err
		}
		return mark, nil
	}
}

// seenInBackend returns the mark of the backend that answers now.
func seenInBackend(_ context.Context, r *loopRun, _ *tab) (string, error) {
	client := http.Client{Timeout: patience}
	resp, err := client.Get(r.remote + "/bench-mark")
	if err != nil {
		return "", fmt.Errorf("a request failed instead of waiting: %w", err)
	}
	defer resp.Body.Close()
	mark, err := os.ReadFile(filepath.Join(r.dir, "mark.txt"))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return string(mark), err
}

var (
	wasmBuild = []string{"env", "GOOS=js", "GOARCH=wasm", "go", "build", "-trimpath", "-ldflags=-s -w", "-o", os.DevNull}
	title     = regexp.MustCompile(`(?m)^(\s*title: ).*$`)
)

func loopApps() []loopApp {
	styles := loopKind{"style sheet", func(dir, mark string) error {
		return writeFile(dir, "static/mark.css", ":root { --mark: "+mark+"; }\n")
	}, seenInPage(`globalThis.benchMarks?.style ?? ''`), nil, 150}
	pages := loopKind{"HTML", func(dir, mark string) error {
		return changeFile(dir, "static/index.html", func(text string) string {
			return regexp.MustCompile(`<meta name="mark" content="[^"]*">`).ReplaceAllString(text, `<meta name="mark" content="`+mark+`">`)
		})
	}, seenInPage(`globalThis.benchMarks?.page ?? ''`), nil, 300}
	frontend := loopKind{"front-end Go", func(dir, mark string) error {
		return writeFile(dir, "frontend/mark_js.go", "package main\n\nimport \"syscall/js\"\n\nfunc init() { js.Global().Set(\"mark\", \""+mark+"\") }\n")
	}, seenInPage(`globalThis.benchMarks?.program ?? ''`), append(wasmBuild, "./frontend"), 400}
	backend := func(folder string) loopKind {
		return loopKind{"backend Go", func(dir, mark string) error {
			// The program reports its mark when it starts. It answers requests only then.
			return writeFile(dir, folder+"/mark.go", "package main\n\nimport \"os\"\n\nfunc init() { _ = os.WriteFile(\"mark.txt\", []byte(\""+mark+"\"), 0o644) }\n")
		}, seenInBackend, []string{"go", "build", "-o", os.DevNull, "./" + folder}, 500}
	}
	manifest := loopKind{"manifest.yml", func(dir, mark string) error {
		return changeFile(dir, "manifest.yml", func(text string) string { return title.ReplaceAllString(text, `${1}"`+mark+`"`) })
	}, seenInPage(`document.querySelector('h1')?.textContent ?? ''`), nil, 500}
	translation := loopKind{"translation", func(dir, mark string) error {
		return changeFile(dir, "locales/en-US.json", func(text string) string {
			return regexp.MustCompile(`("title": )"[^"]*"`).ReplaceAllString(text, `${1}"`+mark+`"`)
		})
	}, seenInPage(`document.querySelector('h1')?.textContent ?? ''`), nil, 500}
	script := loopKind{"JavaScript", func(dir, mark string) error {
		return writeFile(dir, "static/script.js", "globalThis.scriptMark = '"+mark+"';\n")
	}, seenInPage(`globalThis.benchMarks?.script ?? ''`), nil, 300}
	return []loopApp{
		{"hello", exampleFiles("hello"), []loopKind{styles, pages, frontend, backend("backend"), manifest}},
		{"custom-ui", exampleFiles("custom-ui"), []loopKind{styles, pages, frontend, backend("remote"), translation}},
		{"JavaScript", scriptFiles, []loopKind{styles, pages, script, manifest}},
		reactApp(),
	}
}

// exampleFiles copies an example into a module of its own, and adds the marks to its page.
func exampleFiles(name string) func(dir string) error {
	return func(dir string) error {
		root, err := filepath.Abs("..")
		if err != nil {
			return err
		}
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "examples", name))); err != nil {
			return err
		}
		moved := "example.com/" + name
		return errors.Join(replaceInGo(dir, library+"/examples/"+name, moved), makeModule(dir, moved), addMarks(dir))
	}
}

const library = "github.com/forgego/forgego"

// makeModule makes an app's folder a module that uses this clone.
func makeModule(dir, path string) error {
	root, err := filepath.Abs("..")
	if err != nil {
		return err
	}
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	text := strings.Replace(string(module), "module "+library, "module "+path, 1) +
		"\nrequire " + library + " v0.0.0\n\nreplace " + library + " => " + root + "\n"
	return errors.Join(writeFile(dir, "go.mod", text), writeFile(dir, "go.sum", string(sums)))
}

// replaceInGo replaces a text in all Go files.
func replaceInGo(dir, old, new string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, new)), 0o644)
	})
}

// scriptFiles makes an app without Go.
func scriptFiles(dir string) error {
	return errors.Join(
		writeFile(dir, "manifest.yml", `app:
  id: ari:cloud:ecosystem::app/6f6f2b44-1e0f-4c3a-9a53-5d0c4b9a7e22
modules:
  jira:issuePanel:
    - key: panel
      title: Panel
      resource: main
resources:
  - key: main
    path: static
`),
		writeFile(dir, "static/index.html", "<!doctype html>\n<html lang=\"en\">\n<head>\n<title>App</title>\n<script src=\"script.js\"></script>\n</head>\n<body></body>\n</html>\n"),
		writeFile(dir, "static/script.js", ""), addMarks(dir))
}

// addMarks makes an app's page load the marks and report them.
func addMarks(dir string) error {
	return errors.Join(
		writeFile(dir, "static/mark.css", ""), writeFile(dir, "static/mark.js", markScript),
		changeFile(dir, "static/index.html", func(text string) string {
			return strings.Replace(text, "</head>", "<meta name=\"mark\" content=\"\"><link rel=\"stylesheet\" href=\"mark.css\"><script src=\"mark.js\"></script></head>", 1)
		}))
}

func writeFile(dir, name, text string) error {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func changeFile(dir, name string, change func(string) string) error {
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	changed := change(string(text))
	if changed == string(text) {
		return fmt.Errorf("%s: there is nothing to change", name)
	}
	return writeFile(dir, name, changed)
}

// forgegoFor returns the path of the command forgego for an app's folder. It is there before the app's files.
func forgegoFor(dir string) string { return filepath.Join(filepath.Dir(dir), "forgego") }

// start makes the app and runs forgego dev on it.
func (a loopApp) start(ctx context.Context) (_ *loopRun, err error) {
	parent, err := os.MkdirTemp("", "forgego-bench-")
	if err != nil {
		return nil, err
	}
	r := &loopRun{dir: filepath.Join(parent, "app"), twin: filepath.Join(parent, "twin"), printed: &printed{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.stop())
		}
	}()
	forgego := forgegoFor(r.dir)
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", "..", "-o", forgego, "./cmd/forgego").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building forgego: %w\n%s", err, out)
	}
	if err := errors.Join(a.files(r.dir), a.files(r.twin)); err != nil {
		return nil, err
	}
	r.cmd = exec.Command(forgego, "dev", "--addr", "127.0.0.1:0", r.dir)
	r.cmd.Env = append(os.Environ(), "PATH="+parent+string(filepath.ListSeparator)+os.Getenv("PATH")) // Vite's plugin runs forgego
	r.cmd.Stderr = r.printed
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("forgego dev: %w\n%s", err, r.printed)
	}
	r.url = strings.TrimSpace(strings.TrimPrefix(line, "ready: "))
	if address := regexp.MustCompile(`ready at (http://\S+)`).FindStringSubmatch(r.printed.String()); address != nil {
		r.remote = address[1]
	}
	return r, nil
}

// stop ends forgego dev and removes the app.
func (r *loopRun) stop() error {
	if r.cmd != nil && r.cmd.Process != nil {
		_ = r.cmd.Process.Signal(os.Interrupt)
		_ = r.cmd.Wait()
	}
	return os.RemoveAll(filepath.Dir(r.dir))
}

// buildAlone makes the same change in the twin, and returns how long "go build" takes there, in milliseconds.
func (r *loopRun) buildAlone(ctx context.Context, kind loopKind, mark string) (float64, error) {
	// The mark is another one, because the build cache has the result for this one.
	if err := kind.save(r.twin, mark+" alone"); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, kind.build[0], kind.build[1:]...)
	cmd.Dir = r.twin
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", strings.Join(kind.build, " "), err, out)
	}
	return float64(time.Since(start).Microseconds()) / 1000, nil
}

// printed holds what a program has printed.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// end returns the last 2,000 bytes.
func (p *printed) end() string {
	text := p.String()
	return text[max(0, len(text)-2000):]
}
