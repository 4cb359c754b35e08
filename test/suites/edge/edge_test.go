// Package edge tests the example's backend on Cloudflare Workers. The handler runs in workerd, Cloudflare's own runtime,
// with D1 on a disk and the wrangler configuration of the folder examples/custom-ui/remote/worker. The front end runs in
// Chromium under "forgego dev" and calls the Worker as it calls the backend in one process.
//
// Run it with "make test-edge", or in this folder. It needs Chromium, and the npm packages that "make setup" installs:
//
//	go test -count=1 .
//
// In this folder, go test also prints the size of the Worker.
package edge

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/harness/command"
)

// All tests share these.
var (
	chromium *browser.Browser
	// forgego is the path of our command. wrangler is the path of Cloudflare's command.
	forgego, wrangler string
	// example is the folder of the example app. worker is the folder of its Worker.
	example, worker string
)

func TestMain(m *testing.M) { apphost.Main(m, &chromium, prepare) }

func prepare(dir string) error {
	root, err := filepath.Abs("../../..")
	if err != nil {
		return err
	}
	example = filepath.Join(root, "examples", "custom-ui")
	worker = filepath.Join(example, "remote", "worker")
	wrangler = filepath.Join(root, "test", "node_modules", "wrangler", "bin", "wrangler.js")
	// Send nothing to Cloudflare, and store nothing in the home folder.
	for name, value := range map[string]string{"WRANGLER_SEND_METRICS": "false", "XDG_CONFIG_HOME": filepath.Join(dir, "config"),
		"WRANGLER_LOG_PATH": filepath.Join(dir, "logs"), "NO_COLOR": "1"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	if forgego, err = command.Build(dir); err != nil {
		return err
	}
	if _, err := run(root, forgego, "build", example); err != nil {
		return err
	}
	// Build the Worker as a deployment does, without the upload.
	out, err := run(worker, "node", wrangler, "deploy", "--dry-run", "--outdir", filepath.Join(dir, "upload"))
	if err != nil {
		return err
	}
	for _, pattern := range []string{`Worker: .*`, `Total Upload: .*`} {
		line := regexp.MustCompile(pattern).FindString(out)
		if line == "" {
			return fmt.Errorf("wrangler does not print a line %q:\n%s", pattern, out)
		}
		fmt.Println(line)
	}
	return nil
}

func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	return string(out), nil
}
