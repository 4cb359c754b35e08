// Package guide runs the code of docs/testing.md, docs/frontend.md and the README in Chromium against the local
// host.
package guide

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/test/harness/apphost"
	"github.com/forgego/forgego/test/harness/browser"
)

var chromium *browser.Browser

func TestMain(m *testing.M) { apphost.Main(m, &chromium, nil) }

func TestGuidesBrowserTest(t *testing.T) {
	devURL := apphost.Serve(t, "testdata/app").URL()
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	defer cancel()
	text, err := shownTasks(allocator, devURL)
	if err != nil || text != "Buy milk, on tasks-page" {
		t.Errorf("the page shows %q (%v)", text, err)
	}
}

// shownTasks opens the address that "forgego dev" prints, and returns the text that the app shows in the product page's
// frame.
func shownTasks(ctx context.Context, devURL string) (string, error) {
	ctx, cancel := chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(devURL)); err != nil {
		return "", err
	}
	frames, err := chromedp.Run(ctx, chromedp.Nodes(chromedp.CSS("iframe")))
	if err != nil {
		return "", err
	}
	inFrame := chromedp.FromNode(frames[0])
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS("#tasks li"), inFrame)); err != nil {
		return "", err
	}
	return chromedp.Run(ctx, chromedp.Text(chromedp.CSS("#tasks"), inFrame))
}
