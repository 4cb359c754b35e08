package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/devloop"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
)

// tunnelCommand is the server for the ports that manifest.yml names as tunnel.port.
type tunnelCommand struct {
	compilerFlag
	Write bool `help:"Add tunnel.port to manifest.yml for each resource with a Go front end that has none."`
	pollFlag
	Dir string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// Help returns the text that the command's --help prints after the first line.
func (t *tunnelCommand) Help() string {
	return "forge tunnel, in a second terminal, then shows the resources on your site: the pages load again after each save, and show what does not build.\n\n" +
		"Nothing is reachable from other machines. The app's remotes are not started: a site calls the addresses in manifest.yml."
}

// firstTunnelPort is the first port that --write tries.
const firstTunnelPort = 8901

// Run serves the resources until ctx ends.
func (t *tunnelCommand) Run(ctx context.Context, c console) error {
	app, err := manifest.LoadApp(t.Dir)
	if err != nil {
		return err
	}
	keys := app.Dev.Programs()
	if len(keys) == 0 && len(app.Dev.Frontends) > 0 {
		return errors.New("nothing to serve: the front ends have servers of their own. Start these, for example with npm run dev, and then forge tunnel")
	}
	if len(keys) == 0 {
		return errors.New("nothing to serve: " + noFrontend)
	}
	served, err := t.ports(c, app, keys)
	if err != nil {
		return err
	}
	screen := newScreen(c, false, func(url string) {
		// Scripts wait for this line. It is the only one on standard output.
		fmt.Fprintf(c.out, "ready: %s\n", url)
		t.sayHow(c)
	})
	var server *devhost.TunnelServer
	loop, err := devloop.New(devloop.Options{
		Dir: t.Dir, Compiler: t.Compiler, Poll: t.Poll, Output: c.err, Report: screen.print,
		NewServer: func(_ *manifest.App, report func(devhost.Event)) (_ devloop.Server, err error) {
			server, err = devhost.NewTunnelServer(t.Dir, served, report)
			return server, err
		},
	})
	if supervise.InUse(err) {
		return fmt.Errorf("%w\nAnother forgego tunnel may run. Stop it, or choose another tunnel.port in %s", err, filepath.Join(t.Dir, "manifest.yml"))
	}
	if err != nil {
		return err
	}
	for _, key := range served {
		c.say("%s: serving at %s", key, server.URL(key))
	}
	defer context.AfterFunc(ctx, screen.close)()
	err = loop.Run(ctx)
	screen.close()
	if ctx.Err() == nil {
		return err
	}
	return nil
}

func (t *tunnelCommand) sayHow(c console) {
	where := ""
	if t.Dir != "." {
		where = " in " + t.Dir
	}
	c.say("In a second terminal%s, run: forge tunnel", where)
}

// ports returns the keys of the resources that have a tunnel.port. With --write, it first adds missing ports to manifest.yml.
func (t *tunnelCommand) ports(c console, app *manifest.App, keys []string) (served []string, err error) {
	used := map[int]bool{}
	for _, r := range app.Manifest.Resources {
		used[r.TunnelPort] = true
	}
	missing := map[string]int{}
	next := firstTunnelPort
	for _, key := range keys {
		if r, _ := app.Manifest.Resource(key); r.TunnelPort != 0 {
			served = append(served, key)
			continue
		}
		for used[next] || !supervise.IsPortFree(next) {
			next++
		}
		missing[key], used[next] = next, true
	}
	if len(missing) == 0 {
		return served, nil
	}
	names := slices.Sorted(maps.Keys(missing))
	if t.Write {
		if err := manifest.AddTunnelPorts(t.Dir, missing); err != nil {
			return nil, err
		}
		for _, key := range names {
			c.say("%s: added tunnel.port %d of resource %q", filepath.Join(t.Dir, "manifest.yml"), missing[key], key)
		}
		return keys, nil
	}
	if len(served) > 0 {
		c.say("Without tunnel.port in manifest.yml, forge tunnel shows the files as they are: %s. forgego tunnel --write adds it.", strings.Join(names, ", "))
		return served, nil
	}
	return nil, fmt.Errorf("resource %q has no tunnel.port, by which forge tunnel finds this server. Run\n  forgego tunnel --write\nor add to the resource in %s\n  tunnel:\n    port: %d",
		names[0], filepath.Join(t.Dir, "manifest.yml"), missing[names[0]])
}
