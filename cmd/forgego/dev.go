package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/stableport"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// Help returns the text that the command's --help prints after the first line.
func (f *appFlags) Help() string {
	return "A remote's command in forgego.yml gets these variables, in addition to your own environment:\n\n" +
		"HOST and PORT: where to listen, by default on 127.0.0.1\n\n" +
		"FORGE_APP_ID: app.id of manifest.yml\n\n" +
		"FORGE_JWKS_URL: the key set that verifies the local host's tokens\n\n" +
		"FORGE_ALLOWED_ORIGINS: the origins whose pages may call the remote, separated by commas: the product page's and those of the app's pages\n\n" +
		"FORGE_REMOTE_URL: the address at which pages reach the remote\n\n" +
		"The command of a container service gets SERVER_PORT, FORGE_APP_ARI and FORGE_SERVICE_KEY, as a container does."
}

// pollFlag is the flag of the commands that watch files.
type pollFlag struct {
	Poll bool `help:"Look for changes twice a second, for folders whose system does not report changes, such as shared folders of virtual machines."`
}

// appFlags say how to run an app.
type appFlags struct {
	compilerFlag
	Addr          string        `placeholder:"127.0.0.1:PORT" help:"Where the product page listens; port 0 chooses a free port. Default: 127.0.0.1:8765, or a free port above it."`
	FitTTL        time.Duration `name:"fit-ttl" default:"25s" placeholder:"DURATION" help:"How long a token of requestRemote, or one that the app asks for itself, is valid. Default: ${default}."`
	InvokeTimeout time.Duration `default:"25s" placeholder:"DURATION" help:"How long invokeRemote, invokeService and invoke wait for an answer. Default: ${default}, as on the platform."`
	NoBuild       bool          `help:"Serve the resource folders as they are."`
	NoWatch       bool          `help:"Do not watch for changes. If something does not build or start, exit."`
	pollFlag
	Open   bool   `help:"Open the page in the browser as soon as it is ready."`
	Editor string `env:"FORGEGO_EDITOR" placeholder:"COMMAND" help:"Open the places of errors by this command, such as 'code -g {file}:{line}:{column}'. Without {file}, the place is added."`
	Dir    string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// devCommand runs an app for a person, or for a program that reads its events.
type devCommand struct {
	appFlags
	Events string `enum:",json" default:"" placeholder:"json" help:"Write each event as a line of JSON to standard output, instead of the line ready."`
}

// Validate returns an error for values that can only be mistakes.
func (f *appFlags) Validate() error {
	if f.Addr != "" {
		host, port, err := net.SplitHostPort(f.Addr)
		if err != nil {
			return fmt.Errorf("--addr %s is not an address; write it as 127.0.0.1:PORT", f.Addr)
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
			return fmt.Errorf("--addr %s has no port from 0 to 65535", f.Addr)
		}
		if !weburl.IsLoopback(host) {
			return fmt.Errorf("--addr %s could be reached by other machines; use 127.0.0.1, [::1] or localhost", f.Addr)
		}
	}
	if f.FitTTL < time.Second {
		return fmt.Errorf("--fit-ttl %s is too short; use at least 1s", f.FitTTL)
	}
	if f.InvokeTimeout <= 0 {
		return fmt.Errorf("--invoke-timeout %s is too short; use more than 0s", f.InvokeTimeout)
	}
	return nil
}

// Run serves the app until ctx ends or the user quits, which is not an error.
func (d *devCommand) Run(ctx context.Context, c console) error {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ready := func(url string) {
		// Scripts wait for this line. It is the only one on standard output.
		fmt.Fprintf(c.out, "ready: %s\n", url)
	}
	report := func(devhost.Event) {}
	if d.Events == "json" {
		stream := newEventStream(c.out)
		defer stream.close()
		ready, report = func(url string) { c.say("ready: %s", url) }, stream.add
	}
	hasKeys := false
	var loop *devloop.Loop
	screen := newScreen(c, d.NoWatch, func(url string) {
		ready(url)
		if hasKeys {
			c.say(keyHelp)
		}
		if d.Open {
			go c.openPage(loop.Host())
		}
	})
	loop, err := d.newLoop(c, func(e devhost.Event) {
		report(e)
		screen.print(e)
	})
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, screen.close)()
	quit := func() {
		screen.close()
		c.say("Stopping.")
		cancel()
	}
	closeKeys, hasKeys := readKeys(ctx, keys{c, loop, quit})
	defer closeKeys()
	err = loop.Run(ctx)
	screen.close()
	if ctx.Err() == nil {
		return err
	}
	if outer.Err() == nil {
		c.say("forgego: stopped")
	}
	return nil
}

// newLoop reads the app and listens.
func (f *appFlags) newLoop(c console, report func(devhost.Event)) (loop *devloop.Loop, err error) {
	host := []devhost.Option{devhost.WithTokenLifetime(f.FitTTL), devhost.WithInvokeTimeout(f.InvokeTimeout), devhost.WithStderr(c.err)}
	if f.Editor != "" {
		editor, err := newEditor(f.Editor, f.Dir)
		if err != nil {
			return nil, err
		}
		editor.problems = func() []devhost.Problem { return loop.Problems() }
		host = append(host, devhost.WithOpen(editor.open))
	}
	err = f.listen(c, func(addr string) (err error) {
		loop, err = devloop.New(devloop.Options{
			Dir:      f.Dir,
			Host:     append(slices.Clone(host), devhost.WithAddr(addr), devhost.WithAppAddr(appAddr(addr))),
			Compiler: f.Compiler,
			NoBuild:  f.NoBuild,
			NoWatch:  f.NoWatch,
			Poll:     f.Poll,
			Output:   c.err,
			Report:   report,
		})
		return err
	})
	return loop, err
}

// The ports of the page, if none was chosen: the first one that is free. The app's pages take the ports between them.
const (
	firstPort = 8765
	lastPort  = firstPort + 2*50
)

// listen calls try with the address of the page.
func (f *appFlags) listen(c console, try func(addr string) error) error {
	if f.Addr != "" {
		err := try(f.Addr)
		if supervise.InUse(err) {
			return fmt.Errorf("%s is used by another program, perhaps another forgego. Stop it, or choose a free port: --addr 127.0.0.1:0", f.Addr)
		}
		return err
	}
	addr, err := firstFree(firstPort, lastPort, try)
	if first := localAddr(firstPort); err == nil && addr != first {
		c.say("%s is used by another program, so the page is at %s.", first, addr)
	}
	return err
}

// firstFree calls try with the addresses of every second port, until one is not in use, and returns that address.
func firstFree(first, last int, try func(addr string) error) (addr string, err error) {
	for port := first; port <= last; port += 2 {
		addr = localAddr(port)
		if err = try(addr); !supervise.InUse(err) {
			return addr, err
		}
	}
	return "", fmt.Errorf("the ports %d to %d are in use; choose another by --addr 127.0.0.1:0", first, last)
}

func localAddr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// appAddr returns where to serve the app's pages: the port after the product's, so that a page finds its browser storage
// again next time, and pages that are open stay as they are when forgego is started again. If that port is in use, it is
// another one that is the same next time.
func appAddr(addr string) (app string) {
	host, text, _ := net.SplitHostPort(addr)
	port, err := strconv.Atoi(text)
	if err != nil || port == 0 {
		return net.JoinHostPort(host, "0")
	}
	listen := func(addr string) error {
		app = addr
		l, err := net.Listen("tcp", addr)
		if err == nil {
			l.Close()
		}
		return err
	}
	if port == 65535 || listen(net.JoinHostPort(host, strconv.Itoa(port+1))) != nil {
		_ = stableport.Listen(host, addr, listen) // if no port is free, the host itself says so
	}
	return app
}
