package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// Answer answers the page's requests for scripts whose addresses match a pattern, such as "https://cdn.example.com/*", instead
// of the network. answer returns a script's text. It is called by several goroutines.
func (p *Page) Answer(pattern string, answer func(url string) string) {
	p.t.Helper()
	p.mu.Lock()
	p.answer = answer
	p.mu.Unlock()
	command(p, "answering requests", fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
}

// fulfill answers a request. It must not be called by the goroutine that receives events.
func (p *Page) fulfill(e *fetch.EventRequestPaused) {
	p.mu.Lock()
	answer := p.answer
	p.mu.Unlock()
	_ = chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: e.RequestID, ResponseCode: 200,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/javascript"}},
			Body:            []byte(answer(e.Request.URL)),
		})
		return err // The page may be gone.
	}))
}
