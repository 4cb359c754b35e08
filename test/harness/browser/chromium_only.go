package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
)

// What only Chromium's protocol can do. Tests that need it call [Browser.Stays].

// inChromium runs something in the page's tab of Chromium.
func (p *Page) inChromium(what string, run func(ctx context.Context, t *chromiumTab) error) {
	p.t.Helper()
	p.do(what, func(ctx context.Context) error {
		t, ok := p.tab.(*chromiumTab)
		if !ok {
			return needsProtocol(p.Engine, "do this")
		}
		return run(ctx, t)
	})
}

// SetMedia sets the media type, such as "print", and media features, such as "forced-colors" and "active".
func (p *Page) SetMedia(media string, features ...string) {
	p.t.Helper()
	all := []*emulation.MediaFeature{}
	for i := 0; i+1 < len(features); i += 2 {
		all = append(all, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	p.inChromium("the media", func(ctx context.Context, t *chromiumTab) error {
		_, err := call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: all})
		return err
	})
}

// SetLanguage sets the language that the browser asks for, such as "de". The page has it after a reload.
func (p *Page) SetLanguage(language string) {
	p.t.Helper()
	p.inChromium("the language", func(ctx context.Context, t *chromiumTab) error {
		_, err := call(ctx, t, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0", AcceptLanguage: language,
		})
		return err
	})
}

// Freeze stops all scripts of a page that is hidden, until Show is called. Chromium does that by itself after some minutes.
func (p *Page) Freeze() {
	p.t.Helper()
	p.inChromium("freezing the page", func(ctx context.Context, t *chromiumTab) error { return t.setFrozen(ctx, true) })
}

// dropAt drops files and folders on a place in the window.
func (p *Page) dropAt(x, y float64, paths []string) {
	p.t.Helper()
	p.inChromium("dropping files", func(ctx context.Context, t *chromiumTab) error {
		for _, kind := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
			if _, err := call(ctx, t, input.DispatchDragEvent, input.DispatchDragEventParams{
				Type: kind, X: x, Y: y, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// HeapSize returns the size of the JavaScript heap of the page and its frames of the same site, with its buffers, in bytes,
// after its garbage is collected.
func (p *Page) HeapSize() int64 {
	p.t.Helper()
	var size int64
	p.inChromium("the size of the heap", func(ctx context.Context, t *chromiumTab) error {
		if _, err := call(ctx, t, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
			return err
		}
		usage, err := call(ctx, t, runtime.GetHeapUsage, cdp.Empty{})
		size = int64(usage.UsedSize + usage.BackingStorageSize)
		return err
	})
	return size
}
