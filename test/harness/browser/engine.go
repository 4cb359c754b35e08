package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Engine is one of the browsers that tests run in.
type Engine string

// The engines.
const (
	Chromium Engine = "chromium"
	Firefox  Engine = "firefox"
	WebKit   Engine = "webkit"
)

// Narrow returns width, or the smallest width of a window that the engine can have, in CSS pixels: WebKit's test browser has
// tools above the page that need 447.
func (e Engine) Narrow(width int) int {
	if e == WebKit {
		return max(width, 447)
	}
	return width
}

// All are all engines, in the order in which tests use them.
var All = []Engine{Chromium, Firefox, WebKit}

// Engines returns the engines that the environment variable BROWSER names, such as "chromium,firefox". "all" means all of
// them, and "none" none, which leaves those of [Essential]. Without the variable, Engines returns Chromium.
func Engines() ([]Engine, error) {
	text := os.Getenv("BROWSER")
	if text == "" {
		return []Engine{Chromium}, nil
	}
	if text == "none" {
		return nil, nil
	}
	engines, err := ParseEngines(text)
	if err != nil {
		return nil, fmt.Errorf("BROWSER=%s: %w", text, err)
	}
	return engines, nil
}

// Essential returns the engines of the environment variable ESSENTIAL that Engines does not return. In them, only the tests
// run that a package names as its essential ones: see [github.com/forgego/forgego/test/harness/apphost.Main].
func Essential() ([]Engine, error) {
	text := os.Getenv("ESSENTIAL")
	if text == "" {
		return nil, nil
	}
	others, err := ParseEngines(text)
	if err != nil {
		return nil, fmt.Errorf("ESSENTIAL=%s: %w", text, err)
	}
	whole, err := Engines()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(others), func(e Engine) bool { return slices.Contains(whole, e) }), nil
}

// ParseEngines reads names of engines with commas between them. "all" means all engines. A name that is there twice counts
// once.
func ParseEngines(text string) ([]Engine, error) {
	if text == "all" {
		return All, nil
	}
	var engines []Engine
	for name := range strings.SplitSeq(text, ",") {
		engine := Engine(strings.TrimSpace(name))
		if !slices.Contains(All, engine) {
			return nil, fmt.Errorf("there is no browser %q; use chromium, firefox, webkit or all", engine)
		}
		if !slices.Contains(engines, engine) {
			engines = append(engines, engine)
		}
	}
	return engines, nil
}

// Stays skips the test unless it runs in the engine. reason says why the test is not for the others.
func (b *Browser) Stays(t testing.TB, in Engine, reason string) {
	t.Helper()
	if b.Engine != in {
		t.Skipf("only in %s: %s", in, reason)
	}
}

// NotIn skips the test in the engine. reason says why the test is not for it.
func (b *Browser) NotIn(t testing.TB, engine Engine, reason string) {
	t.Helper()
	if b.Engine == engine {
		t.Skipf("not in %s: %s", engine, reason)
	}
}

// program is a program that a browser needs.
type program struct {
	// variable is the environment variable that names another one.
	variable string
	// names are its names in PATH, or patterns of absolute paths.
	names []string
	// pkg is its package on Debian.
	pkg string
}

var (
	chromiumProgram = program{"CHROMIUM", []string{"chromium", "chromium-browser", "google-chrome"}, "chromium"}
	chromiumShell   = program{"CHROMIUM", []string{"chromium-headless-shell", "chrome-headless-shell"}, "chromium-headless-shell"}
	firefoxProgram  = program{"FIREFOX", []string{"firefox-esr", "firefox"}, "firefox-esr"}
	webkitDriver    = program{"WEBKITDRIVER", []string{"WebKitWebDriver"}, "webkit2gtk-driver"}
	// MiniBrowser comes with the libraries of WebKitGTK and is not in PATH.
	miniBrowser    = program{"MINIBROWSER", []string{"/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/libexec/webkit2gtk-4.1/MiniBrowser"}, "webkit2gtk-driver"}
	virtualDisplay = program{"XVFB", []string{"Xvfb"}, "xvfb"}
)

// Missing returns an error that says what to install, if the engine cannot be started on this machine.
func Missing(engine Engine) error {
	needs := map[Engine][]program{
		Chromium: {chromiumProgram}, Firefox: {firefoxProgram}, WebKit: {webkitDriver, miniBrowser, virtualDisplay},
	}
	for _, p := range needs[engine] {
		if _, err := p.path(); err != nil {
			return err
		}
	}
	return nil
}

// HasShell reports whether tests run in Chromium's headless shell. The variable CHROMIUM names what they run in instead.
func HasShell() bool {
	_, err := chromiumShell.path()
	return err == nil && os.Getenv(chromiumShell.variable) == ""
}

// path returns where the program is.
func (p program) path() (string, error) {
	if name := os.Getenv(p.variable); name != "" {
		return exec.LookPath(name)
	}
	for _, name := range p.names {
		if !filepath.IsAbs(name) {
			if path, err := exec.LookPath(name); err == nil {
				return path, nil
			}
		} else if found, _ := filepath.Glob(name); len(found) > 0 {
			return found[0], nil
		}
	}
	return "", fmt.Errorf("there is no %s on this machine: install it (Debian: apt-get install %s), or name its program in the variable %s",
		strings.Join(p.names, " or "), p.pkg, p.variable)
}
