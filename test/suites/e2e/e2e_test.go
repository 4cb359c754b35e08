// Package e2e tests the whole product as a person uses it: the command "forgego dev", its product page in Chromium, the
// example app in the iframe of that page, and the example's backend.
//
// Run it from the folder test/; it needs Chromium, and the npm packages that "make setup" installs:
//
//	go test -count=1 ./suites/e2e
package e2e

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

// All tests share these: Chromium, with a tab for each test, and the two commands, which are built once.
var (
	chromium *browser.Browser
	// forgego and remote are the paths of the command and of the example's backend.
	forgego, remote string
	// root is the folder of the repository. example is the folder of the example app.
	root, example string
)

func TestMain(m *testing.M) { apphost.Main(m, &chromium, prepare, "TestMainJob") }

func prepare(dir string) (err error) {
	if root, err = filepath.Abs("../../.."); err != nil {
		return err
	}
	example = filepath.Join(root, "examples", "custom-ui")
	remote = filepath.Join(dir, "remote")
	if forgego, err = command.Build(dir); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"go", "build", "-o", remote, "./examples/custom-ui/remote"},
		{forgego, "build", example},
	} {
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", args, err, out)
		}
	}
	return nil
}
