package main

import (
	"context"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
	"github.com/forgego/forgego/wasm"
)

// view is the screen of the page. Each of its parts shows a part of the state, and changes in the document only what has
// changed in the state.
type view struct {
	*drafts
	page *tasks.Page
	// isSaving is set while something would be lost if the page were closed.
	isSaving bool

	doc      dom.HTMLDocument
	where    *where
	status   *text
	ways     *wayChoice
	field    *field
	list     *list
	failures *failures
	// live shows how the list is kept current. Screen readers are not interrupted by it.
	live  *text
	token *tokenPanel
}

func newView(doc dom.HTMLDocument, words *tasks.Words) *view {
	return &view{
		drafts:   newDrafts(),
		doc:      doc,
		where:    newWhere(doc, "where"),
		status:   newText(doc, "status"),
		ways:     newWayChoice(doc),
		field:    newField(doc, "add", "name", "add-button"),
		list:     newList(doc, words),
		failures: newFailures(doc, "failures"),
		live:     newText(doc, "live"),
		token:    newTokenPanel(doc),
	}
}

// listen forwards the user's actions from now on.
func (v *view) listen(ctx context.Context) {
	wasm.OnError(v.page.Report)
	v.where.listen(ctx, v.page.OpenProductPage)
	v.field.listen(ctx, v.page.Edit, v.page.Add)
	v.ways.listen(ctx, v.page)
	v.list.listen(ctx, v.page)
	v.failures.listen(ctx, v.page.Retry, func(_ context.Context, subject string) { v.page.Dismiss(subject) })
	v.token.listen(ctx, v.page)
	(&dropZone{list: v.list}).listen(ctx, v.doc, v.page)
	on(ctx, find[dom.HTMLElement](v.doc, "print"), "click", func(context.Context, js.Value) { js.Global().Call("print") })
	on(ctx, js.Global(), "online", func(context.Context, js.Value) { v.page.SetOnline(true) })
	on(ctx, js.Global(), "offline", func(context.Context, js.Value) { v.page.SetOnline(false) })
	if !isOnline() {
		v.page.SetOnline(false)
	}
	on(ctx, v.doc, "visibilitychange", func(context.Context, js.Value) {
		if isVisible(v.doc) {
			v.page.Seen()
		}
	})
	on(ctx, v.doc, "keydown", func(ctx context.Context, key js.Value) {
		if isUndo(key) {
			key.Call("preventDefault")
			v.page.UndoLast(ctx)
		}
	})
}

// isUndo reports whether a key is the one to undo, outside of a text field, which has an undo of its own.
func isUndo(key js.Value) bool {
	return isTrue(key, "ctrlKey", "metaKey") && !isTrue(key, "shiftKey", "altKey") && key.Get("key").String() == "z" &&
		!key.Get("target").Call("matches", "[type=text]").Bool()
}

// wouldLose reports whether something would be lost if the page were closed now. What is typed is kept as a draft.
func (v *view) wouldLose() bool { return v.isSaving || v.isLost }

// Show shows the state.
func (v *view) Show(s tasks.State) {
	v.where.show(s.Where, s.Where.Text)
	v.status.show(s.Status)
	v.ways.show(s)
	v.field.show(s.Field, s.Loaded)
	v.list.show(s)
	v.failures.show(s.Failures)
	if v.live.show(s.Words.Live(s.Live)) {
		v.live.element.SetAttribute("data-state", [...]string{"off", "reconnecting", "on"}[s.Live])
	}
	v.token.show(s.Token)
	v.isSaving = s.IsSaving()
	v.focus(s.Focus)
	if r := v.list.find(s.Reveal); r != nil {
		r.item.Call("scrollIntoView", map[string]any{"block": "nearest"})
	}
}

// Save makes the browser save a file.
func (v *view) Save(name string, data []byte) error { return save(name, data) }

// Focused returns the place of the keyboard focus.
func (v *view) Focused() tasks.Place {
	doc := v.doc.Underlying()
	focused := doc.Call("querySelector", ":focus")
	if focused.IsNull() {
		// In a window that is not in front, nothing matches :focus.
		active := doc.Get("activeElement")
		if active.IsNull() || active.Equal(doc.Get("body")) {
			return tasks.Place{}
		}
		return tasks.Place{Part: tasks.OtherPart}
	}
	for _, in := range []struct {
		selector, attribute string
		part                tasks.Part
	}{
		{"[data-id]", "data-id", tasks.RowPart},
		{"[data-subject]", "data-subject", tasks.FailurePart},
		{"form", "", tasks.FormPart},
	} {
		if found := focused.Call("closest", in.selector); !found.IsNull() {
			of := ""
			if in.attribute != "" {
				of = element(found).GetAttribute(in.attribute)
			}
			return tasks.Place{Part: in.part, Of: of}
		}
	}
	return tasks.Place{Part: tasks.OtherPart}
}

// focus moves the keyboard focus.
func (v *view) focus(to tasks.Place) {
	switch to.Part {
	case tasks.FormPart:
		v.field.input.Focus()
	case tasks.FailurePart:
		v.failures.focus(to.Of)
	case tasks.RowPart, tasks.CheckboxPart, tasks.DeletePart, tasks.DetailsPart:
		if r := v.list.find(to.Of); r != nil {
			r.focus(to.Part)
		}
	}
}

// wayChoice is the radio group for the way to the backend. Only the user changes it, so it is read but never set.
type wayChoice struct {
	box              dom.HTMLElement
	byInvoke, direct *dom.HTMLInputElement
	// filesNote shows why files cannot be sent; it is hidden if they can.
	filesNote *hideable
	// directNote shows why direct requests do not work. Screen readers are not interrupted by it.
	directNote *text
}

func newWayChoice(doc dom.HTMLDocument) *wayChoice {
	return &wayChoice{
		box:        find[dom.HTMLElement](doc, "ways"),
		byInvoke:   find[*dom.HTMLInputElement](doc, "invoke-remote"),
		direct:     find[*dom.HTMLInputElement](doc, "direct"),
		filesNote:  newHideable(doc, filesNote),
		directNote: newText(doc, "direct-note"),
	}
}

func (w *wayChoice) listen(ctx context.Context, page *tasks.Page) {
	on(ctx, w.box, "change", func(ctx context.Context, _ js.Value) { page.Choose(ctx, w.chosen()) })
}

func (w *wayChoice) chosen() tasks.Way {
	switch {
	case w.byInvoke.Checked():
		return tasks.InvokeRemote
	case w.direct.Checked():
		return tasks.Direct
	}
	return tasks.RequestRemote
}

func (w *wayChoice) show(s tasks.State) {
	w.filesNote.show(s.HasFiles())
	if w.directNote.show(s.DirectNote) {
		setHidden(w.directNote.element, s.DirectNote == "")
		describe(w.direct, w.directNote.element, s.DirectNote != "")
	}
}

// tokenPanel is the panel that shows the state of the token cache. It is updated only while it is open.
type tokenPanel struct {
	doc dom.HTMLDocument
	box dom.HTMLElement

	seconds, mints, hits, renewals, failures *text
}

func newTokenPanel(doc dom.HTMLDocument) *tokenPanel {
	return &tokenPanel{
		doc:      doc,
		box:      find[dom.HTMLElement](doc, "token"),
		seconds:  newText(doc, "token-seconds"),
		mints:    newText(doc, "token-mints"),
		hits:     newText(doc, "token-hits"),
		renewals: newText(doc, "token-renewals"),
		failures: newText(doc, "token-failures"),
	}
}

func (p *tokenPanel) listen(ctx context.Context, page *tasks.Page) {
	on(ctx, p.box, "toggle", func(ctx context.Context, _ js.Value) {
		if p.box.Underlying().Get("open").Bool() {
			page.WatchToken(ctx, p.isSeen)
		}
	}, wasm.WithNewestOnly())
}

// isSeen is called for each update. An event would come once more after the page, and the program, have ended.
func (p *tokenPanel) isSeen() bool { return isVisible(p.doc) }

func isOnline() bool { return js.Global().Get("navigator").Get("onLine").Bool() }

func isVisible(doc dom.HTMLDocument) bool {
	return doc.Underlying().Get("visibilityState").String() == "visible"
}

func (p *tokenPanel) show(f tasks.TokenFacts) {
	if f == (tasks.TokenFacts{}) {
		return // the panel has not been opened yet
	}
	p.seconds.show(f.Seconds)
	p.mints.show(f.Mints)
	p.hits.show(f.Hits)
	p.renewals.show(f.Renewals)
	p.failures.show(f.Failures)
}
