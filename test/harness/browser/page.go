package browser

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Page is a tab with storage of its own. It is also the [Frame] of its own document. Its methods end the test with a
// message when they fail.
type Page struct {
	*Frame

	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	messages []Message
	requests []string
	contexts map[string]cdp.FrameID // by the unique IDs of the execution contexts
	// answer returns the script for a request that Answer is about.
	answer func(url string) string
}

// Open opens a tab at an address and waits until it is loaded. The tab closes when the test ends. An empty address opens an
// empty tab.
func (b *Browser) Open(t testing.TB, address string) *Page {
	t.Helper()
	return show(t, address, b.Tab)
}

// OpenWindow opens another window with the storage and the cookies of this page, as if the user had typed the address. It
// waits until the window is loaded.
func (p *Page) OpenWindow(address string) *Page {
	p.t.Helper()
	return show(p.t, address, func(listen func(any)) (context.Context, func(), error) { return openTab(p.ctx, listen) })
}

// show returns a page at an address, in a tab that open opens.
func show(t testing.TB, address string, open func(listen func(event any)) (context.Context, func(), error)) *Page {
	t.Helper()
	p := &Page{t: t, contexts: map[string]cdp.FrameID{}}
	p.Frame = &Frame{page: p}
	tab, closeTab, err := open(p.listen)
	if err != nil {
		t.Fatal(err)
	}
	p.ctx = tab
	t.Cleanup(func() {
		if t.Failed() {
			p.explain()
		}
		closeTab()
	})
	if address != "" {
		p.Goto(address)
	}
	return p
}

// Goto opens an address and waits until the page is loaded.
func (p *Page) Goto(address string) {
	p.t.Helper()
	p.run("loading "+address, chromedp.Navigate(address))
}

// Reload loads the page again without the cache, and waits until it is loaded.
func (p *Page) Reload() {
	p.t.Helper()
	p.run("loading the page again", chromedp.Reload())
}

// Do runs chromedp actions in the page.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.run("the browser", actions...)
}

func (p *Page) run(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// Until calls done again and again until it returns true. The error of done says why it is not true yet.
func (p *Page) Until(what string, done func(ctx context.Context) (bool, error)) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
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

// explain logs the console and saves a screenshot, so that a person can see why the test failed.
func (p *Page) explain() {
	for _, m := range p.Console() {
		p.t.Logf("console.%s: %s", m.Type, m.Text)
	}
	ctx, cancel := context.WithTimeout(p.ctx, closing)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
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
