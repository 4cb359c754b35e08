// Package tutorial tests what "forgego new" writes, and that docs/tutorial.md is true: it runs the tutorial's commands and
// edits in their order, and uses the app in Chromium.
//
// Run it from the folder test/; it needs Chromium and the packages of make setup:
//
//	go test -count=1 ./suites/tutorial
//
// With -args -pictures DIR it saves a picture of each page.
package tutorial

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

const root = "../../.."

var (
	chromium *browser.Browser
	// bin is a folder with the command forgego.
	bin      string
	pictures = flag.String("pictures", "", "save pictures of the pages in this folder")
)

func TestMain(m *testing.M) {
	apphost.Main(m, &chromium, func(dir string) error {
		bin = dir
		_, err := command.Build(dir)
		return err
	})
}

// run runs a command in a folder, with forgego in PATH, and returns what it prints.
func run(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	if args[0] == "forgego" {
		cmd = exec.CommandContext(t.Context(), filepath.Join(bin, "forgego"), args[1:]...)
	}
	cmd.Dir, cmd.Env = dir, append(environment(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return string(out)
}

func environment() []string {
	return append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// development is a running forgego dev.
type development struct{ *command.Process }

// develop runs forgego dev in a folder until the test ends, or until Stop is called.
func develop(t *testing.T, dir string) development {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "forgego"), "dev", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = dir, environment()
	return development{command.Start(t, cmd)}
}

// open opens the app's page in a new tab. It returns the product's page and the app's page in it.
func (d development) open(t *testing.T) (page *browser.Page, app *browser.Frame) {
	t.Helper()
	page = chromium.Open(t, d.URL)
	return page, page.Iframe(apphost.AppOrigin(t, d.URL))
}

// setTheme chooses a theme of the product, and waits until the app's page has it.
func setTheme(page *browser.Page, app *browser.Frame, mode string) {
	page.Eval(fmt.Sprintf(`{ const theme = document.getElementById("theme"); theme.value = %q; theme.dispatchEvent(new Event("change")); }`, mode), nil)
	app.Wait("the theme "+mode, fmt.Sprintf(`document.documentElement.dataset.colorMode === %q`, mode))
}

// picture saves a picture of the window, if the flag -pictures is set.
func picture(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".png"), page.Screenshot(), 0o644); err != nil {
		t.Fatal(err)
	}
}
