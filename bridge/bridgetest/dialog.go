package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
)

// Dialog is a dialog that the app has opened by package modal.
type Dialog struct {
	// Resource is the resource in the dialog, "KEY" or "KEY/ENTRY", or "" for the one that has opened it.
	Resource string
	// Size is the name of its size, or "WIDTH" or "WIDTH HEIGHT" in lengths of CSS.
	Size  string
	Title string
	Icon  string
	// KeepOnEscape and KeepOnOverlayClick mean that the user cannot close it in that way.
	KeepOnEscape, KeepOnOverlayClick bool
	// Context is the value that modal.GetContext returns in the dialog.
	Context json.RawMessage

	host    *Host
	opener  *Window
	page    *Window
	onClose func(...any) *Reply
}

var dialogCommands = map[string]command{
	"openModal": func(_ context.Context, w *Window, payload json.RawMessage, callbacks Callbacks) (any, error) {
		options := membersOf(payload)
		size, err := dialogSize(options["size"])
		if err != nil {
			return nil, err
		}
		resource, err := w.host.dialogResource(options["resource"])
		if err != nil {
			return nil, err
		}
		d := &Dialog{
			Resource: resource, Size: size, Title: textOrNone(options["title"]), Icon: textOrNone(options["icon"]),
			KeepOnEscape: options.isFalse("closeOnEscape"), KeepOnOverlayClick: options.isFalse("closeOnOverlayClick"),
			Context: json.RawMessage("{}"),
			host:    w.host, opener: w, onClose: callbacks["onClose"],
		}
		if context := options["context"]; !jsvalue.IsNullish(context) {
			d.Context = slices.Clone(context)
		}
		d.page = newWindow(w.host, w.name)
		d.page.dialog = d
		w.host.openDialog(d)
		return true, nil
	},
}

var dialogSizes = []string{"small", "medium", "large", "xlarge", "max", "fullscreen", "resizable"}

// cssLength matches a length of CSS, apart from functions such as calc(), of which it does not check the content.
var cssLength = regexp.MustCompile(`^(?:0|[+-]?(?:\d+|\d*\.\d+)(?:e[+-]?\d+)?(?:%|[a-z]+)|auto|[a-z-]+\(.*\))$`)

// dialogSize returns the name of a dialog's size, or the two lengths.
func dialogSize(raw json.RawMessage) (string, error) {
	if jsvalue.IsNullish(raw) {
		return "medium", nil
	}
	var name string
	if json.Unmarshal(raw, &name) == nil && slices.Contains(dialogSizes, name) {
		return name, nil
	}
	size := membersOf(raw)
	width, ok := size.text("width")
	height, hasHeight := size.text("height")
	if !ok || !cssLength.MatchString(width) || size.has("height") && (!hasHeight || !cssLength.MatchString(height)) {
		return "", refuse(invalidRequest, "A modal has no size %s. It has %s, or {width, height} in lengths of CSS.", raw, strings.Join(dialogSizes, ", "))
	}
	return strings.TrimSpace(width + " " + height), nil
}

// dialogResource checks the resource of a dialog.
func (h *Host) dialogResource(raw json.RawMessage) (string, error) {
	if jsvalue.IsNullish(raw) || string(raw) == `""` {
		return "", nil
	}
	resource := jsvalue.String(raw)
	key, entry, hasEntry := strings.Cut(resource, "/")
	known := h.settings.resources
	if known != nil && !slices.Contains(known, key) || hasEntry && (entry == "" || strings.Contains(entry, "/")) {
		return "", refuse("UNKNOWN_RESOURCE", "manifest.yml has no resource \"%s\" for a modal. It has %s.", resource, strings.Join(known, ", "))
	}
	return resource, nil
}

// dialogTime is how long [Host.Dialog] waits for a dialog.
const dialogTime = 10 * time.Second

// Dialog returns the dialog that is open, the topmost if there are several. If there is none, it waits until the app opens
// one, for up to 10 s; then it fails t. Code that waits for a dialog's answer must run in another goroutine meanwhile:
//
//	go func() { deleted <- deleteTask(ctx) }()
//	host.Dialog(t).Submit(true)
//
// Use [Host.OnDialog] to answer without a goroutine. In an example, pass nil.
func (h *Host) Dialog(t testing.TB) *Dialog {
	if t != nil {
		t.Helper()
	}
	timer := time.NewTimer(dialogTime)
	defer timer.Stop()
	for {
		h.mu.Lock()
		opened := h.opened
		var d *Dialog
		if n := len(h.dialogs); n > 0 {
			d = h.dialogs[n-1]
		}
		h.mu.Unlock()
		if d != nil {
			return d
		}
		select {
		case <-opened:
		case <-h.ctx.Done():
			failNow(t, "bridgetest: the host is closed, so the app opens no dialog")
		case <-timer.C:
			failNow(t, fmt.Sprintf("bridgetest: the app has opened no dialog within %v; code that waits for a dialog must run in another goroutine", dialogTime))
		}
	}
}

func failNow(t testing.TB, text string) {
	if t == nil {
		panic(text)
	}
	t.Helper()
	t.Fatal(text)
}

// OnDialog calls f in a goroutine for each dialog that the app opens from now on. Close waits for f.
//
//	host.OnDialog(func(d *bridgetest.Dialog) { d.Submit(true) })
func (h *Host) OnDialog(f func(*Dialog)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.onDialog = f
}

// Window returns the page in the dialog. Its context is for the code of that page:
//
//	ctx := host.Dialog(t).Window().Context(t)
//	task, err := modal.GetContext[Task](ctx)
func (d *Dialog) Window() *Window { return d.page }

// Submit closes the dialog with a value, as view.Close and view.Submit do in its page. The value is encoded by encoding/json;
// nil is none. The app gets it in OnClose, or as the result of Ask.
func (d *Dialog) Submit(value any) {
	if d.host.t != nil {
		d.host.t.Helper()
	}
	var data json.RawMessage
	if value != nil {
		var err error
		if data, err = json.Marshal(value); err != nil {
			d.host.misuse("the value of the dialog: %v", err)
		}
	}
	d.close(data)
}

// Dismiss closes the dialog without a value, as its user does.
func (d *Dialog) Dismiss() { d.close(nil) }

// close closes the dialog and tells the app. A value of nil is undefined.
func (d *Dialog) close(value json.RawMessage) {
	if !d.remove() {
		return
	}
	if d.onClose == nil {
		return
	}
	if value == nil {
		d.onClose()
		return
	}
	d.onClose(value)
}

func (h *Host) openDialog(d *Dialog) {
	h.mu.Lock()
	h.dialogs = append(h.dialogs, d)
	close(h.opened)
	h.opened = make(chan struct{})
	f := h.onDialog
	h.mu.Unlock()
	if f != nil {
		h.start("the function of Host.OnDialog", func() { f(d) }, func(bool) {})
	}
}

// dialogsOf returns the open dialogs that a window's page has opened. The caller holds the host's lock.
func (h *Host) dialogsOf(w *Window) []*Dialog {
	var own []*Dialog
	for _, d := range h.dialogs {
		if d.opener == w {
			own = append(own, d)
		}
	}
	return own
}

// remove takes the dialog from the list of open dialogs, and with it each dialog that its page has opened. It returns false
// if the dialog was closed already.
func (d *Dialog) remove() bool {
	h := d.host
	h.mu.Lock()
	i := slices.Index(h.dialogs, d)
	if i >= 0 {
		h.dialogs = slices.Delete(slices.Clone(h.dialogs), i, i+1)
	}
	inner := h.dialogsOf(d.page)
	h.mu.Unlock()
	if i < 0 {
		return false
	}
	for _, other := range inner {
		other.remove()
	}
	d.page.leave()
	return true
}
