package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
)

// startRemotes starts the commands of forgego.yml, tells the host where they are, and waits until they all accept
// connections. One that dies later is reported; the others go on. stop ends them all; it is to be called after an error
// too.
func (a *app) startRemotes(ctx context.Context, c console, host *devhost.Host) (stop func(), err error) {
	keys := slices.Sorted(maps.Keys(a.dev.Remotes))
	out := supervise.NewOutput(c.err, keys...)
	var running []*supervise.Process
	var watching sync.WaitGroup
	stop = func() {
		var stopping sync.WaitGroup
		for _, p := range running {
			stopping.Go(p.Stop)
		}
		stopping.Wait()
		watching.Wait()
	}
	for _, key := range keys {
		remote := a.dev.Remotes[key]
		addr, base, err := place(remote)
		if err != nil {
			return stop, fmt.Errorf("remote %s: %w", key, err)
		}
		if err := host.SetRemoteURL(key, base); err != nil {
			return stop, err
		}
		if len(remote.Command) == 0 {
			if !supervise.Accepts(ctx, addr) {
				c.say("%s: nothing answers at %s yet. Start it, or give it a command in forgego.yml.", key, base)
			}
			continue
		}
		c.say("%s: starting %s", key, strings.Join(remote.Command, " "))
		p, err := supervise.Start(supervise.Spec{
			Name: key, Command: remote.Command, Dir: a.dir, Addr: addr, Env: a.environment(addr, host),
		}, out)
		if err != nil {
			return stop, err
		}
		running = append(running, p)
	}
	if err := waitReady(ctx, running); err != nil {
		return stop, err
	}
	for _, p := range running {
		watching.Go(func() {
			<-p.Done()
			if err := p.Err(); err != nil {
				c.say("forgego: %v\nThe page stays open, but calls to this remote fail. To start it again, stop forgego dev and run it again.", err)
			}
		})
	}
	return stop, nil
}

// place is where a remote listens: at its URL's address, or at a free one.
func place(r manifest.DevRemote) (addr, base string, err error) {
	if r.URL == "" {
		addr, err = supervise.FreeAddr()
		return addr, "http://" + addr, err
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		return "", "", err
	}
	port := u.Port()
	if port == "" {
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port), r.URL, nil
}

// environment is what a remote's command gets beside this process's own variables. Requests come from two origins: the
// product page's, by requestRemote, and the app's own, where its pages make requests themselves.
func (a *app) environment(addr string, host *devhost.Host) []string {
	_, port, _ := net.SplitHostPort(addr)
	return []string{
		"PORT=" + port,
		"FORGE_APP_ID=" + a.manifest.AppID,
		"FORGE_JWKS_URL=" + host.JWKSURL(),
		"FORGE_ALLOWED_ORIGINS=" + strings.TrimSuffix(host.URL(), "/") + "," + strings.TrimSuffix(host.AppURL(), "/"),
	}
}

// waitReady returns at the first error, so that one remote's death does not wait for another's compiler.
func waitReady(ctx context.Context, running []*supervise.Process) error {
	results := make(chan error, len(running))
	for _, p := range running {
		go func() { results <- p.Ready(ctx) }()
	}
	for range running {
		if err := <-results; err != nil {
			return err
		}
	}
	return nil
}
