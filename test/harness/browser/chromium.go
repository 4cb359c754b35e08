package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/chromedp"
)

// chromium is a running Chromium, which chromedp drives by the DevTools protocol.
type chromium struct {
	ctx     context.Context
	cancel  context.CancelFunc
	profile string
}

func startChromium(ctx context.Context, profile string, s settings) (driver, error) {
	program := chromiumProgram
	if !s.whole && HasShell() {
		program = chromiumShell
	}
	path, err := program.path()
	if err != nil {
		return nil, err
	}
	allocator, cancel := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		// It makes no requests of its own.
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		// Each window would load two pages for the list below its address bar, which nobody sees.
		chromedp.Flag("disable-features", "WebUIOmniboxPopup,WebUIOmniboxAimPopup"),
		// Unless the test is about this, a page must not run slower because another page is in front of it.
		chromedp.Flag("disable-background-timer-throttling", !s.throttled),
		chromedp.Flag("disable-backgrounding-occluded-windows", !s.throttled),
		chromedp.Flag("disable-renderer-backgrounding", !s.throttled),
		// The certificate of a test's server is its own.
		chromedp.Flag("ignore-certificate-errors", true),
		// /dev/shm is too small in many containers.
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WindowSize(tabWidth, tabHeight),
	)
	c := &chromium{profile: profile, cancel: cancel}
	c.ctx, _ = chromedp.NewContext(allocator)
	if err := chromedp.Do(c.ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), c.close())
	}
	return c, nil
}

func (c *chromium) close() error {
	ctx, cancel := context.WithTimeout(c.ctx, closing)
	defer cancel()
	// If Chromium does not end in time, it is killed. Its child processes end when they lose it.
	_ = chromedp.Cancel(ctx)
	c.cancel()
	return removeProfile(c.profile)
}

func (c *chromium) open(_ context.Context, beside tab) (tab, error) {
	t := newChromiumTab()
	parent, options := c.ctx, []chromedp.ContextOption{chromedp.WithNewBrowserContext()}
	if beside != nil {
		parent, options = beside.(*chromiumTab).ctx, nil
	}
	var err error
	t.ctx, t.cancel, err = openChromiumTab(parent, t.listen, options...)
	return t, err
}

// openChromiumTab opens a tab. If parent is the context of a tab, the new tab shares its storage and cookies.
func openChromiumTab(parent context.Context, listen func(event any), options ...chromedp.ContextOption) (tab context.Context, close func(), err error) {
	tab, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(listen))...)
	if err := chromedp.Do(tab); err != nil {
		cancel()
		return nil, nil, err
	}
	return tab, cancel, nil
}

// Tab opens a tab of Chromium with its own storage and cookies, and returns its chromedp context. Tab calls listen for each
// event of the tab. listen must not block. close closes the tab. It is for tools that measure Chromium.
func (b *Browser) Tab(listen func(event any)) (tab context.Context, close func(), err error) {
	c, ok := b.driver.(*chromium)
	if !ok {
		return nil, nil, needsProtocol(b.Engine, "speak the DevTools protocol")
	}
	return openChromiumTab(c.ctx, listen, chromedp.WithNewBrowserContext())
}

// Do runs chromedp actions in the page. A test that calls it stays in Chromium.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.do("the browser", func(ctx context.Context) error {
		t, ok := p.tab.(*chromiumTab)
		if !ok {
			return needsProtocol(p.Engine, "speak the DevTools protocol")
		}
		return t.run(ctx, actions...)
	})
}
