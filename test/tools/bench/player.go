package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/test/harness/browser"
	"github.com/forgego/forgego/test/tools/bench/spec"
)

// player makes samples in the page with all clients.
type player struct {
	tab *tab
	// engine is the browser's.
	engine browser.Engine
	// tiny is a second page, whose program is built by TinyGo. It is nil if TinyGo is not installed.
	tiny    *tab
	body    spec.Body
	closers []func()
}

// clientTiny is our client built by TinyGo. It runs in its own page, because a page can have only one wasm_exec.js.
const clientTiny = "tinygo"

// openPlayer opens the page with all clients. If tinygo is true, it opens the page for TinyGo too.
func openPlayer(ctx context.Context, b *bench, tinygo bool) (p *player, closeAll func(), err error) {
	p = &player{engine: b.browser.Engine}
	p.tab, err = p.open(ctx, b, bundle.Go)
	if err == nil && tinygo {
		p.tiny, err = p.open(ctx, b, bundle.TinyGo)
	}
	if err != nil {
		p.close()
		return nil, nil, err
	}
	return p, p.close, nil
}

// open opens a page with our client, built by one of the compilers.
func (p *player) open(ctx context.Context, b *bench, compiler string) (*tab, error) {
	address, closeSite, err := newSite(ctx, compiler)
	if err != nil {
		return nil, err
	}
	p.closers = append(p.closers, closeSite)
	t, err := openTab(ctx, b.browser)
	if err != nil {
		return nil, err
	}
	p.closers = append(p.closers, t.close)
	if err := t.visit(ctx, address); err != nil {
		return nil, err
	}
	return t, t.until(ctx, "all clients", `globalThis.bench && globalThis.official && globalThis.goSample`)
}

func (p *player) close() {
	for _, c := range slices.Backward(p.closers) {
		c()
	}
}

// tabs returns the open pages.
func (p *player) tabs() []*tab {
	if p.tiny == nil {
		return []*tab{p.tab}
	}
	return []*tab{p.tab, p.tiny}
}

// at returns the page where a client runs, and the client's name there.
func (p *player) at(client string) (*tab, string) {
	if client == clientTiny {
		return p.tiny, "ours"
	}
	return p.tab, client
}

// clients returns the clients of the cell, and our client built by TinyGo. TinyGo's memory has no room for the largest
// cell. After all the others it has no room for the cells behind postMessage either: its wasm_exec.js fails beyond 2 GB. Of
// the cells with values it has the simple ones.
func (p *player) clients(c cell) []string {
	if p.engine != browser.Chromium {
		return c.clientsElsewhere()
	}
	if p.tiny == nil || c.isHuge() || c.Posted || c.Read == spec.Value && (c.AtOnce > 1 || c.Shape != "") {
		return c.clients()
	}
	return append(c.clients(), clientTiny)
}

// prepare sets what the calls carry.
func (p *player) prepare(ctx context.Context, body spec.Body) error {
	if p.body == body {
		return nil
	}
	p.body = body
	for _, t := range p.tabs() {
		if err := t.eval(ctx, "bench.prepare("+literal(body)+")", nil); err != nil {
			return err
		}
	}
	return nil
}

// post puts the host behind postMessage, or removes it from there.
func (p *player) post(ctx context.Context, yes bool) error {
	for _, t := range p.tabs() {
		if err := t.eval(ctx, fmt.Sprintf("benchHost.post(%t)", yes), nil); err != nil {
			return err
		}
	}
	return nil
}

// play makes one sample and returns the microseconds of one call. It checks that everything was sent and read.
func (p *player) play(ctx context.Context, client string, c cell, calls int) (float64, error) {
	t, name := p.at(client)
	if err := t.collect(ctx); err != nil {
		return 0, err
	}
	var got struct {
		spec.Result
		Sent int
	}
	s := spec.Sample{Op: c.Op, Read: c.Read, Calls: calls, AtOnce: c.AtOnce}
	// A collection also discards what makes the next calls fast. A fifth of the sample restores it.
	if calls > c.AtOnce {
		first := s
		first.Calls = c.AtOnce * ((calls/c.AtOnce + 4) / 5)
		if err := t.eval(ctx, "bench.sample("+literal(name)+", "+literal(first)+")", nil); err != nil {
			return 0, err
		}
	}
	if err := t.eval(ctx, "bench.sample("+literal(name)+", "+literal(s)+")", &got); err != nil {
		return 0, err
	}
	items := strings.Count(p.body.Text, `"id"`)
	units := len(utf16.Encode([]rune(p.body.Text)))
	read, sent := calls*units, calls*units
	if c.Read == spec.Value {
		read = calls * items
	}
	if c.Op == spec.InvokeRemote {
		sent = calls * items
	}
	if got.Bytes != read || got.Sent != sent {
		return 0, fmt.Errorf("%s by %s: read %d of %d and sent %d of %d", c.Name(), client, got.Bytes, read, got.Sent, sent)
	}
	return got.Milliseconds * 1000 / float64(calls), nil
}

// warm makes calls until they are no longer slow because they are the first. It returns the number of calls that take as
// long as a sample should: whole batches, at least one.
func (p *player) warm(ctx context.Context, client string, c cell, sample time.Duration) (calls int, err error) {
	calls = c.AtOnce
	for {
		took, err := p.play(ctx, client, c, calls)
		if err != nil {
			return 0, err
		}
		lasted := took * float64(calls)
		want := float64(sample.Microseconds())
		if lasted >= want {
			return calls, nil
		}
		// Approach the wanted length by at most a factor of 8, because cold code is slow.
		more := min(max(want*1.2/lasted, 1.3), 8)
		calls = c.AtOnce * int(math.Ceil(float64(calls)*more/float64(c.AtOnce)))
	}
}

// problem returns the errors in the pages so far, or nil.
func (p *player) problem() error {
	var problems []error
	for _, t := range p.tabs() {
		problems = append(problems, t.problem())
	}
	return errors.Join(problems...)
}
