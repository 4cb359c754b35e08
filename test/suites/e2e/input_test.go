package e2e

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// In these functions, the browser gets input that a person makes, but not chromedp: with a time, held, or dropped.

// command sends a command to the browser.
func command[P, R any](a app, c cdp.Command[P, R], params P) {
	a.Page.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	}))
}

// point is a place in the window, in CSS pixels.
type point struct{ x, y float64 }

// middleOf returns the middle of the first element of the app's page that the selector finds.
func (a app) middleOf(selector string) point {
	var frame, rect struct{ Left, Top, Width, Height float64 }
	const rectOf = `JSON.parse(JSON.stringify(document.querySelector(`
	a.Eval(rectOf+"`"+selector+"`"+`).getBoundingClientRect()))`, &rect)
	a.Page.Eval(rectOf+`"iframe").getBoundingClientRect()))`, &frame)
	return point{frame.Left + rect.Left + rect.Width/2, frame.Top + rect.Top + rect.Height/2}
}

// click clicks at a place. The browser takes it for a click at that time, so a slow test does not change what it means.
func (a app) click(at point, when time.Time) {
	for _, kind := range []input.DispatchMouseEventType{"mousePressed", "mouseReleased"} {
		command(a, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: at.x, Y: at.y, Button: "left", ClickCount: 1, Timestamp: sinceEpoch(when),
		})
	}
}

// hold presses Enter at that time. When meanwhile returns, the key repeats three times, and is released.
func (a app) hold(when time.Time, meanwhile func()) {
	enter := input.DispatchKeyEventParams{
		Type: "keyDown", Key: "Enter", Code: "Enter", Text: "\r", UnmodifiedText: "\r", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13, Timestamp: sinceEpoch(when),
	}
	command(a, input.DispatchKeyEvent, enter)
	meanwhile()
	enter.AutoRepeat = new(true)
	for range 3 {
		command(a, input.DispatchKeyEvent, enter)
	}
	enter.Type, enter.Text, enter.UnmodifiedText, enter.AutoRepeat = "keyUp", "", "", nil
	command(a, input.DispatchKeyEvent, enter)
}

// drop drops files and folders on a place.
func (a app) drop(at point, paths ...string) {
	for _, kind := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		command(a, input.DispatchDragEvent, input.DispatchDragEventParams{
			Type: kind, X: at.x, Y: at.y, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1},
		})
	}
}

// setOffline switches the network of the browser off or on.
func (a app) setOffline(offline bool) {
	command(a, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1, Offline: offline}},
	})
	command(a, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
}

// setSize sets the size of the window in CSS pixels.
func (a app) setSize(width, height int64) {
	command(a, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// setMedia sets the media type, such as "print", and a media feature.
func (a app) setMedia(media, feature, value string) {
	features := []*emulation.MediaFeature{}
	if feature != "" {
		features = append(features, &emulation.MediaFeature{Name: feature, Value: value})
	}
	command(a, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: features})
}

// pressUndo presses Ctrl+Z.
func (a app) pressUndo() {
	key := input.DispatchKeyEventParams{Type: "rawKeyDown", Key: "z", Code: "KeyZ", Modifiers: 2, WindowsVirtualKeyCode: 90, NativeVirtualKeyCode: 90}
	command(a, input.DispatchKeyEvent, key)
	key.Type = "keyUp"
	command(a, input.DispatchKeyEvent, key)
}

func sinceEpoch(t time.Time) input.TimeSinceEpoch {
	return input.TimeSinceEpoch(float64(t.UnixMicro()) / 1e6)
}
