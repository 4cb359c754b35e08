package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"
)

const (
	// patience is the time limit for every wait for something in a page, which may be the result of a build. It is long
	// because it only matters when a test fails.
	patience = 2 * time.Minute
	// attempt is the time limit for one look at a page that is looked at again and again.
	attempt = 5 * time.Second
	// closing is the time that a browser may take to end by itself.
	closing = 5 * time.Second
	// dying is the time that the last processes of a killed browser may take to end.
	dying = time.Minute
)

// The size of a new tab in CSS pixels.
const tabWidth, tabHeight = 1280, 900

// Browser is a running browser with its own profile.
type Browser struct {
	// Engine says which browser it is.
	Engine Engine

	driver driver
}

// New starts the browser of the environment variable BROWSER, which must name one. It ends with the test, and so do its
// child processes.
func New(t testing.TB) *Browser {
	t.Helper()
	engines, err := Engines()
	if err != nil {
		t.Fatal(err)
	}
	if len(engines) != 1 {
		t.Fatalf("BROWSER names %d browsers, and this test can use one", len(engines))
	}
	b, err := Start(context.Background(), engines[0])
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

// Start starts a browser with a new, empty profile. It runs until Close is called or ctx ends. If Chromium's headless shell is
// installed, Start starts that: it is Chromium without its own windows and menus, and takes half the time of the whole browser.
func Start(ctx context.Context, engine Engine) (*Browser, error) {
	return start(ctx, engine, settings{})
}

// StartWhole is Start for the browser that users have, for essential tests and for figures.
func StartWhole(ctx context.Context, engine Engine) (*Browser, error) {
	return start(ctx, engine, settings{whole: true})
}

// StartThrottled is StartWhole for a browser in which the timers of a hidden page run as seldom as in a user's browser.
func StartThrottled(ctx context.Context, engine Engine) (*Browser, error) {
	return start(ctx, engine, settings{whole: true, throttled: true})
}

// settings say how a browser starts.
type settings struct{ whole, throttled bool }

func start(ctx context.Context, engine Engine, s settings) (*Browser, error) {
	if err := Missing(engine); err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "forgego-"+string(engine)+"-")
	if err != nil {
		return nil, err
	}
	starts := map[Engine]func(context.Context, string, settings) (driver, error){Chromium: startChromium, Firefox: startFirefox, WebKit: startWebKit}
	d, err := starts[engine](ctx, profile, s)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", engine, err), removeProfile(profile))
	}
	return &Browser{engine, d}, nil
}

// Close ends the browser and its child processes and removes the profile.
func (b *Browser) Close() error { return b.driver.close() }

// removeProfile tries again for a while, because the last processes may still write into the folder.
func removeProfile(dir string) error {
	deadline := time.NewTimer(dying)
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
