package tasks_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/forgego/forgego/examples/custom-ui/frontend/tasks"
)

// backend is an in-memory remote: the API of the example's README for one installation.
type backend struct {
	mu    sync.Mutex
	tasks []tasks.Task
	files map[string]string
	// keys maps each Idempotency-Key to its task.
	keys map[string]string
	made int
	// trash is the task that was deleted last, and trashedAt was its index.
	trash     tasks.Task
	trashedAt int
	// told has all events. more is closed when there is a new one. While silent is true, changes make no events.
	told   []string
	silent bool
	more   chan struct{}
	// Closing cut breaks all event streams.
	cut chan struct{}
	// If noEvents is not 0, event streams are refused with this status.
	noEvents int
	// following is the number of open event streams.
	following int
	// slow is how long the answer with all tasks is under way.
	slow time.Duration
	// slowChange is how long a change of a task takes before it is made, and how long its answer takes after that.
	slowChange time.Duration
	// If loseAnswer is true, the answers to changes break off.
	loseAnswer bool
}

// newBackend returns a backend with open tasks of these names. The names are also their ids.
func newBackend(names ...string) *backend {
	b := &backend{files: map[string]string{}, keys: map[string]string{}, more: make(chan struct{}), cut: make(chan struct{})}
	for _, name := range names {
		b.tasks = append(b.tasks, tasks.Task{ID: name, Name: name})
	}
	return b
}

func (b *backend) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks", func(w http.ResponseWriter, _ *http.Request) {
		b.mu.Lock()
		all, slow := append([]tasks.Task{}, b.tasks...), b.slow
		b.mu.Unlock()
		time.Sleep(slow)
		answer(w, 200, map[string]any{"tasks": all})
	})
	mux.HandleFunc("POST /tasks", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Name string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.Name == "taboo" {
			answer(w, 400, map[string]string{"error": "Not this name."})
			return
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		key := r.Header.Get("Idempotency-Key")
		i := slices.IndexFunc(b.tasks, func(t tasks.Task) bool { return t.ID == b.keys[key] })
		if i < 0 {
			b.made++
			t := tasks.Task{ID: "new" + strconv.Itoa(b.made), Name: in.Name}
			b.keys[key] = t.ID
			b.tasks = append(b.tasks, t)
			b.tell("added", t)
			i = len(b.tasks) - 1
		}
		b.answerTask(w, i)
	})
	mux.HandleFunc("PATCH /tasks/{id}", b.change(func(r *http.Request, t *tasks.Task) {
		var in struct {
			Name *string
			Done *bool
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.Name != nil {
			t.Name = *in.Name
		}
		if in.Done != nil {
			t.Done = *in.Done
		}
	}))
	mux.HandleFunc("POST /tasks/{id}/restore", b.restore)
	mux.HandleFunc("PUT /tasks/{id}/file", b.change(func(r *http.Request, t *tasks.Task) {
		data, _ := io.ReadAll(r.Body)
		name, _ := url.PathUnescape(r.Header.Get("X-File-Name"))
		t.File = tasks.File{Name: name, Type: r.Header.Get("Content-Type"), Size: int64(len(data))}
		b.files[t.ID] = string(data)
	}))
	mux.HandleFunc("DELETE /tasks/{id}/file", b.change(func(_ *http.Request, t *tasks.Task) { t.File = tasks.File{} }))
	mux.HandleFunc("GET /tasks/{id}/file", func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''from%20there.bin")
		_, _ = io.WriteString(w, b.files[r.PathValue("id")])
	})
	mux.HandleFunc("DELETE /tasks/{id}", func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if !b.delete(r.PathValue("id")) {
			gone(w)
			return
		}
		w.WriteHeader(204)
	})
	mux.HandleFunc("GET /tasks/events", b.events)
	return mux
}

// change answers a request that changes one task.
func (b *backend) change(f func(r *http.Request, t *tasks.Task)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		slow := b.slowChange
		b.mu.Unlock()
		time.Sleep(slow)
		b.mu.Lock()
		defer b.mu.Unlock()
		i := b.index(r.PathValue("id"))
		if i < 0 {
			gone(w)
			return
		}
		if from := r.Header.Get("If-Match"); from != "" && from != strconv.Quote(strconv.FormatInt(b.tasks[i].Version, 10)) {
			answer(w, 412, map[string]any{"error": "The task was changed meanwhile.", "task": b.tasks[i]})
			return
		}
		f(r, &b.tasks[i])
		b.tasks[i].Version++
		b.tell("changed", b.tasks[i])
		b.mu.Unlock()
		time.Sleep(slow)
		b.mu.Lock()
		if i = b.index(r.PathValue("id")); i < 0 {
			gone(w)
			return
		}
		b.answerTask(w, i)
	}
}

func (b *backend) answerTask(w http.ResponseWriter, i int) {
	if b.loseAnswer {
		panic(http.ErrAbortHandler)
	}
	answer(w, 200, b.tasks[i])
}

// events streams the events since Last-Event-ID.
func (b *backend) events(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	status, next, cut := b.noEvents, len(b.told), b.cut
	b.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	b.set(func() { b.following++ })
	defer b.set(func() { b.following-- })
	if last, err := strconv.Atoi(r.Header.Get("Last-Event-ID")); err == nil {
		next = last
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprintf(w, "id: %d\n\n", next)
	for {
		b.mu.Lock()
		for ; next < len(b.told); next++ {
			fmt.Fprintf(w, "id: %d\n%s\n\n", next+1, b.told[next])
		}
		more := b.more
		b.mu.Unlock()
		_ = http.NewResponseController(w).Flush()
		select {
		case <-more:
		case <-time.After(5 * time.Second):
			fmt.Fprint(w, ":\n\n")
		case <-cut:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// streams returns the number of open event streams.
func (b *backend) streams() (n int) {
	b.set(func() { n = b.following })
	return n
}

// cutEvents breaks all event streams, and refuses new ones with this status.
func (b *backend) cutEvents(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.noEvents = status
	close(b.cut)
	b.cut = make(chan struct{})
}

func (b *backend) set(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// addElsewhere and deleteElsewhere act like another window, and wait until the page has loaded the list.
func (b *backend) addElsewhere(name string) {
	b.set(func() { b.add(name) })
	time.Sleep(time.Second)
}

func (b *backend) deleteElsewhere(id string) {
	b.set(func() { b.delete(id) })
	time.Sleep(time.Second)
}

func (b *backend) add(name string) {
	b.tasks = append(b.tasks, tasks.Task{ID: name, Name: name})
	b.tell("added", b.tasks[len(b.tasks)-1])
}

// deleteSilently deletes a task without an event.
func (b *backend) deleteSilently(id string) {
	b.set(func() { b.tasks = slices.Delete(b.tasks, b.index(id), b.index(id)+1) })
}

// restore brings back the task that was deleted last, and no other task.
func (b *backend) restore(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.trash.ID != r.PathValue("id") {
		gone(w)
		return
	}
	b.bringBack()
	if b.loseAnswer {
		panic(http.ErrAbortHandler)
	}
	answer(w, 200, map[string]any{"task": b.trash, "after": b.after()})
}

// bringBack restores the task, for this window or another one.
func (b *backend) bringBack() {
	if b.index(b.trash.ID) >= 0 {
		return
	}
	b.tasks = slices.Insert(b.tasks, b.trashedAt, b.trash)
	data, _ := json.Marshal(map[string]any{"kind": "added", "task": b.trash, "after": b.after()})
	b.send("event: change\ndata: " + string(data))
}

// after returns the id of the task before the restored one.
func (b *backend) after() string {
	if b.trashedAt == 0 {
		return ""
	}
	return b.tasks[b.trashedAt-1].ID
}

func (b *backend) delete(id string) bool {
	i := b.index(id)
	if i < 0 {
		return false
	}
	b.trash, b.trashedAt = b.tasks[i], i
	b.tell("deleted", b.tasks[i])
	b.tasks = slices.Delete(b.tasks, i, i+1)
	return true
}

func (b *backend) index(id string) int {
	return slices.IndexFunc(b.tasks, func(t tasks.Task) bool { return t.ID == id })
}

func (b *backend) tell(kind string, t tasks.Task) {
	data, _ := json.Marshal(map[string]any{"kind": kind, "task": t})
	b.send("event: change\ndata: " + string(data))
}

func (b *backend) send(event string) {
	if b.silent {
		return
	}
	b.told = append(b.told, event)
	close(b.more)
	b.more = make(chan struct{})
}

func gone(w http.ResponseWriter) {
	answer(w, 404, map[string]string{"error": "There is no such task."})
}

func answer(w http.ResponseWriter, status int, v any) {
	data, _ := json.Marshal(v)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}
