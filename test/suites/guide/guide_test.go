// Package guide runs the browser test of docs/testing.md in Chromium against the local host.
package guide

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/test/harness/apphost"
)

func TestGuidesBrowserTest(t *testing.T) {
	devURL := apphost.Serve(t, "testdata/app", devhost.Options{}).URL()
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
	ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var frames []*cdp.Node
	if err := chromedp.Run(ctx, chromedp.Navigate(devURL), chromedp.Nodes("iframe", &frames, chromedp.ByQuery)); err != nil {
		return "", err
	}
	var text string
	err := chromedp.Run(ctx,
		chromedp.WaitVisible("#tasks li", chromedp.ByQuery, chromedp.FromNode(frames[0])),
		chromedp.Text("#tasks", &text, chromedp.ByQuery, chromedp.FromNode(frames[0])),
	)
	return text, err
}
