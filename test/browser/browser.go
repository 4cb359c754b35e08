package browser

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

const (
	// patience bounds every wait for something in a page. It is long because it only counts when a test fails.
	patience = 30 * time.Second
	// closing bounds how long Chromium may take to end by itself.
	closing = 5 * time.Second
)

// Browser is a running Chromium with a profile of its own.
type Browser struct {
	ctx     context.Context
	cancel  context.CancelFunc
	profile string
}

// New starts a Chromium that ends with the test, its children included.
func New(t testing.TB) *Browser {
	t.Helper()
	b, err := Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// Start starts Chromium with a new, empty profile. It runs until Close is called or ctx ends.
func Start(ctx context.Context) (*Browser, error) {
	path, err := executable()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "forgego-chromium-")
	if err != nil {
		return nil, err
	}
	allocator, cancel := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.WSURLReadTimeout(patience),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		// It asks nobody outside for anything.
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true),
		// A page must not run slower because another one is in front of it.
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		// /dev/shm is too small in many containers.
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WindowSize(1280, 900),
	)
	b := &Browser{profile: profile}
	b.ctx, _ = chromedp.NewContext(allocator, chromedp.WithErrorf(complain))
	b.cancel = cancel
	if err := chromedp.Run(b.ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", path, err), b.Close())
	}
	return b, nil
}

// complain logs what chromedp cannot do, but not that it does not know an event of newer browsers, for each dialog that a
// page opens or closes.
func complain(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !strings.HasPrefix(text, "unhandled node event") {
		log.Print(text)
	}
}

// Tab opens a tab with storage and cookies of its own and gives its chromedp context. listen gets the tab's events; it
// must not wait. close closes the tab.
func (b *Browser) Tab(listen func(event any)) (tab context.Context, close func(), err error) {
	executor := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	storage, err := target.CreateBrowserContext().Do(executor)
	if err != nil {
		return nil, nil, fmt.Errorf("opening a tab: %w", err)
	}
	tab, closeTab, err := b.tabIn(storage, listen)
	dispose := func() {
		if closeTab != nil {
			closeTab()
		}
		ctx, done := context.WithTimeout(executor, closing)
		defer done()
		_ = target.DisposeBrowserContext(storage).Do(ctx)
	}
	if err != nil {
		dispose()
		return nil, nil, err
	}
	return tab, dispose, nil
}

// tabIn opens a tab with this storage.
func (b *Browser) tabIn(storage cdp.BrowserContextID, listen func(event any)) (tab context.Context, close func(), err error) {
	executor := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	// A storage of its own has no window at first, and Chromium opens no tab without one.
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(storage).WithNewWindow(true).Do(executor)
	if err != nil {
		return nil, nil, fmt.Errorf("opening a tab: %w", err)
	}
	tab, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(id))
	chromedp.ListenTarget(tab, listen)
	if err := chromedp.Run(tab); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("opening a tab: %w", err)
	}
	return tab, cancel, nil
}

// Close ends Chromium and its children and removes the profile.
func (b *Browser) Close() error {
	ctx, cancel := context.WithTimeout(b.ctx, closing)
	defer cancel()
	// A Chromium that does not end when it is asked to is killed; its children end when they lose it.
	_ = chromedp.Cancel(ctx)
	b.cancel()
	return removeProfile(b.profile)
}

// removeProfile tries for a while: what ends last may still write into it.
func removeProfile(dir string) error {
	deadline := time.NewTimer(closing)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := os.RemoveAll(dir)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return err
		}
	}
}
