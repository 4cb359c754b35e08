package browser

import (
	"context"

	"github.com/chromedp/cdproto/fetch"
)

// Answer answers the page's requests for scripts whose addresses match a pattern, such as "https://cdn.example.com/*", instead
// of the network. answer returns a script's text. It is called by several goroutines. Only the driver of Chromium can do this.
func (p *Page) Answer(pattern string, answer func(url string) string) {
	p.t.Helper()
	p.inChromium("answering requests", func(ctx context.Context, t *chromiumTab) error {
		t.mu.Lock()
		t.answer = answer
		t.mu.Unlock()
		_, err := call(ctx, t, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
		return err
	})
}

// fulfill answers a request. It must not be called by the goroutine that receives events.
func (t *chromiumTab) fulfill(e *fetch.EventRequestPaused) {
	t.mu.Lock()
	answer := t.answer
	t.mu.Unlock()
	// An error means that the page is gone.
	_, _ = call(t.ctx, t, fetch.FulfillRequest, fetch.FulfillRequestParams{
		RequestID: e.RequestID, ResponseCode: 200,
		ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/javascript"}},
		Body:            []byte(answer(e.Request.URL)),
	})
}
