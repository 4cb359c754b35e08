package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// Help returns the text that forgego dev --help prints after the first line.
func (d *devCommand) Help() string {
	return "A remote's command in forgego.yml gets these variables, in addition to your own environment:\n\n" +
		"PORT: the port to listen on, at 127.0.0.1\n\n" +
		"FORGE_APP_ID: app.id of manifest.yml\n\n" +
		"FORGE_JWKS_URL: the key set that verifies the local host's tokens\n\n" +
		"FORGE_ALLOWED_ORIGINS: the origins whose pages may call the remote, separated by commas: the product page's and the app page's\n\n" +
		"The command of a container service gets SERVER_PORT, FORGE_APP_ARI and FORGE_SERVICE_KEY, as a container does."
}

type devCommand struct {
	compilerFlag
	Addr          string        `default:"127.0.0.1:8765" placeholder:"127.0.0.1:PORT" help:"Where the product page listens; port 0 chooses a free port. Default: ${default}."`
	FitTTL        time.Duration `name:"fit-ttl" default:"25s" help:"How long a token of requestRemote, or one that the app asks for itself, is valid. Default: ${default}."`
	InvokeTimeout time.Duration `default:"25s" help:"How long invokeRemote, invokeService and invoke wait for an answer. Default: ${default}, as on the platform."`
	NoBuild       bool          `help:"Serve the resource folders as they are."`
	NoWatch       bool          `help:"Do not watch for changes. If something does not build or start, exit."`
	Poll          bool          `help:"Look for changes twice a second, for folders whose system does not report changes, such as shared folders of virtual machines."`
	Dir           string        `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// Validate returns an error for values that can only be mistakes.
func (d *devCommand) Validate() error {
	host, port, err := net.SplitHostPort(d.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s is not an address; write it as 127.0.0.1:PORT", d.Addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n > 65535 {
		return fmt.Errorf("--addr %s has no port from 0 to 65535", d.Addr)
	}
	if !weburl.IsLoopback(host) {
		return fmt.Errorf("--addr %s could be reached by other machines; use 127.0.0.1, [::1] or localhost", d.Addr)
	}
	if d.FitTTL < time.Second {
		return fmt.Errorf("--fit-ttl %s is too short; use at least 1s", d.FitTTL)
	}
	if d.InvokeTimeout <= 0 {
		return fmt.Errorf("--invoke-timeout %s is too short; use more than 0s", d.InvokeTimeout)
	}
	return nil
}

// Run serves the app until ctx ends, which is not an error.
func (d *devCommand) Run(ctx context.Context, c console) error {
	screen := &screen{console: c, failuresEnd: d.NoWatch}
	loop, err := devloop.New(devloop.Options{
		Dir:      d.Dir,
		Host:     devhost.Options{Addr: d.Addr, AppAddr: appAddr(d.Addr), FITTTL: d.FitTTL, InvokeTimeout: d.InvokeTimeout, Stderr: c.err},
		Compiler: d.Compiler,
		NoBuild:  d.NoBuild,
		NoWatch:  d.NoWatch,
		Poll:     d.Poll,
		Output:   c.err,
		Report:   screen.print,
	})
	if err != nil {
		return d.explain(err)
	}
	if err := loop.Run(ctx); ctx.Err() == nil {
		return err
	}
	return nil
}

// explain adds to the error of a used port what the user can do.
func (d *devCommand) explain(err error) error {
	if supervise.InUse(err) {
		return fmt.Errorf("%s is used by another program, perhaps another forgego dev. Stop it, or choose another port:\n"+
			"  forgego dev --addr 127.0.0.1:0", d.Addr)
	}
	return err
}

// appAddr returns where to serve the app's pages: the port after the product's, so that a page finds its browser
// storage again next time, or a free port if that one is in use.
func appAddr(addr string) string {
	host, text, _ := net.SplitHostPort(addr)
	free := net.JoinHostPort(host, "0")
	port, err := strconv.Atoi(text)
	if err != nil || port == 0 || port == 65535 {
		return free
	}
	next := net.JoinHostPort(host, strconv.Itoa(port+1))
	l, err := net.Listen("tcp", next)
	if err != nil {
		return free
	}
	l.Close()
	return next
}
