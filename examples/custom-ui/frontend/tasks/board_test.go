package tasks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// fakeList is a list, and a record of its calls.
type fakeList struct {
	t     *testing.T
	tasks []Task
	did   []string
}

func (s *fakeList) insert(i int, tasks ...Task) {
	s.tasks = slices.Insert(s.tasks, i, tasks...)
	did := fmt.Sprintf("insert %d", i)
	for _, t := range tasks {
		did += " " + text(t)
	}
	s.did = append(s.did, did)
}

func (s *fakeList) show(t Task) {
	i := s.index(t.ID)
	s.tasks[i] = t
	s.did = append(s.did, "show "+text(t))
}

func (s *fakeList) remove(id string) {
	i := s.index(id)
	s.tasks = slices.Delete(s.tasks, i, i+1)
	s.did = append(s.did, "remove "+id)
}

func (s *fakeList) arrange(ids []string) {
	if len(ids) != len(s.tasks) {
		s.t.Errorf("arrange got the ids %v for the tasks %v; want all of them", ids, s.tasks)
	}
	slices.SortFunc(s.tasks, func(x, y Task) int { return slices.Index(ids, x.ID) - slices.Index(ids, y.ID) })
	s.did = append(s.did, "arrange "+strings.Join(ids, " "))
}

func (s *fakeList) index(id string) int {
	s.t.Helper()
	i := slices.IndexFunc(s.tasks, func(t Task) bool { return t.ID == id })
	if i < 0 {
		s.t.Fatalf("the list has no task %q", id)
	}
	return i
}

// text writes a task in the short form of these tests: "a" is open, "a+" is done, "a:x" has the file x.
func text(t Task) string {
	s := t.ID
	if t.Done {
		s += "+"
	}
	if t.HasFile() {
		s += ":" + t.File.Name
	}
	return s
}

func read(s string) Task {
	s, name, _ := strings.Cut(s, ":")
	id, done := strings.CutSuffix(s, "+")
	return Task{ID: id, Done: done, File: File{Name: name}}
}

func readAll(s string) []Task {
	var tasks []Task
	for _, one := range strings.Fields(s) {
		tasks = append(tasks, read(one))
	}
	return tasks
}

// TestBoard checks, step by step, the calls that a board makes to its list. The board shows a, b and c and follows the
// events.
func TestBoard(t *testing.T) {
	cases := []struct{ name, steps, want string }{
		{"added elsewhere", "added d", "insert 3 d"},
		{"changed elsewhere", "changed b+", "show b+"},
		{"deleted elsewhere", "deleted b", "remove b"},
		{"told what is known", "changed b, added c", ""},
		{"a file elsewhere", "changed b:x, changed b:x, changed b", "show b:x, show b"},
		{"unknown tasks", "changed x+, deleted y", ""},
		{"it never comes back", "deleted b, added b, changed b+, fill a b c", "remove b"},

		{"own change, answered first", "begin b, end b+, changed b+", "show b+"},
		{"own change, told first", "begin b, changed b+, end b+", "show b+"},
		{"own change that changes nothing", "begin b, end b, changed b", "show b"},
		{"another change before it", "begin b, changed b:x, end b+:x, changed b+:x", "show b+:x"},
		{"another change before it, told after it", "begin b, end b+:x, changed b:x, changed b+:x", "show b+:x"},
		{"another change after it", "begin b, changed b+, changed b, end b+", "show b"},
		{"another change after it, told later", "begin b, end b+, changed b+, changed b", "show b+, show b"},
		{"quick changes, told late", "begin b, end b+, begin b, end b, begin b, end b+, changed b+, changed b, changed b+", "show b+, show b, show b+"},
		{"quick changes, told between", "begin b, end b+, begin b, changed b+, end b, changed b", "show b+, show b"},
		{"a change that fails", "begin b, fail b", "show b"},
		{"a change that fails, and another", "begin b, changed b:x, fail b", "show b:x"},
		{"a change whose answer is lost", "begin b, changed b+, fail b", "show b+"},
		{"other tasks meanwhile", "begin b, changed a+, deleted c, end b+", "show a+, remove c, show b+"},
		{"deleted elsewhere while it changes", "begin b, deleted b, end b+, changed b+", "remove b"},
		{"deleted elsewhere after its change", "begin b, end b+, deleted b", "show b+, remove b"},

		{"own task, answered first", "add d, added d", "insert 3 d"},
		{"own task, told first", "added d, add d", "insert 3 d"},
		{"own task, told and changed before the answer", "added d, changed d+, add d", "insert 3 d, show d+"},
		{"own task, and an older one told later", "add e, added d, added e, added f", "insert 3 e, insert 3 d, insert 5 f"},
		{"own task that is deleted at once", "added d, deleted d, add d", "insert 3 d, remove d"},

		{"own deletion", "begin b, delete b, deleted b", ""},
		{"own deletion, told first", "begin b, deleted b, delete b", ""},
		{"own deletion that fails", "begin b, fail b", "show b"},

		{"brought back elsewhere", "deleted b, back b a", "remove b, insert 1 b"},
		{"brought back to the top", "deleted a, back a -", "remove a, insert 0 a"},
		{"brought back after one that is gone", "deleted b, deleted a, back b a", "remove b, remove a, insert 1 b"},
		{"brought back elsewhere, its deletion was own", "begin b, delete b, deleted b, back b a", "insert 1 b"},
		{"brought back before the own deletion, told late", "begin b, delete b, back b a, deleted b", ""},
		{"own return, answered first", "begin b, delete b, restore b a, deleted b, back b a, deleted b", "insert 1 b, remove b"},
		{"own return, told first", "begin b, delete b, deleted b, bring b, back b a, answer b a, deleted b", "insert 1 b, remove b"},
		{"own return, told and deleted again first", "deleted b, bring b, back b a, deleted b, answer b a", "remove b, insert 1 b, remove b"},
		{"own return that fails", "deleted b, bring b, give-up b, back b a", "remove b, insert 1 b"},
		{"own return while they load", "deleted b, reload, restore b a, fill a c, back b a", "remove b, insert 1 b"},
		{"brought back while nobody told", "deleted b, reload, fill a b c", "remove b, insert 1 b"},
		{"own deletion that was told by nobody, brought back", "begin b, delete b, reload, fill a b c", "insert 1 b"},
		{"found deleted, told first, brought back", "begin b, deleted b, miss b, back b a", "insert 1 b"},
		{"found deleted, never told, brought back", "begin b, miss b, back b a", "insert 1 b"},
		{"found deleted after it was brought back", "begin b, deleted b, back b a, miss b, changed b+", "show b, show b+"},
		{"not followed: own return", "lost, begin b, delete b, restore b a, follow, deleted b", "insert 1 b, remove b"},

		{"loaded again, nothing new", "reload, fill a b c", ""},
		{"loaded again", "reload, fill x b+ y z", "remove a, remove c, insert 0 x, show b+, insert 2 y z"},
		{"loaded again: all gone", "reload, fill", "remove a, remove b, remove c"},
		{"loaded again while a task changes", "begin b, reload, fill a b+ c, end b+:x", "show b+:x"},
		{"loaded again while a task changes, which fails", "begin b, reload, fill a b+ c, fail b", "show b+"},
		{"loaded again while a task changes, which is gone", "begin b, reload, fill a c, fail b", "remove b"},
		{"changed while they load", "reload, begin b, end b+, fill a b c, changed b+", "show b+"},
		{"added while they load", "reload, mark, add d, fill a b c, added d", "insert 3 d"},
		{"deleted while they load", "reload, begin b, delete b, fill a b c, deleted b", ""},
		{"echoes that never come", "begin b, end b+, reload, fill a b+ c, changed b", "show b+, show b"},
		{"a task whose echo never comes", "add d, reload, fill a b c", "insert 3 d, remove d"},

		{"not followed: own change", "lost, begin b, end b+, reload, changed b", "show b+, show b"},
		{"not followed: own task", "lost, mark, add d, reload, fill a b c d", "insert 3 d"},
		{"not followed: a second try", "lost, add b+", "show b+"},
		{"not followed: own change, which is not told", "lost, begin b, end b+, follow, changed b", "show b+, show b"},
		{"lost during a change", "begin b, lost, end b+, follow, changed b", "show b+, show b"},
		{"lost and found during a change", "begin b, lost, follow, end b+, changed b", "show b+, show b"},
		{"lost and found during a request for a task", "lost, follow, add d, added e", "insert 3 d, insert 4 e"},
		{"lost before the echo", "begin b, end b+, lost, follow, changed b, changed b+, changed b:x", "show b+, show b:x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &fakeList{t: t}
			b := newBoard(s)
			b.fill(readAll("a b c"))
			b.follow()
			s.did = nil
			mark := b.mark()
			for step := range strings.SplitSeq(c.steps, ", ") {
				verb, of, _ := strings.Cut(step, " ")
				x := read(of)
				switch verb {
				case kindAdded, kindChanged, kindDeleted:
					b.event(change{Kind: verb, Task: x})
				case "bring":
					b.bring(x.ID)
				case "give-up":
					b.giveUp(x.ID)
				case "back", "restore", "answer":
					of, after, _ := strings.Cut(of, " ")
					after = strings.TrimPrefix(after, "-")
					switch verb {
					case "back":
						b.event(change{kindAdded, read(of), &after})
					case "restore":
						b.bring(read(of).ID)
						fallthrough
					default:
						b.restore(read(of), after)
					}
				case "begin":
					b.begin(x.ID)
				case "end":
					b.end(x.ID, &x)
				case "fail":
					b.end(x.ID, nil)
				case "add":
					b.add(x, mark)
				case "delete", "miss":
					if !b.remove(x.ID, verb == "delete") {
						break
					}
					s.tasks = slices.DeleteFunc(s.tasks, func(t Task) bool { return t.ID == x.ID })
				case "reload":
					b.follow()
					b.reloading()
				case "fill":
					b.fill(readAll(of))
				case "follow":
					b.follow()
				case "lost":
					b.lost()
				case "mark":
					mark = b.mark()
				default:
					t.Fatalf("unknown step %q", verb)
				}
			}
			if got := strings.Join(s.did, ", "); got != c.want {
				t.Errorf("the list got the calls %q; want %q", got, c.want)
			}
			if !slices.EqualFunc(b.entries, s.tasks, func(e *entry, t Task) bool { return e.task == t }) {
				t.Errorf("the list has %v; want the tasks of the board", s.tasks)
			}
		})
	}
}

// made returns the number by which the tasks of TestManyWindows are in order.
func made(t Task) int {
	n, _ := strconv.Atoi(t.ID[1:])
	return n
}

// TestManyWindows changes one list from several windows at random. Events and answers arrive at random times, and
// connections break now and then. In the end all windows must show what the backend has. With odd seeds the second
// window gets no events: it only loads all tasks now and then.
func TestManyWindows(t *testing.T) {
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 1))
		var backend []Task
		bin := map[string]Task{} // the tasks as they were deleted
		var told []change        // all events
		find := func(id string) int {
			return slices.IndexFunc(backend, func(t Task) bool { return t.ID == id })
		}
		type window struct {
			list  *fakeList
			board *board
			loads bool     // if true, it loads all tasks and gets no events
			seen  int      // number of events
			later func()   // delivers the pending answer
			load  func()   // delivers the answer with all tasks
			trash []string // the tasks that this window has deleted
		}
		var windows []*window
		for n := range 3 {
			s := &fakeList{t: t}
			w := &window{list: s, board: newBoard(s), loads: n == 1 && seed%2 == 1}
			w.board.follow()
			windows = append(windows, w)
		}
		act := func(w *window) {
			if w.later != nil {
				answer := w.later
				w.later = nil
				answer()
				return
			}
			if len(w.list.tasks) == 0 || random.IntN(4) == 0 {
				id := fmt.Sprint("t", len(told))
				mark, added := w.board.mark(), Task{ID: id}
				backend = append(backend, added)
				told = append(told, change{Kind: kindAdded, Task: added})
				w.later = func() { w.board.add(added, mark) }
				return
			}
			if len(w.trash) > 0 && random.IntN(4) == 0 {
				back := bin[w.trash[random.IntN(len(w.trash))]]
				if w.board.entry(back.ID) != nil {
					return
				}
				i := find(back.ID)
				w.board.bring(back.ID)
				isThere := i >= 0 // another window was faster, or a first answer was lost
				if !isThere {
					for i = 0; i < len(backend) && made(backend[i]) < made(back); i++ {
					}
					backend = slices.Insert(backend, i, back)
				}
				after := ""
				if i > 0 {
					after = backend[i-1].ID
				}
				back = backend[i]
				if !isThere {
					told = append(told, change{kindAdded, back, &after})
				}
				w.later = func() { w.board.restore(back, after) }
				return
			}
			id := w.list.tasks[random.IntN(len(w.list.tasks))].ID
			w.board.begin(id)
			gone := func(own bool) {
				if w.board.remove(id, own) {
					w.list.remove(id)
				}
			}
			i := find(id)
			switch {
			case i < 0:
				w.later = func() { gone(false) }
			case random.IntN(5) == 0:
				told = append(told, change{Kind: kindDeleted, Task: backend[i]})
				bin[id] = backend[i]
				backend = slices.Delete(backend, i, i+1)
				w.later = func() {
					gone(true)
					w.trash = append(w.trash, id)
				}
			default:
				if random.IntN(2) == 0 {
					backend[i].Done = !backend[i].Done
				} else {
					backend[i].File.Size = int64(random.IntN(2))
				}
				own := backend[i]
				told = append(told, change{Kind: kindChanged, Task: own})
				w.later = func() { w.board.end(id, &own) }
				if random.IntN(5) == 0 {
					w.later = func() { w.board.end(id, nil) } // the answer is lost
				}
			}
		}
		hear := func(w *window) {
			switch {
			case w.load != nil: // the feed reads no event meanwhile
				w.load()
				w.load = nil
			case w.loads:
				w.board.reloading()
				all := slices.Clone(backend)
				w.load = func() { w.board.fill(all) }
			case random.IntN(15) == 0 && w.later == nil:
				// The connection breaks only while this window has no pending request. Otherwise the result may be
				// shown late.
				w.board.lost()
				w.seen = len(told)
				w.board.follow()
				w.board.reloading()
				all := slices.Clone(backend)
				w.load = func() { w.board.fill(all) }
			case w.seen < len(told):
				inOrder := w.board.event(told[w.seen])
				w.seen++
				if !inOrder {
					w.board.reloading()
					all := slices.Clone(backend)
					w.load = func() { w.board.fill(all) }
				}
			}
		}
		for range 60 {
			w := windows[random.IntN(len(windows))]
			if random.IntN(2) == 0 {
				act(w)
			} else {
				hear(w)
			}
		}
		for n, w := range windows {
			if w.later != nil {
				w.later()
			}
			if w.load != nil {
				w.load()
			}
			if w.loads {
				w.board.reloading()
				w.board.fill(backend)
				w.seen = len(told)
			}
			for _, c := range told[w.seen:] {
				if !w.board.event(c) {
					w.board.reloading()
					w.board.fill(backend)
				}
			}
			if !slices.Equal(w.list.tasks, backend) {
				t.Fatalf("seed %d: window %d shows %v; want the tasks of the backend, %v", seed, n, w.list.tasks, backend)
			}
		}
	}
}
