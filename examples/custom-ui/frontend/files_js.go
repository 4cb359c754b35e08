package main

import (
	"context"
	"errors"
	"syscall/js"
	"time"

	"github.com/hack-pad/safejs"
	"honnef.co/go/js/dom/v2"

	"github.com/forgego/forgego/wasm"
)

var (
	// errCancelled and errDeleted are why a transfer ended before its time.
	errCancelled = errors.New("the user cancelled it")
	errDeleted   = errors.New("the task was deleted")
)

// revokeTime is how long the bytes of a download are kept for the browser, which takes them a moment after the click.
const revokeTime = 10 * time.Second

// chosen takes the file that the user has chosen for the row's task.
func (p *page) chosen(r *row) {
	files := r.attach.Get("files")
	if files.Length() == 0 {
		return
	}
	picked := files.Index(0)
	// So that the same file can be chosen again.
	r.attach.SetValue("")
	if !p.list.canAttach || r.busy || r.transfer != nil { // dropped on the control, which the click does not stop
		return
	}
	f := upload{name: fileName(picked.Get("name").String()), kind: picked.Get("type").String()}
	size := int64(picked.Get("size").Float())
	start(func(ctx context.Context) {
		if problem := sizeProblem(f.name, size); problem != "" {
			p.failed(ctx, r.task.ID, problem, nil)
			return
		}
		data, err := bytesOf(ctx, picked)
		if err != nil {
			p.failed(ctx, r.task.ID, quoted(f.name)+" could not be read. It may have been moved or changed; choose it again.", nil)
			return
		}
		f.data = data
		p.attach(ctx, r, f)
	})
}

// attach sends a file for the row's task.
func (p *page) attach(ctx context.Context, r *row, f upload) {
	if r.busy || r.transfer != nil || !p.list.canAttach {
		return
	}
	words, subject := quoted(f.name)+" to "+quoted(r.task.Name), r.task.ID
	sending := r.start(ctx, &transfer{isUpload: true, name: f.name, size: int64(len(f.data))})
	r.begin(r.attach)
	p.board.begin(subject)
	r.showFile(p.list.canAttach)
	p.failures.setTrying(subject)
	p.status.SetTextContent("Uploading " + words + "…")
	backend := &tasks{way: p.direct}
	changed, err := backend.attach(sending, subject, f)
	r.end(r.attach)
	r.finish()
	switch {
	case err == nil:
		p.board.end(subject, &changed)
		p.succeeded(subject, "Attached "+words+" "+backend.trip()+".")
	case errors.Is(err, errDeleted):
	case errors.Is(err, errCancelled):
		p.board.end(subject, nil)
		p.succeeded(subject, "Cancelled the upload of "+words+".")
	case isGone(err):
		p.takeAway(r)
		p.failed(ctx, subject, "Attaching "+words+" failed. "+reason(err), nil)
	default:
		p.board.end(subject, nil)
		p.failed(ctx, subject, "Attaching "+words+" failed. "+reason(err), func(ctx context.Context) { p.attach(ctx, r, f) })
	}
}

// download gives the user the file of the row's task.
func (p *page) download(ctx context.Context, r *row) {
	if r.transfer != nil || r.file == nil || !p.list.canAttach {
		return
	}
	words, subject := quoted(r.task.File.Name)+" of "+quoted(r.task.Name), r.task.ID
	control := r.file.download
	receiving := r.start(ctx, &transfer{name: r.task.File.Name, size: r.task.File.Size})
	setBusy(control, true)
	r.showFile(p.list.canAttach)
	p.failures.setTrying(subject)
	p.status.SetTextContent("Downloading " + words + "…")
	backend := &tasks{way: p.direct}
	name, data, err := backend.download(receiving, r.task)
	setBusy(control, false)
	r.finish()
	r.showFile(p.list.canAttach)
	switch {
	case err == nil:
		save(p.doc, name, data)
		p.succeeded(subject, "Downloaded "+words+" "+backend.trip()+".")
	case errors.Is(err, errDeleted):
	case errors.Is(err, errCancelled):
		p.succeeded(subject, "Cancelled the download of "+words+".")
	default:
		p.failed(ctx, subject, "Downloading "+words+" failed. "+reason(err), func(ctx context.Context) { p.download(ctx, r) })
	}
}

// removeFile takes the file of the row's task away.
func (p *page) removeFile(ctx context.Context, r *row) {
	if r.busy || r.transfer != nil || r.file == nil || !p.list.canAttach {
		return
	}
	words, subject := quoted(r.task.File.Name)+" of "+quoted(r.task.Name), r.task.ID
	control := r.file.remove
	r.begin(control)
	p.board.begin(subject)
	p.failures.setTrying(subject)
	backend := &tasks{way: p.direct}
	changed, err := backend.removeFile(ctx, subject)
	r.end(control)
	if err != nil {
		p.board.end(subject, nil)
		p.failed(ctx, subject, "Removing "+words+" failed. "+reason(err), func(ctx context.Context) { p.removeFile(ctx, r) })
		return
	}
	p.board.end(subject, &changed)
	p.succeeded(subject, "Removed "+words+" "+backend.trip()+".")
}

// start begins a transfer; the context that it gives ends when the user cancels it. finish must follow.
func (r *row) start(ctx context.Context, t *transfer) context.Context {
	ctx, t.cancel = context.WithCancelCause(ctx)
	r.transfer = t
	return ctx
}

func (r *row) finish() {
	r.transfer.cancel(nil)
	r.transfer = nil
}

// stop ends the transfer that is under way, if there is one.
func (r *row) stop(why error) {
	if r.transfer != nil {
		r.transfer.cancel(why)
	}
}

// bytesOf gives the bytes of a JavaScript File.
func bytesOf(ctx context.Context, file js.Value) ([]byte, error) {
	buffer, err := wasm.Await(ctx, safejs.Safe(file.Call("arrayBuffer")))
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(safejs.Unsafe(buffer))
	data := make([]byte, array.Length())
	js.CopyBytesToGo(data, array)
	return data, nil
}

// save has the browser save the bytes as a file. Their type is that of any bytes, so that nothing is shown or run.
func save(doc dom.HTMLDocument, name string, data []byte) {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	blob := js.Global().Get("Blob").New([]any{array}, map[string]any{"type": "application/octet-stream"})
	url := js.Global().Get("URL").Call("createObjectURL", blob)
	link := doc.Underlying().Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", name)
	link.Call("click")
	time.AfterFunc(revokeTime, func() { js.Global().Get("URL").Call("revokeObjectURL", url) })
}
