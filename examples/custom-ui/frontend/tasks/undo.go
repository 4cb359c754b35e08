package tasks

import (
	"context"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge/flag"
)

// undoTime is how long a flag offers to undo a deletion: long enough to reach it by the keyboard, and short enough that flags do
// not pile up. The backend accepts it for an hour.
const undoTime = time.Minute

// closeTime is how long the product may take to close a flag.
const closeTime = 5 * time.Second

// offer is the offer to undo a deletion.
type offer struct {
	// withdraw removes the flag.
	withdraw context.CancelFunc
}

// offerUndo shows a flag that offers to bring a deleted task back, until this is not possible any more. If the product cannot
// show flags, the task is still deleted.
func (p *Page) offerUndo(ctx context.Context, t Task) {
	until, cancel := context.WithTimeout(ctx, undoTime)
	defer cancel()
	made := &offer{cancel}
	number := 0
	p.update(func(*State) {
		p.offers[t.ID] = made
		p.flags++
		number = p.flags
	})
	// A task can be deleted again before its flag is closed.
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.offers[t.ID] == made {
			delete(p.offers, t.ID)
		}
	}()
	shown, err := flag.Flag{
		ID:    "deleted-" + t.ID + "-" + strconv.Itoa(number),
		Title: p.words.Text("undo.title", "name", p.words.quoted(t.Name)),
		Type:  flag.Success,
		Actions: []flag.Action{{Text: p.words.Text("undo.button"), OnClick: func() {
			// Ignore a second press.
			isOpen := false
			p.update(func(*State) { isOpen = p.withdraw(t.ID) })
			if isOpen {
				p.Undo(ctx, t)
			}
		}}},
	}.Show(ctx)
	if err != nil {
		return
	}
	<-until.Done()
	// Close the flag also when the page is closed, because then its button does nothing. A flag that cannot be closed does no
	// harm.
	closing, stop := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer stop()
	_ = shown.Close(closing)
}

// withdraw removes the offer to bring the task back. It reports whether there was one.
func (p *Page) withdraw(id string) bool {
	o := p.offers[id]
	if o == nil {
		return false
	}
	delete(p.offers, id)
	o.withdraw()
	return true
}

// Undo brings a deleted task back.
func (p *Page) Undo(ctx context.Context, t Task) {
	var backend *api
	p.update(func(s *State) {
		if s.row(t.ID) == nil {
			s.setTrying(t.ID)
			backend = p.api(s)
		}
	})
	if backend == nil {
		return
	}
	name := p.words.quoted(t.Name)
	back, after, err := backend.restore(ctx, t.ID)
	p.update(func(s *State) {
		if err != nil {
			retry := func(ctx context.Context) { p.Undo(ctx, t) }
			if isGone(err) {
				retry = nil
			}
			p.failed(ctx, s, t.ID, p.words.Text("undo.failed", "name", name, "reason", p.words.reason(err)), retry)
			return
		}
		i := len(s.Rows) // if the task before it is not there any more
		if after == "" {
			i = 0
		} else if before := s.index(after); before >= 0 {
			i = before + 1
		}
		p.put(s, i, back)
		p.succeeded(s, t.ID, p.words.Text("undo.done", "name", name, "trip", p.words.trip(backend)))
		s.Focus = Place{RowPart, t.ID}
	})
	if err == nil {
		p.tell(ctx, t.ID)
	}
}
