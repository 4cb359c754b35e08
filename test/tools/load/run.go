package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/internal/supervise"
	"github.com/forgego/forgego/remote/remotetest"
)

const appID = "ari:cloud:ecosystem::app/0b0f5d5e-8a3e-4a9c-9d5a-3f1c2b7e6a10"

// config describes the load.
type config struct {
	duration      time.Duration
	clients       int
	installations int
	// least is the number of requests that each client sends at least, however long that takes.
	least int
}

func (c config) check() error {
	switch {
	case c.duration <= 0 || c.duration > 10*time.Minute:
		return errors.New("the duration must be more than 0 and at most 10m")
	case c.clients < 1 || c.clients > 256:
		return errors.New("there must be 1 to 256 clients")
	case c.installations < 1 || c.installations > c.clients:
		return errors.New("there must be at least one installation, and at most as many as clients")
	}
	return nil
}

// run starts the backend, sends requests for the duration with a restart in the middle, and compares the backend's tasks
// with its answers to the clients. If ctx ends, run stops early with an error.
func run(ctx context.Context, c config) (report, error) {
	if err := c.check(); err != nil {
		return report{}, err
	}
	b, err := newBackend(ctx)
	if err != nil {
		return report{}, err
	}
	defer b.close()

	transport := &http.Transport{MaxIdleConnsPerHost: c.clients}
	defer transport.CloseIdleConnections()
	clients := make([]*client, c.clients)
	for i := range clients {
		installation := fmt.Sprintf("ari:cloud:ecosystem::installation/%d", i%c.installations)
		clients[i] = newClient(i, installation, b, &http.Client{Transport: transport, Timeout: patience})
	}
	began := time.Now()
	end := began.Add(c.duration)
	var working sync.WaitGroup
	for _, client := range clients {
		working.Go(func() { client.work(ctx, end, c.least) })
	}
	down, err := b.restart(ctx, c.duration/2)
	working.Wait()
	took := time.Since(began)
	if err := errors.Join(err, ctx.Err()); err != nil {
		return report{}, err
	}
	result := newReport(clients, took, down)
	for i := range c.installations {
		client := clients[i]
		found, err := client.list(ctx)
		if err != nil {
			return report{}, fmt.Errorf("listing the tasks at the end: %w", err)
		}
		want := make(map[string]task)
		for _, other := range clients {
			if other.installation == client.installation {
				for id, t := range other.tasks {
					want[id] = t
				}
			}
		}
		lost, doubled := compare(want, found)
		result.lost += lost
		result.doubled += doubled
		result.left += len(found)
	}
	return result, nil
}

// backend is the example's remote, in its own process.
type backend struct {
	issuer  *remotetest.Issuer
	keys    *httptest.Server
	dir     string
	addr    string
	log     *os.File
	process *supervise.Process
}

func newBackend(ctx context.Context) (b *backend, err error) {
	b = &backend{issuer: remotetest.NewIssuer(appID)}
	b.keys = httptest.NewServer(b.issuer.Handler())
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.dir, err = os.MkdirTemp("", "forgego-load-"); err != nil {
		return b, err
	}
	if b.log, err = os.Create(filepath.Join(b.dir, "log")); err != nil {
		return b, err
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/forgego/forgego").Output()
	if err != nil {
		return b, fmt.Errorf("finding the repository; run this in its folder test/: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.program(), "./examples/custom-ui/remote")
	build.Dir = strings.TrimSpace(string(root))
	if out, err := build.CombinedOutput(); err != nil {
		return b, fmt.Errorf("%v: %w\n%s", build.Args, err, out)
	}
	if b.addr, err = supervise.FreeAddr(); err != nil {
		return b, err
	}
	return b, b.start(ctx)
}

func (b *backend) program() string { return filepath.Join(b.dir, "remote.exe") }

// start starts the program with the existing database, and waits until it listens.
func (b *backend) start(ctx context.Context) error {
	host, port, err := net.SplitHostPort(b.addr)
	if err != nil {
		return err
	}
	b.process, err = supervise.Start(supervise.Spec{
		Name: "remote", Command: []string{b.program()}, Addr: b.addr,
		Env: []string{"HOST=" + host, "PORT=" + port, "FORGE_APP_ID=" + appID, "FORGE_JWKS_URL=" + b.keys.URL, "FORGE_REMOTE_URL=http://" + b.addr,
			"TASKS_DB=" + filepath.Join(b.dir, "tasks.db")},
	}, supervise.NewOutput(b.log, "remote"))
	if err != nil {
		return err
	}
	return b.process.Ready(ctx)
}

// restart tells the program to end after a time and starts it again. It returns how long no program was running.
func (b *backend) restart(ctx context.Context, after time.Duration) (time.Duration, error) {
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-b.process.Done():
		return 0, b.process.Err()
	case <-ctx.Done():
		return 0, nil
	}
	began := time.Now()
	b.process.Stop()
	err := b.start(ctx)
	return time.Since(began), err
}

func (b *backend) close() {
	if b.process != nil {
		b.process.Stop()
	}
	b.keys.Close()
	if b.log != nil {
		b.log.Close()
	}
	if b.dir != "" {
		os.RemoveAll(b.dir)
	}
}
