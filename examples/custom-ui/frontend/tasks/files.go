package tasks

import (
	"context"
	"errors"
	"mime"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/forgego/forgego/wasm"
)

var (
	// errCancelled and errDeleted end a transfer early.
	errCancelled = errors.New("the user cancelled it")
	errDeleted   = errors.New("the task was deleted")
)

// Dropped is what the user has dropped on the page: files, or folders, of which only the names are known.
type Dropped struct {
	Files   []wasm.File
	Folders []string
}

// dropSubject is the subject of a failure to use what was dropped beside the tasks.
const dropSubject = "the drop"

// Drop attaches the file that the user has dropped on the row of a task, or says why not. id is "" beside the rows.
func (p *Page) Drop(ctx context.Context, id string, dropped Dropped) {
	problem := ""
	p.update(func(s *State) {
		r := s.row(id)
		switch {
		case len(dropped.Folders) > 0:
			problem = p.words.Text("drop.folder", "name", p.words.quoted(dropped.Folders[0]))
		case len(dropped.Files) == 0:
			problem = p.words.Text("drop.nothing")
		case len(dropped.Files) > 1:
			problem = p.words.Text("drop.several", "n", strconv.Itoa(len(dropped.Files)))
		case !s.HasFiles():
			problem = p.words.Text("ways.files")
		case r == nil:
			problem = p.words.Text("drop.beside", "file", p.words.quoted(fileName(dropped.Files[0].Name)))
		case !r.IsIdle():
			problem = p.words.Text("drop.busy", "name", p.words.quoted(r.Task.Name))
		default:
			p.clear(s, dropSubject)
			return
		}
		p.failed(ctx, s, dropSubject, problem, nil)
	})
	if problem == "" {
		p.Attach(ctx, id, dropped.Files[0])
	}
}

// Attach uploads a file for a task, and replaces an older one.
func (p *Page) Attach(ctx context.Context, id string, picked wasm.File) {
	may := false
	p.update(func(s *State) {
		r := s.row(id)
		may = r != nil && mayTransfer(s, r)
	})
	if !may {
		return
	}
	f := upload{name: fileName(picked.Name), kind: picked.Type}
	var err error
	if f.data, err = picked.Bytes(ctx, maxFile); err != nil {
		p.update(func(s *State) { p.failed(ctx, s, id, p.words.unreadable(f.name, picked.Size, err), nil) })
		return
	}
	p.attach(ctx, id, f)
}

func (p *Page) attach(ctx context.Context, id string, f upload) {
	var sending context.Context
	var words string
	t, backend := p.begin(id, Attach, func(s *State, r *Row) bool {
		if !mayTransfer(s, r) {
			return false
		}
		words = p.words.Text("file.to", "file", p.words.quoted(f.name), "name", p.words.quoted(r.Task.Name))
		s.Status = p.words.Text("file.uploading", "words", words)
		sending = p.start(ctx, r, Transfer{Up, f.name, int64(len(f.data))})
		return true
	})
	if backend == nil {
		return
	}
	changed, err := backend.attach(sending, t, f)
	p.update(func(s *State) {
		p.finish(s, id)
		switch {
		case err == nil:
			p.end(s, id, &changed)
			p.succeeded(s, id, p.words.Text("file.attached", "words", words, "trip", p.words.trip(backend)))
		case errors.Is(err, errCancelled):
			p.end(s, id, nil)
			p.succeeded(s, id, p.words.Text("file.uploadCancelled", "words", words))
		case isGone(err):
			p.takeAway(s, id)
			p.failed(ctx, s, id, p.words.Text("file.attaching", "words", words, "reason", p.reason(err)), nil)
		default:
			p.fileFailed(ctx, s, t, err, p.words.Text("file.attaching", "words", words, "reason", p.reason(err)), p.words.Text("file.replaceAnyway"),
				func(ctx context.Context) { p.attach(ctx, id, f) })
		}
	})
	if err == nil {
		p.tell(ctx, id)
	}
}

// Download saves a task's file for the user.
func (p *Page) Download(ctx context.Context, id string) {
	var (
		t         Task
		words     string
		receiving context.Context
	)
	p.update(func(s *State) {
		// A change of the task may be in progress. It does not affect the download.
		r := s.row(id)
		if r == nil || r.Transfer != (Transfer{}) || !r.Task.HasFile() || !s.HasFiles() {
			return
		}
		t = r.Task
		words = p.words.Text("file.words", "file", p.words.quoted(t.File.Name), "name", p.words.quoted(t.Name))
		s.Status = p.words.Text("file.downloading", "words", words)
		s.setTrying(id)
		receiving = p.start(ctx, r, Transfer{Down, t.File.Name, t.File.Size})
	})
	if receiving == nil {
		return
	}
	backend := p.by(Direct)
	name, data, err := backend.download(receiving, t)
	if err == nil {
		err = p.screen.Save(name, data)
	}
	p.update(func(s *State) {
		p.finish(s, id)
		switch {
		case err == nil:
			p.succeeded(s, id, p.words.Text("file.downloaded", "words", words, "trip", p.words.trip(backend)))
		case errors.Is(err, errDeleted):
		case errors.Is(err, errCancelled):
			p.succeeded(s, id, p.words.Text("file.downloadCancelled", "words", words))
		default:
			p.failed(ctx, s, id, p.words.Text("file.downloadFailed", "words", words, "reason", p.reason(err)), func(ctx context.Context) { p.Download(ctx, id) })
		}
	})
}

// RemoveFile removes a task's file.
func (p *Page) RemoveFile(ctx context.Context, id string) {
	t, backend := p.begin(id, RemoveFile, func(s *State, r *Row) bool { return mayTransfer(s, r) && r.Task.HasFile() })
	if backend == nil {
		return
	}
	words := p.words.Text("file.words", "file", p.words.quoted(t.File.Name), "name", p.words.quoted(t.Name))
	changed, err := backend.removeFile(ctx, t)
	p.update(func(s *State) {
		if err != nil {
			p.fileFailed(ctx, s, t, err, p.words.Text("file.removing", "words", words, "reason", p.reason(err)), p.words.Text("file.removeAnyway"),
				func(ctx context.Context) { p.RemoveFile(ctx, id) })
			return
		}
		p.end(s, id, &changed)
		p.succeeded(s, id, p.words.Text("file.removed", "words", words, "trip", p.words.trip(backend)))
	})
	if err == nil {
		p.tell(ctx, id)
	}
}

// fileFailed ends a change of a task's file, which failed. If the reason is that the task has another file meanwhile, it says so,
// and the button to try again has the text anyway.
func (p *Page) fileFailed(ctx context.Context, s *State, was Task, err error, text, anyway string, retry func(ctx context.Context)) {
	now, isOther := changedMeanwhile(err)
	if !isOther {
		p.end(s, was.ID, nil)
		p.failed(ctx, s, was.ID, text, retry)
		return
	}
	p.end(s, was.ID, &now)
	p.failed(ctx, s, was.ID, p.words.Text("file.otherMeanwhile", "name", p.words.quoted(now.Name), "file", p.words.quoted(now.File.Name)), retry)
	if f := s.failure(was.ID); f != nil {
		f.RetryText = anyway
	}
}

// Cancel stops the task's transfer, if there is one.
func (p *Page) Cancel(id string) { p.update(func(*State) { p.stop(id, errCancelled) }) }

// mayTransfer reports whether the task's file can be changed now.
func mayTransfer(s *State, r *Row) bool { return s.HasFiles() && r.IsIdle() }

// start begins a transfer. The returned context ends when the transfer is stopped. Call finish after it.
func (p *Page) start(ctx context.Context, r *Row, t Transfer) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	p.cancels[r.Task.ID] = cancel
	r.Transfer = t
	return ctx
}

func (p *Page) finish(s *State, id string) {
	p.stop(id, nil)
	if r := s.row(id); r != nil {
		r.Transfer = Transfer{}
	}
}

// stop ends the task's transfer, if there is one, with this cause.
func (p *Page) stop(id string, why error) {
	if cancel := p.cancels[id]; cancel != nil {
		cancel(why)
		delete(p.cancels, id)
	}
}

const (
	// maxFile limits the bytes of a file, and maxFileName the characters of its name. The backend has the same limits.
	maxFile     = 10 << 20
	maxFileName = 255
)

// upload is a file that the user has chosen.
type upload struct {
	name string
	// kind is its media type as guessed by the browser, or "".
	kind string
	data []byte
}

func (u upload) mediaType() string {
	if u.kind == "" {
		return "application/octet-stream"
	}
	return u.kind
}

// unreadable returns why a file of this size cannot be sent.
func (w *Words) unreadable(name string, size int64, err error) string {
	if errors.Is(err, wasm.ErrFileTooLarge) {
		return w.Text("file.tooLarge", "file", w.quoted(name), "size", w.Size(size), "most", w.Size(maxFile))
	}
	return w.Text("file.unreadable", "file", w.quoted(name))
}

// fileName returns a file name that can be sent and saved on any system: without folders and invisible characters, and not too
// long. It keeps the end of a long name, which has the file's type.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || isHidden(r) || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name)
	if characters := []rune(name); len(characters) > maxFileName {
		const end = 20
		name = string(characters[:maxFileName-end-1]) + "…" + string(characters[len(characters)-end:])
	}
	if strings.TrimSpace(name) == "" {
		return "file"
	}
	return name
}

// isHidden reports whether r is a control character or changes the direction of text. With the latter, a name that ends in
// "txt.exe" can look as if it ended in "exe.txt".
func isHidden(r rune) bool {
	return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// downloadName returns the name for a downloaded file: the one in its Content-Disposition (RFC 6266), or fallback if there is
// none. Whatever the backend sends, the name contains no folder.
func downloadName(disposition, fallback string) string {
	// ParseMediaType reads filename* (RFC 8187) too, and prefers it to filename.
	_, parameters, err := mime.ParseMediaType(disposition)
	name := parameters["filename"]
	if err != nil || strings.TrimSpace(name) == "" {
		name = fallback
	}
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return fileName(strings.TrimLeft(name, "."))
}
