package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/testlog"
)

const anyAddr = "--addr=127.0.0.1:0"

// remoteApp returns an app with one remote, which this test program runs at the returned address.
func remoteApp(t *testing.T) (dir, addr string) {
	t.Helper()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	return makeApp(t, "manifest.yml", fullManifest, "static/index.html", page,
		"forgego.yml", "remotes:\n  tasks-api:\n    url: http://"+addr+"\n    command: ["+strconv.Quote(os.Args[0])+"]\n"), addr
}

func TestDevRunsRemote(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"serves", "starts another"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			dir, addr := remoteApp(t)
			c := start(t, role, "dev", anyAddr, dir)
			url := c.ready()
			_, body := get(t, "http://"+addr+"/environment")
			var env map[string]string
			if err := json.Unmarshal([]byte(body), &env); err != nil {
				t.Fatal(err)
			}
			real, err := filepath.EvalSymlinks(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, page := get(t, url)
			frame := regexp.MustCompile(`<iframe[^>]* src="(http://[^/]*)/`).FindStringSubmatch(page)
			if len(frame) != 2 || frame[1]+"/" == url {
				t.Fatalf("the product page shows the app at %q", frame)
			}
			if env["app"] != "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555" || env["origins"] != strings.TrimSuffix(url, "/")+","+frame[1] ||
				env["url"] != "http://"+addr || env["addr"] != addr || !strings.Contains(env["keys"], `"RSA"`) || env["folder"] != real || env["own"] != "serves" {
				t.Errorf("the remote has the environment %v", env)
			}
			conn := hold(t, addr)
			if err := c.stop(); err != nil {
				t.Fatal(err)
			}
			waitGone(t, conn)
			if status := c.wait(); status != stoppedStatus {
				t.Errorf("exit status %d, want %d", status, stoppedStatus)
			}
		})
	}
}

func TestDevChoosesPortForRemote(t *testing.T) {
	t.Parallel()
	dir, _ := remoteApp(t)
	write(t, filepath.Join(dir, "forgego.yml"), "remotes:\n  tasks-api:\n    command: ["+strconv.Quote(os.Args[0])+"]\n")
	url := start(t, "serves", "dev", anyAddr, dir).ready()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	// The host's page may reach the remotes at their local addresses.
	policy := resp.Header.Get("Content-Security-Policy")
	if !regexp.MustCompile(`connect-src [^;]* http://127\.0\.0\.1:\d`).MatchString(policy) {
		t.Errorf("the policy does not allow the local address of the remote: %s", policy)
	}
}

func TestDevRunsService(t *testing.T) {
	t.Parallel()
	addr, err := supervise.FreeAddr()
	if err != nil {
		t.Fatal(err)
	}
	dir := makeApp(t, "manifest.yml", fullManifest+"services:\n  - key: java\n", "static/index.html", page,
		"forgego.yml", "services:\n  java:\n    url: http://"+addr+"\n    command: ["+strconv.Quote(os.Args[0])+"]\n")
	c := start(t, "is a service", "dev", anyAddr, dir)
	c.ready()
	_, body := get(t, "http://"+addr+"/")
	if want := "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555 java"; body != want {
		t.Errorf("the service has the environment %q, want %q", body, want)
	}
	if resp, err := http.Get("http://" + addr + "/die"); err == nil {
		resp.Body.Close()
	}
	c.stderr.Wait(t, "service java ended: exit status 4.")
}

func TestDevRemoteWithoutCommand(t *testing.T) {
	t.Parallel()
	dir, addr := remoteApp(t)
	write(t, filepath.Join(dir, "forgego.yml"), "remotes:\n  tasks-api:\n    url: http://"+addr+"\n")
	c := start(t, "", "dev", anyAddr, dir)
	c.ready()
	c.stderr.Wait(t, "tasks-api: nothing answers at http://"+addr+" yet.")
}

func TestDevContinuesAfterRemoteEnds(t *testing.T) {
	t.Parallel()
	dir, addr := remoteApp(t)
	c := start(t, "serves", "dev", anyAddr, dir)
	url := c.ready()
	if resp, err := http.Get("http://" + addr + "/die"); err == nil {
		resp.Body.Close()
	}
	c.stderr.Wait(t, "remote tasks-api ended: exit status 4. Its last lines:\n  out of memory\n")
	if status, _ := get(t, url); status != http.StatusOK {
		t.Errorf("the page returns %d", status)
	}
}

func TestDevErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	takenAddr := taken.Addr().String()
	dir, addr := remoteApp(t)
	for _, c := range []struct {
		name, role string
		args       []string
		want       []string
	}{
		{"port taken", "", []string{"--addr", takenAddr, dir}, []string{
			"forgego: " + takenAddr + " is used by another program", "--addr 127.0.0.1:0",
		}},
		{"remote exits", "exits 3", []string{"--no-watch", anyAddr, dir}, []string{
			"tasks-api │ reading settings\ntasks-api │ no database\n",
			"forgego: remote tasks-api ended: exit status 3. Its last lines:\n  reading settings\n  no database\n",
		}},
		{"no manifest", "", []string{anyAddr, filepath.Join(dir, "static")}, []string{
			filepath.Join(dir, "static", "manifest.yml") + ": there is no such file", "Run the command in the folder of a Forge app",
		}},
		{"no such program", "", []string{"--no-watch", anyAddr, makeApp(t, "manifest.yml", fullManifest, "static/index.html", page, "forgego.yml",
			"remotes:\n  tasks-api:\n    command: [forgego-no-such-program]\n")}, []string{
			"forgego: remote tasks-api: its command did not start: forgego-no-such-program: ",
		}},
		{"remote's port taken", "serves", []string{"--no-watch", anyAddr, makeApp(t, "manifest.yml", fullManifest, "static/index.html", page, "forgego.yml",
			"remotes:\n  tasks-api:\n    url: http://"+takenAddr+"\n    command: [go]\n")}, []string{
			"forgego: remote tasks-api: " + takenAddr + " is used by another program", "forgego.yml",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := fails(t, 1, c.role, append([]string{"dev"}, c.args...)...)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("the output does not contain %q:\n%s", want, got)
				}
			}
		})
	}
	if supervise.Accepts(t.Context(), addr) {
		t.Error("a remote is still running")
	}
}

// All faults of the files are printed. Each line starts with the place of the fault.
func TestDevReportsAllFileErrors(t *testing.T) {
	t.Parallel()
	goApp := []string{"static/index.html", page, "frontend/main.go", "package main\n\nfunc main() {}\n", "forgego.yml", "frontends:\n  main:\n    package: ./frontend\n"}
	for _, c := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"module without resource", []string{"manifest.yml", strings.Replace(plainManifest, "      resource: main\n", "", 1)},
			[]string{`manifest.yml:5:7: module "panel" has no resource`}},
		{"not YAML", []string{"manifest.yml", "app: [\n"}, []string{"manifest.yml:1:7: not valid YAML"}},
		{"both files", []string{"manifest.yml", strings.Replace(plainManifest, "path: static", "path: none", 1), "forgego.yml", "remote: {}\n"},
			[]string{"manifest.yml:10:5: the folder of resource", `forgego.yml:1:1: unknown key "remote"`}},
		{"WebAssembly without unsafe-eval", append(goApp, "manifest.yml", plainManifest),
			[]string{`manifest.yml:9:5: resource "main" holds WebAssembly (the Go program ./frontend)`, "        - unsafe-eval", "admins must consent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := makeApp(t, c.files...)
			got := fails(t, 1, "", "dev", anyAddr, dir)
			if !strings.HasPrefix(got, dir+string(filepath.Separator)+c.want[0]) {
				t.Errorf("the output does not start with %q:\n%s", c.want[0], got)
			}
			for _, want := range c.want[1:] {
				if !strings.Contains(got, want) {
					t.Errorf("the output does not contain %q:\n%s", want, got)
				}
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, args, want string }{
		{"no command", "", `expected one of "new", "dev", "mcp", "build", `},
		{"unknown command", "serve", "unexpected argument serve"},
		{"unknown flag", "dev --port 80", "unknown flag --port, did you mean \"--addr 127.0.0.1:PORT\"?\nSee forgego dev --help."},
		{"unknown flag without a command", "--port 80", "unknown flag --port\nSee forgego --help."},
		{"every address", "dev --addr :8080", "--addr :8080 could be reached by other machines"},
		{"another machine's address", "dev --addr 192.168.1.5:8080", "use 127.0.0.1"},
		{"no port", "dev --addr 127.0.0.1", "write it as 127.0.0.1:PORT"},
		{"port not a number", "dev --addr 127.0.0.1:http", "no port from 0 to 65535"},
		{"port too high", "dev --addr 127.0.0.1:65536", "no port from 0 to 65535"},
		{"not a duration", "dev --fit-ttl soon", "invalid duration"},
		{"lifetime too short", "dev --fit-ttl 10ms", "--fit-ttl 10ms is too short"},
		{"no time to invoke", "dev --invoke-timeout 0s", "--invoke-timeout 0s is too short"},
		{"unknown form of events", "dev --events xml", `--events must be one of "json" but got "xml"`},
		{"help for an unknown command", "help serve", "unexpected argument serve"},
		{"two folders", "build a b", "unexpected argument b"},
		{"no shell", "completion", `expected "<bash|zsh|fish>"`},
		{"unknown shell", "completion pwsh", `must be one of "bash","zsh","fish" but got "pwsh"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			if status := run(t.Context(), strings.Fields(c.args), &out, &errOut); status != 2 {
				t.Errorf("exit status %d, want 2", status)
			}
			if !strings.HasPrefix(errOut.String(), "forgego: ") || !strings.Contains(errOut.String(), c.want) || out.Len() > 0 {
				t.Errorf("stdout %q, stderr %q; want %q", out.String(), errOut.String(), c.want)
			}
		})
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ args, want string }{
		{"--help", "not affiliated with Atlassian"},
		{"dev --help", "127.0.0.1:8765"},
		{"dev --help", "FORGE_ALLOWED_ORIGINS: the origins whose pages may call"},
		{"dev --help", "FORGE_REMOTE_URL: the address at which pages reach the remote"},
		{"version", "forgego "},
		{"--version", "forgego "},
		{"help", "not affiliated with Atlassian"},
		{"help dev", "127.0.0.1:8765"},
		{"mcp --help", "let an agent see and drive it"},
		{"completion --help", "Usage: forgego completion <bash|zsh|fish> "},
	} {
		t.Run(c.args, func(t *testing.T) {
			var out, errOut bytes.Buffer
			if status := run(t.Context(), strings.Fields(c.args), &out, &errOut); status != 0 || !strings.Contains(out.String(), c.want) || errOut.Len() > 0 {
				t.Errorf("exit status %d, stdout %q, stderr %q", status, out.String(), errOut.String())
			}
		})
	}
}

// TestDefaultsOnce checks that no flag's help says its default twice: kong prints the default of a flag without a placeholder.
func TestDefaultsOnce(t *testing.T) {
	t.Parallel()
	parser, err := kong.New(&cli{}, kong.Vars{"version": version()})
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, command := range parser.Model.Leaves(true) {
		for _, f := range command.Flags {
			if strings.Contains(f.Help, "Default: ") && f.Default != "" {
				checked++
				if f.PlaceHolder == "" {
					t.Errorf("%s --%s needs a placeholder", command.Name, f.Name)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no flag was checked")
	}
}

// The command runs in this process, so that the race detector checks it, and only the command itself can end the remote.
func TestDevStopsWithContext(t *testing.T) {
	t.Setenv(roleVariable, "serves")
	dir, addr := remoteApp(t)
	ctx, cancel := context.WithCancel(t.Context())
	out, errOut := &testlog.Log{}, &testlog.Log{}
	status := make(chan int, 1)
	go func() { status <- run(ctx, []string{"dev", anyAddr, dir}, out, errOut) }()
	out.Wait(t, "ready: http://127.0.0.1:")
	cancel()
	if got := <-status; got != 0 || strings.Contains(errOut.String(), "ended") {
		t.Errorf("exit status %d, stderr %q", got, errOut)
	}
	if supervise.Accepts(t.Context(), addr) {
		t.Error("the remote is still running")
	}
}

// If forgego.yml has product credentials, the printed address contains the key that is needed to use them.
func TestDevPrintsKey(t *testing.T) {
	for _, c := range []struct {
		name, dev string
		want      *regexp.Regexp
	}{
		{"credentials", "products:\n  jira:\n    url: https://example.com\n    authorization: TEST_AUTHORIZATION\n", regexp.MustCompile(`^ready: http://127\.0\.0\.1:\d+/#key=\w{20,}\n$`)},
		{"none", "products:\n  jira:\n    url: https://example.com\n", regexp.MustCompile(`^ready: http://127\.0\.0\.1:\d+/\n$`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := makeApp(t, "manifest.yml", plainManifest, "static/index.html", page, "forgego.yml", c.dev)
			ctx, cancel := context.WithCancel(t.Context())
			out, errOut := &testlog.Log{}, &testlog.Log{}
			status := make(chan int, 1)
			go func() { status <- run(ctx, []string{"dev", anyAddr, dir}, out, errOut) }()
			out.Wait(t, "ready: http://127.0.0.1:")
			cancel()
			if got := <-status; got != 0 || !c.want.MatchString(out.String()) {
				t.Errorf("exit status %d, printed %q", got, out)
			}
		})
	}
}

func TestAppAddr(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, text, _ := net.SplitHostPort(taken.Addr().String())
	port, _ := strconv.Atoi(text)
	for _, c := range []struct {
		name, addr string
		want       *regexp.Regexp
	}{
		{"free port", "127.0.0.1:0", regexp.MustCompile(`^127\.0\.0\.1:0$`)},
		{"same host", "localhost:0", regexp.MustCompile(`^localhost:0$`)},
		{"last port", "127.0.0.1:65535", regexp.MustCompile(`^127\.0\.0\.1:2\d{4}$`)},
		{"next port taken", net.JoinHostPort("127.0.0.1", strconv.Itoa(port-1)), regexp.MustCompile(`^127\.0\.0\.1:2\d{4}$`)},
	} {
		got := appAddr(c.addr)
		if !c.want.MatchString(got) {
			t.Errorf("%s: appAddr(%s) = %s, want a match of %s", c.name, c.addr, got, c.want)
		}
		if again := appAddr(c.addr); again != got {
			t.Errorf("%s: appAddr(%s) = %s the second time, and %s before", c.name, c.addr, again, got)
		}
	}
}
