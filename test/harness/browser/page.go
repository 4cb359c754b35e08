package browser

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Page is a tab with storage of its own. It is also the [Frame] of its own document. Its methods end the test with a
// message when they fail.
type Page struct {
	*Frame
	// Engine is the browser's.
	Engine Engine

	t      testing.TB
	driver driver
	tab    tab
}

// Open opens a tab at an address and waits until it is loaded. The tab closes when the test ends. An empty address opens an
// empty tab.
func (b *Browser) Open(t testing.TB, address string) *Page {
	t.Helper()
	return show(t, b.Engine, b.driver, nil, address)
}

// OpenWindow opens another window with the storage and the cookies of this page, as if the user had typed the address. It
// waits until the window is loaded.
func (p *Page) OpenWindow(address string) *Page {
	p.t.Helper()
	return show(p.t, p.Engine, p.driver, p.tab, address)
}

func show(t testing.TB, engine Engine, driver driver, beside tab, address string) *Page {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	opened, err := driver.open(ctx, beside)
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	p := &Page{Engine: engine, t: t, driver: driver, tab: opened}
	p.Frame = &Frame{page: p}
	t.Cleanup(func() {
		if t.Failed() {
			p.explain()
		}
		if err := opened.close(); err != nil {
			t.Logf("closing the tab: %v", err)
		}
	})
	if address != "" {
		p.Goto(address)
	}
	return p
}

// Goto opens an address and waits until the page is loaded.
func (p *Page) Goto(address string) {
	p.t.Helper()
	p.do("loading "+address, func(ctx context.Context) error { return p.tab.navigate(ctx, address) })
}

// Reload loads the page again and waits until it is loaded.
func (p *Page) Reload() {
	p.t.Helper()
	p.do("loading the page again", p.tab.reload)
}

// Back goes back in the history of the tab, and Forward goes forward. They do not wait: the page may come from the
// browser's back/forward cache.
func (p *Page) Back() {
	p.t.Helper()
	p.Eval(`void setTimeout(() => history.back())`, nil)
}

// Forward goes forward in the history of the tab. See [Page.Back].
func (p *Page) Forward() {
	p.t.Helper()
	p.Eval(`void setTimeout(() => history.forward())`, nil)
}

// Hide hides the tab from the user until Show is called. In Firefox another tab is in front of it; in Chromium and WebKit its
// window is minimized.
func (p *Page) Hide() {
	p.t.Helper()
	p.do("hiding the page", func(ctx context.Context) error { return p.tab.setHidden(ctx, true) })
}

// Show shows the tab again.
func (p *Page) Show() {
	p.t.Helper()
	p.do("showing the page", func(ctx context.Context) error { return p.tab.setHidden(ctx, false) })
}

// Leave closes the tab as a user does. The page must ask whether to leave it, and the answer is no.
func (p *Page) Leave() {
	p.t.Helper()
	p.do("closing the tab", func(ctx context.Context) error {
		asked, err := p.tab.leave(ctx)
		if err == nil && !asked {
			p.t.Fatal("the browser closes the tab and does not ask")
		}
		return err
	})
}

// Close closes the page before the end of the test.
func (p *Page) Close() {
	p.t.Helper()
	p.do("closing the page", func(context.Context) error { return p.tab.close() })
}

// do runs one thing in the browser. An error ends the test.
func (p *Page) do(what string, run func(ctx context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := run(ctx); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Until calls done again and again until it returns true. The error of done says why it is not true yet.
func (p *Page) Until(what string, done func(ctx context.Context) (bool, error)) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var problem error
	for {
		ok, err := done(ctx)
		if ok {
			return
		}
		// The last error may only say that the time is over. The error before it says why.
		if ctx.Err() == nil || problem == nil {
			problem = err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("waited %v in vain for %s (%v)", patience, what, problem)
		}
	}
}

// explain logs the browser and the console and saves a screenshot, so that a person can see why the test failed.
func (p *Page) explain() {
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	p.t.Logf("the browser is %s", p.Engine)
	messages, _ := p.tab.console(ctx)
	for _, m := range messages {
		p.t.Logf("console.%s: %s", m.Type, m.Text)
	}
	picture, err := p.tab.screenshot(ctx)
	if err != nil {
		p.t.Logf("no screenshot: %v", err)
		return
	}
	dir, err := p.pictures()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "page.png"), picture, 0o600)
	}
	if err != nil {
		p.t.Logf("no screenshot: %v", err)
		return
	}
	p.t.Logf("screenshot: %s", filepath.Join(dir, "page.png"))
}

// pictures returns a folder that still exists after the test. The folder of ArtifactDir does so only with -artifacts.
func (p *Page) pictures() (string, error) {
	if f := flag.Lookup("test.artifacts"); f != nil && f.Value.String() == "true" {
		return p.t.ArtifactDir(), nil
	}
	return os.MkdirTemp("", "forgego-"+strings.ReplaceAll(p.t.Name(), "/", "-")+"-")
}
