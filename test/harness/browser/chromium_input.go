package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func (t *chromiumTab) at(_ context.Context, when time.Time) error {
	t.when = when
	return nil
}

// time returns the time of the next input, or nil for now.
func (t *chromiumTab) time() input.TimeSinceEpoch {
	if t.when.IsZero() {
		return 0
	}
	return input.TimeSinceEpoch(float64(t.when.UnixMicro()) / 1e6)
}

func (t *chromiumTab) mouse(ctx context.Context, at point) error {
	for _, event := range []input.DispatchMouseEventParams{
		{Type: "mouseMoved"},
		{Type: "mousePressed", Button: "left", ClickCount: 1},
		{Type: "mouseReleased", Button: "left", ClickCount: 1},
	} {
		event.X, event.Y, event.Timestamp = at.X, at.Y, t.time()
		if _, err := call(ctx, t, input.DispatchMouseEvent, event); err != nil {
			return err
		}
	}
	return nil
}

// chromiumKeys are our keys without a character, by the names that package kb has for them.
var chromiumKeys = map[string]string{
	Backspace: kb.Backspace, Tab: kb.Tab, Enter: kb.Enter, Shift: kb.Shift, Control: kb.Control, Escape: kb.Escape, End: kb.End, Home: kb.Home,
	ArrowLeft: kb.ArrowLeft, ArrowUp: kb.ArrowUp, ArrowRight: kb.ArrowRight, ArrowDown: kb.ArrowDown, F6: kb.F6,
}

// modifiers are the bits of the keys that change others.
var modifiers = map[string]int64{Control: 2, Shift: 8}

func (t *chromiumTab) keys(ctx context.Context, strokes []stroke) error {
	for _, s := range strokes {
		if _, err := call(ctx, t, input.DispatchKeyEvent, t.event(s)); err != nil {
			return err
		}
	}
	return nil
}

// event returns the event of a stroke.
func (t *chromiumTab) event(s stroke) input.DispatchKeyEventParams {
	event := input.DispatchKeyEventParams{Type: "keyDown", Key: "Unidentified", Text: string(s.key), UnmodifiedText: string(s.key), Timestamp: t.time()}
	name := string(s.key)
	if other, ok := chromiumKeys[name]; ok {
		name = other
	}
	if key, ok := kb.Keys[[]rune(name)[0]]; ok {
		event.Key, event.Code, event.Text, event.UnmodifiedText = key.Key, key.Code, key.Text, key.Unmodified
		event.NativeVirtualKeyCode, event.WindowsVirtualKeyCode = key.Native, key.Windows
		if key.Shift {
			event.Modifiers = modifiers[Shift]
		}
	}
	for key, bit := range modifiers {
		if t.pressed[[]rune(key)[0]] {
			event.Modifiers |= bit
		}
	}
	if event.Modifiers&modifiers[Control] != 0 {
		event.Text, event.UnmodifiedText = "", "" // it is a command and types nothing
	}
	switch {
	case s.up:
		event.Type, event.Text, event.UnmodifiedText = "keyUp", "", ""
	case event.Text == "":
		event.Type = "rawKeyDown"
	}
	if t.pressed[s.key] && !s.up {
		event.AutoRepeat = new(true)
	}
	t.pressed[s.key] = !s.up
	return event
}

func (t *chromiumTab) insert(ctx context.Context, text string) error {
	_, err := call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
	return err
}

func (t *chromiumTab) setSize(ctx context.Context, width, height int) error {
	_, err := call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: int64(height), DeviceScaleFactor: 1})
	return err
}

func (t *chromiumTab) setOffline(ctx context.Context, offline bool) error {
	_, err := call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: -1, Offline: offline}},
	})
	if err != nil {
		return err
	}
	_, err = call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
	return err
}

func (t *chromiumTab) screenshot(ctx context.Context) ([]byte, error) {
	inner, cancel := t.within(ctx)
	defer cancel()
	return chromedp.Run(inner, chromedp.CaptureScreenshot())
}

func (t *chromiumTab) leave(ctx context.Context) (bool, error) {
	asked := make(chan struct{}, 1)
	inner, cancel := t.within(ctx)
	defer cancel()
	err := chromedp.Listen(inner, func(event any) {
		if e, ok := event.(*page.EventJavascriptDialogOpening); ok && e.Type == "beforeunload" {
			asked <- struct{}{}
		}
	})
	if err != nil {
		return false, err
	}
	go func() { _, _ = call(ctx, t, page.Close, cdp.Empty{}) }()
	select {
	case <-asked:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	_, err = call(ctx, t, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
	return true, err
}
