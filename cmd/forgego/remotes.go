package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/internal/weburl"
)

// backend is a remote or a container service in forgego.yml.
type backend struct {
	// kind is "remote" or "service".
	kind, key string
	manifest.DevRemote
	// setURL sets the backend's URL in the host.
	setURL func(key, url string) error
	// environment returns the variables that its command gets in addition to this process's own. One of them is
	// portVariable.
	environment  func(addr string) []string
	portVariable string
}

// backends returns all backends, the remotes first.
func (a *app) backends(host *devhost.Host) (all []backend) {
	for _, key := range slices.Sorted(maps.Keys(a.dev.Remotes)) {
		all = append(all, backend{"remote", key, a.dev.Remotes[key], host.SetRemoteURL, func(addr string) []string { return a.remoteEnvironment(addr, host) }, "PORT"})
	}
	for _, key := range slices.Sorted(maps.Keys(a.dev.Services)) {
		all = append(all, backend{"service", key, a.dev.Services[key], host.SetServiceURL, func(addr string) []string { return a.serviceEnvironment(addr, key) }, "SERVER_PORT"})
	}
	return all
}

// startBackends starts the commands in forgego.yml, passes their URLs to the host, and waits until all accept
// connections. If one ends later, that is reported and the others continue. stop stops them all; call it even after
// an error.
func (a *app) startBackends(ctx context.Context, c console, host *devhost.Host) (stop func(), err error) {
	all := a.backends(host)
	var keys []string
	for _, b := range all {
		keys = append(keys, b.key)
	}
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
	kinds := map[*supervise.Process]string{}
	for _, b := range all {
		addr, base, err := place(b.DevRemote)
		if err != nil {
			return stop, fmt.Errorf("%s %s: %w", b.kind, b.key, err)
		}
		if err := b.setURL(b.key, base); err != nil {
			return stop, err
		}
		if len(b.Command) == 0 {
			if !supervise.Accepts(ctx, addr) {
				c.say("%s: nothing answers at %s yet. Start it, or give it a command in forgego.yml.", b.key, base)
			}
			continue
		}
		c.say("%s: starting %s", b.key, strings.Join(b.Command, " "))
		p, err := supervise.Start(supervise.Spec{
			Name: b.key, Kind: b.kind, Command: b.Command, Dir: a.dir, Addr: addr, Env: b.environment(addr), PortVariable: b.portVariable,
		}, out)
		if err != nil {
			return stop, err
		}
		running = append(running, p)
		kinds[p] = b.kind
	}
	if err := waitReady(ctx, running); err != nil {
		return stop, err
	}
	for _, p := range running {
		watching.Go(func() {
			<-p.Done()
			// After this process is asked to stop, the same signal may also have stopped the remotes.
			if err := p.Err(); err != nil && ctx.Err() == nil {
				c.say("forgego: %v\nThe page stays open, but calls to this %s fail. To start it again, stop forgego dev and run it again.", err, kinds[p])
			}
		})
	}
	return stop, nil
}

// place returns where a remote or a service listens: at its URL's address, or at a free one.
func place(r manifest.DevRemote) (addr, base string, err error) {
	if r.URL == "" {
		addr, err = supervise.FreeAddr()
		return addr, "http://" + addr, err
	}
	u, err := weburl.ParseBase(r.URL)
	if err != nil {
		return "", "", fmt.Errorf("the url %s %w", r.URL, err)
	}
	addr = u.Host
	if u.Hostname() == u.Host {
		addr += ":80"
	}
	return addr, r.URL, nil
}

// remoteEnvironment returns the variables for a remote. Requests come from two origins: the product page's, by
// requestRemote, and the app's own, if its pages make requests themselves.
func (a *app) remoteEnvironment(addr string, host *devhost.Host) []string {
	_, port, _ := net.SplitHostPort(addr)
	return []string{
		"PORT=" + port,
		"FORGE_APP_ID=" + a.manifest.AppID,
		"FORGE_JWKS_URL=" + host.JWKSURL(),
		"FORGE_ALLOWED_ORIGINS=" + strings.TrimSuffix(host.URL(), "/") + "," + strings.TrimSuffix(host.AppURL(), "/"),
	}
}

// serviceEnvironment returns those variables of a container that have a meaning here. Source:
// https://developer.atlassian.com/platform/forge/containers-reference/ref-api/
func (a *app) serviceEnvironment(addr, key string) []string {
	_, port, _ := net.SplitHostPort(addr)
	return []string{"SERVER_PORT=" + port, "FORGE_APP_ARI=" + a.manifest.AppID, "FORGE_SERVICE_KEY=" + key}
}

// waitReady returns at the first error, so that the end of one remote is reported while another still compiles.
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
