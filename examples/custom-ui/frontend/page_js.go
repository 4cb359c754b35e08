package main

import (
	"context"
	"fmt"

	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/wasm"
)

// page is the Tasks page. All its code runs on the page's one thread and gives way only while a call is under way, so
// that its fields need no lock.
type page struct {
	doc      dom.HTMLDocument
	status   dom.HTMLElement
	byInvoke *dom.HTMLInputElement
	field    *field
	list     *list
	failures *failures
	keys     keys

	byDirect *dom.HTMLInputElement
	direct   way
	live     *live
	// isLoaded is set once the tasks are there.
	isLoaded bool
	// filesNote says why files cannot be sent, unless they can.
	filesNote dom.HTMLElement
	board     *board
}

// listSubject and addSubject are the subjects of failures that are about no task. An id has no white space.
const (
	listSubject = "the list"
	addSubject  = "a new task"
)

// run brings the page to life and loads the tasks.
func run(ctx context.Context) error {
	doc := dom.GetWindow().Document().(dom.HTMLDocument)
	field := newField(doc)
	cache := bridge.NewTokenCache(pageTokens())
	newTokenPanel(doc, cache)
	p := &page{
		doc:      doc,
		status:   find[dom.HTMLElement](doc, "status"),
		byInvoke: find[*dom.HTMLInputElement](doc, "invoke-remote"),
		field:    field,
		list:     newList(doc),
		failures: newFailures(doc, field.input),
		keys:     make(keys),
		byDirect: find[*dom.HTMLInputElement](doc, "direct"),
		direct:   direct(bridge.New(bridge.PageHost(), bridge.Direct(cache))),
		live:     newLive(doc),
	}
	p.board = newBoard(p)
	p.field.form.AddEventListener("submit", false, func(event dom.Event) {
		event.PreventDefault()
		start(p.add)
	})
	// Two listeners for all rows, so that a row that goes away leaves none behind.
	p.list.box.AddEventListener("click", false, p.clicked)
	p.list.box.AddEventListener("change", false, p.changed)
	p.filesNote = find[dom.HTMLElement](doc, filesNote)
	find[dom.HTMLElement](doc, "ways").AddEventListener("change", false, func(dom.Event) { p.chosenWay() })
	p.chosenWay()
	p.load(ctx)
	return nil
}

// start runs an action of the user, outside the event handler, which must not wait.
func start(action func(ctx context.Context)) {
	wasm.Go(func(ctx context.Context) error {
		action(ctx)
		return nil
	})
}

// tasks gives the backend by the way that is chosen now.
func (p *page) tasks() *tasks {
	switch {
	case p.byInvoke.Checked():
		return &tasks{way: invokeRemote(bridge.Default())}
	case p.byDirect.Checked():
		return &tasks{way: p.direct}
	}
	return &tasks{way: requestRemote(bridge.Default())}
}

// chosenWay does what follows from the choice of a way: files can be sent by direct only.
func (p *page) chosenWay() {
	isDirect := p.byDirect.Checked()
	setHidden(p.filesNote, isDirect)
	p.list.setCanAttach(isDirect)
	if isDirect && p.isLoaded {
		start(p.follow) // it may work by now
	}
}

// load shows the backend's tasks. Nothing can be changed before.
func (p *page) load(ctx context.Context) {
	p.status.SetTextContent("Loading tasks…")
	p.failures.setTrying(listSubject)
	p.list.setLoading(true)
	backend := p.tasks()
	all, err := backend.list(ctx)
	p.list.setLoading(false)
	if err != nil {
		p.failed(ctx, listSubject, "The tasks could not be loaded. "+reason(err), p.load)
		return
	}
	p.isLoaded = true
	p.board.fill(all)
	p.list.update()
	p.field.button.SetDisabled(false)
	count := "1 task"
	if len(all) != 1 {
		count = fmt.Sprintf("%d tasks", len(all))
	}
	if p.succeeded(listSubject, "Loaded "+count+" "+backend.trip()+".") {
		p.field.input.Focus()
	}
	start(p.follow)
}

// succeeded says what happened and takes the message of an earlier try away. It reports whether the focus was there.
func (p *page) succeeded(subject, text string) (lostFocus bool) {
	p.status.SetTextContent(text)
	return p.failures.clear(subject)
}

// failed says what did not happen, unless it did not because the page goes away.
func (p *page) failed(ctx context.Context, subject, text string, retry func(ctx context.Context)) {
	if ctx.Err() != nil {
		return
	}
	// What happened last is the failure, which the alert tells.
	p.status.SetTextContent("")
	p.failures.show(subject, text, retry)
}

// isFocusNowhere reports whether no control has the focus, as when the one that had it is gone, or after a click on a
// button in Safari.
func (p *page) isFocusNowhere() bool {
	active := p.doc.Underlying().Get("activeElement")
	return active.IsNull() || active.Equal(p.doc.Underlying().Get("body"))
}
