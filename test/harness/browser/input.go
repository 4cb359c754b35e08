package browser

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func command[In, Out any](p *Page, what string, c cdp.Command[In, Out], params In) {
	p.t.Helper()
	p.run(what, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	}))
}

// ClickAt clicks at a place. The page takes it for a click at that time, so a slow test does not change what it means.
func (p *Page) ClickAt(x, y float64, when time.Time) {
	p.t.Helper()
	for _, kind := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
		command(p, "a click", input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: x, Y: y, Button: "left", ClickCount: 1, Timestamp: input.TimeSinceEpoch(float64(when.UnixMicro()) / 1e6),
		})
	}
}

// HoldEnter presses Enter. The key repeats n times before it is released.
func (p *Page) HoldEnter(n int) {
	p.t.Helper()
	enter := input.DispatchKeyEventParams{Type: "keyDown", Key: "Enter", Code: "Enter", Text: "\r", UnmodifiedText: "\r", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
	command(p, "Enter", input.DispatchKeyEvent, enter)
	enter.AutoRepeat = new(true)
	for range n {
		command(p, "Enter", input.DispatchKeyEvent, enter)
	}
	enter.Type, enter.Text, enter.UnmodifiedText, enter.AutoRepeat = "keyUp", "", "", nil
	command(p, "Enter", input.DispatchKeyEvent, enter)
}

// SetOffline takes the network from the page, or returns it.
func (p *Page) SetOffline(offline bool) {
	p.t.Helper()
	command(p, "the network", network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1, Offline: offline}},
	})
	command(p, "the network", network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
}

// SetSize sets the size of the window in CSS pixels. A usual window at 400 % has 320 × 256.
func (p *Page) SetSize(width, height int64) {
	p.t.Helper()
	command(p, "the size", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// SetMedia sets the media type, such as "print", and media features, such as "forced-colors" and "active".
func (p *Page) SetMedia(media string, features ...string) {
	p.t.Helper()
	all := []*emulation.MediaFeature{}
	for i := 0; i+1 < len(features); i += 2 {
		all = append(all, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	command(p, "the media", emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: all})
}

// Screenshot returns a picture of the window, as PNG.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("the screenshot: %v", err)
	}
	return picture
}

// Axe returns the violations that axe-core finds in the frame's document, without frames in it, one a line. script is the
// path of axe.min.js. The rules in except are off.
func (f *Frame) Axe(script string, except ...string) string {
	f.page.t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		f.page.t.Fatalf("%v (run: make setup)", err)
	}
	f.Eval(string(text)+"\n;1", nil)
	rules := ""
	for _, rule := range except {
		rules += fmt.Sprintf("%q: { enabled: false },", rule)
	}
	return f.String(`axe.run({ iframes: false, rules: {` + rules + `} }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html + " " + n.failureSummary).join("; ")).join("\n"))`)
}

// HeapSize returns the size of the JavaScript heap of the page and its frames of the same site, with its buffers, in bytes,
// after its garbage is collected.
func (p *Page) HeapSize() int64 {
	p.t.Helper()
	command(p, "collecting garbage", heapprofiler.CollectGarbage, cdp.Empty{})
	var size int64
	p.run("the size of the heap", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		usage, err := cdp.Call(ctx, t, runtime.GetHeapUsage, cdp.Empty{})
		size = int64(usage.UsedSize + usage.BackingStorageSize)
		return err
	}))
	return size
}

// Close closes the page before the end of the test.
func (p *Page) Close() {
	p.t.Helper()
	p.run("closing the page", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.Close, cdp.Empty{})
		return err
	}))
}
