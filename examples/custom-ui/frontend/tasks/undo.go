package tasks

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/forgego/forgego/bridge/flag"
)

const (
	// undoTime is how long a flag offers to undo a deletion. The backend accepts it for an hour.
	undoTime = 55 * time.Minute
	// maxOffers limits the offers that are open at once, so that flags do not pile up. A newer one replaces the oldest.
	maxOffers = 5
)

// closeTime is how long the product may take to close a flag.
const closeTime = 5 * time.Second

// offer is the offer to undo a deletion.
type offer struct {
	task Task
	// close removes the flag.
	close context.CancelFunc
}

// offerUndo shows a flag that offers to bring a deleted task back, until this is not possible any more. If the product cannot
// show flags, the task is still deleted, and [Page.UndoLast] brings it back.
func (p *Page) offerUndo(ctx context.Context, t Task) {
	until, cancel := context.WithTimeout(ctx, undoTime)
	defer cancel()
	made := &offer{t, cancel}
	number := 0
	p.update(func(*State) {
		p.offers = append(p.offers, made)
		if len(p.offers) > maxOffers {
			p.withdraw(p.offers[0].task.ID)
		}
		p.flags++
		number = p.flags
	})
	// A task can be deleted again before its flag is closed.
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.offers = slices.DeleteFunc(p.offers, func(o *offer) bool { return o == made })
	}()
	shown, err := flag.Show(ctx, flag.Flag{
		ID:          "deleted-" + t.ID + "-" + strconv.Itoa(number),
		Title:       p.words.Text("undo.title", "name", p.words.quoted(t.Name)),
		Description: p.words.Text("undo.hint"),
		Type:        flag.Success,
		Actions: []flag.Action{{Text: p.words.Text("undo.button"), OnClick: func(ctx context.Context) error {
			// Ignore the press if the task is on its way back already.
			isOpen := false
			p.update(func(*State) { isOpen = p.withdraw(t.ID) })
			if isOpen {
				p.Undo(ctx, t)
			}
			return nil
		}}},
	})
	<-until.Done()
	if err != nil {
		return
	}
	// Close the flag also when the page is closed, because then its button does nothing. A flag that cannot be closed does no
	// harm.
	closing, stop := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer stop()
	_ = shown.Close(closing)
}

// withdraw removes the offer to bring the task back. It reports whether there was one.
func (p *Page) withdraw(id string) bool {
	i := slices.IndexFunc(p.offers, func(o *offer) bool { return o.task.ID == id })
	if i < 0 {
		return false
	}
	p.offers[i].close()
	p.offers = slices.Delete(p.offers, i, i+1)
	return true
}

// UndoLast brings back the task that was deleted last, while there is an offer for it.
func (p *Page) UndoLast(ctx context.Context) {
	var last Task
	p.update(func(*State) {
		if n := len(p.offers); n > 0 {
			last = p.offers[n-1].task
			p.withdraw(last.ID)
		}
	})
	if last.ID != "" {
		p.Undo(ctx, last)
	}
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
			p.failed(ctx, s, t.ID, p.words.Text("undo.failed", "name", name, "reason", p.reason(err)), retry)
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
