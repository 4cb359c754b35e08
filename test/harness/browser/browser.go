package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	// patience is the time limit for every wait for something in a page. It is long because it only matters when a test
	// fails.
	patience = 30 * time.Second
	// closing is the time that Chromium may take to end by itself.
	closing = 5 * time.Second
)

// Browser is a running Chromium with its own profile.
type Browser struct {
	ctx     context.Context
	cancel  context.CancelFunc
	profile string
}

// New starts a Chromium. It ends with the test, and so do its child processes.
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
		// A page must not run slower because another page is in front of it.
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		// /dev/shm is too small in many containers.
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WindowSize(1280, 900),
	)
	b := &Browser{profile: profile}
	b.ctx, _ = chromedp.NewContext(allocator)
	b.cancel = cancel
	if err := chromedp.Do(b.ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", path, err), b.Close())
	}
	return b, nil
}

// Tab opens a tab with its own storage and cookies, and returns its chromedp context. Tab calls listen for each event of
// the tab. listen must not block. close closes the tab.
func (b *Browser) Tab(listen func(event any)) (tab context.Context, close func(), err error) {
	return openTab(b.ctx, listen, chromedp.WithNewBrowserContext())
}

// openTab opens a tab. If parent is the context of a tab, the new tab shares its storage and cookies.
func openTab(parent context.Context, listen func(event any), options ...chromedp.ContextOption) (tab context.Context, close func(), err error) {
	tab, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(listen))...)
	if err := chromedp.Do(tab); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("opening a tab: %w", err)
	}
	return tab, cancel, nil
}

// Close ends Chromium and its child processes and removes the profile.
func (b *Browser) Close() error {
	ctx, cancel := context.WithTimeout(b.ctx, closing)
	defer cancel()
	// If Chromium does not end in time, it is killed. Its child processes end when they lose it.
	_ = chromedp.Cancel(ctx)
	b.cancel()
	return removeProfile(b.profile)
}

// removeProfile tries again for a while, because the last processes may still write into the folder.
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
