package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

func TestPollsIfThereAreNoEvents(t *testing.T) {
	t.Parallel()
	for name, notifierOf := range map[string]func() (*notifier, error){
		"no notifier": func() (*notifier, error) { return nil, os.NewSyscallError("inotify_init1", syscall.EMFILE) },
		"only two folders": func() (*notifier, error) {
			n, err := newNotifier()
			if err != nil {
				return nil, err
			}
			add, count := n.add, 0
			n.add = func(folder string) error {
				if count++; count > 2 {
					return syscall.ENOSPC
				}
				return add(folder)
			}
			return n, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDisk(t, Options{notifier: notifierOf, interval: 10 * time.Millisecond})
			d.write("a/b/c/f", "1")
			d.watchTree()
			d.report("raise")
			d.write("a/b/c/f", "2")
			d.expect("a/b/c/f changed")
			d.write("a/b/c/d/f", "2")
			d.expect("a/b/c/d/f created")
			d.remove("a")
			d.expect("a/b/c/d/f removed, a/b/c/f removed")
			if len(d.reports) != 1 {
				t.Errorf("reported %d times: %q", len(d.reports), d.reports)
			}
		})
	}
}

// deaf returns a notifier without events, and a function that sends an error instead.
func deaf() (open func() (*notifier, error), fail func(error)) {
	var mu sync.Mutex
	var errs chan error
	open = func() (*notifier, error) {
		events, mine := make(chan fsnotify.Event), make(chan error, 100)
		mu.Lock()
		defer mu.Unlock()
		errs = mine
		return &notifier{
			add:    func(string) error { return nil },
			events: events, errors: mine,
			close: func() error {
				mu.Lock()
				defer mu.Unlock()
				close(events)
				close(mine)
				return nil
			},
		}, nil
	}
	return open, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs <- err
	}
}

func TestLooksAtEverythingAfterAnOverflow(t *testing.T) {
	t.Parallel()
	open, fail := deaf()
	d := newDisk(t, Options{notifier: open})
	d.write("a/f", "1")
	d.watchTree()
	for i := range 2 * maxFailures {
		d.write("a/f", strconv.Itoa(i+2))
		fail(fsnotify.ErrEventOverflow)
		d.expect("a/f changed")
	}
	if len(d.reports) != 0 {
		t.Error(d.reports)
	}
}

func TestLooksWhileEventsKeepComing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		events, errs := make(chan fsnotify.Event), make(chan error)
		d := newDisk(t, Options{notifier: func() (*notifier, error) {
			return &notifier{
				add: func(string) error { return nil }, events: events, errors: errs,
				close: func() error { return nil },
			}, nil
		}})
		d.write("f", "1")
		d.watchTree()
		d.write("f", "2")
		ctx, cancel := context.WithCancel(t.Context())
		var sending sync.WaitGroup
		sending.Go(func() {
			defer close(errs)
			defer close(events)
			for ctx.Err() == nil {
				events <- fsnotify.Event{Name: d.path("f"), Op: fsnotify.Write}
				time.Sleep(quiet / 2) // of the bubble's time
			}
		})
		defer sending.Wait()
		defer cancel()
		d.expect("f changed")
	})
}

func TestPollsAfterManyErrorsOfTheEvents(t *testing.T) {
	t.Parallel()
	open, fail := deaf()
	d := newDisk(t, Options{notifier: open})
	d.write("a/f", "1")
	d.watchTree()
	for i := range maxFailures + 1 {
		d.write("a/f", strconv.Itoa(i+2))
		fail(errors.New("the disk is on fire"))
		d.expect("a/f changed")
	}
	d.report("the disk is on fire")
	d.write("a/f", "x")
	d.expect("a/f changed")
}

func TestReportsAFileThatIsOlderThanTheWatchOfItsFolder(t *testing.T) {
	t.Parallel()
	d := newDisk(t, Options{notifier: func() (*notifier, error) {
		n, err := newNotifier()
		if err != nil {
			return nil, err
		}
		add := n.add
		n.add = func(folder string) error {
			if filepath.Base(folder) == "new" {
				if err := os.WriteFile(filepath.Join(folder, "f"), nil, 0o644); err != nil {
					return err
				}
			}
			return add(folder)
		}
		return n, nil
	}})
	d.watchTree()
	d.mkdir("new")
	d.expect("new/f created")
}
