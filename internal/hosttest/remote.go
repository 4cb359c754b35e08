//go:build !tinygo

package hosttest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// Remote returns the remote that the cases call:
//
//	/echo            answers with the request's body, and puts its method and whether it had a body into headers
//	/see/…           answers with a description of the request, in JSON
//	/answer          answers with the status, type, location and body from the query
//	/status/{code}   answers with that status and no body
//	/bytes           answers with bytes that are not text
//	/hold/{name}     waits for /release/{name}, then reads the body and answers with it
//	/held/{name}     answers when a request is held
//	/release/{name}  releases held requests, and answers with the last body that they read
//	/count/{name}    counts its calls, and answers with their number
//	/cut             closes the connection without an answer
func Remote() http.Handler {
	r := &contractRemote{gates: map[string]*gate{}, counts: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/answer", answerAsAsked)
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(r.PathValue("code"))
		if err != nil {
			code = http.StatusBadRequest
		}
		w.WriteHeader(code)
	})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write([]byte{0, 0xff, 0xfe, 'a'})
	})
	mux.HandleFunc("/hold/{name}", r.hold)
	mux.HandleFunc("/held/{name}", r.waitForHeld)
	mux.HandleFunc("/release/{name}", r.release)
	mux.HandleFunc("/count/{name}", r.count)
	mux.HandleFunc("/cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Bypass the mux, which redirects paths that are not clean.
		if strings.HasPrefix(r.URL.Path, "/see/") {
			see(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

type contractRemote struct {
	mu     sync.Mutex
	gates  map[string]*gate
	counts map[string]int
}

// gate holds requests until it is opened.
type gate struct {
	came, opened event

	mu   sync.Mutex
	held int
	idle event
	last []byte
}

// event happens once.
type event struct {
	happened chan struct{}
	happen   func()
}

func newEvent() event {
	happened := make(chan struct{})
	return event{happened, sync.OnceFunc(func() { close(happened) })}
}

func (r *contractRemote) gate(request *http.Request) *gate {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := request.PathValue("name")
	if r.gates[name] == nil {
		r.gates[name] = &gate{came: newEvent(), opened: newEvent(), idle: newEvent()}
	}
	return r.gates[name]
}

func (r *contractRemote) hold(w http.ResponseWriter, request *http.Request) {
	g := r.gate(request)
	g.mu.Lock()
	g.held++
	g.mu.Unlock()
	g.came.happen()
	defer g.let()
	select {
	case <-g.opened.happened:
	case <-request.Context().Done():
		return
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	g.mu.Lock()
	g.last = body
	g.mu.Unlock()
	_, _ = w.Write(body)
}

// let releases one held request.
func (g *gate) let() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held--
	if g.held == 0 {
		g.idle.happen()
	}
}

func (r *contractRemote) waitForHeld(_ http.ResponseWriter, request *http.Request) {
	select {
	case <-r.gate(request).came.happened:
	case <-request.Context().Done():
	}
}

func (r *contractRemote) release(w http.ResponseWriter, request *http.Request) {
	g := r.gate(request)
	g.opened.happen()
	g.mu.Lock()
	held := g.held
	g.mu.Unlock()
	if held > 0 {
		select {
		case <-g.idle.happened:
		case <-request.Context().Done():
			return
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	_, _ = w.Write(g.last)
}

func (r *contractRemote) count(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	name := request.PathValue("name")
	if request.Method == http.MethodPost {
		r.counts[name]++
	}
	n := r.counts[name]
	r.mu.Unlock()
	_, _ = io.WriteString(w, strconv.Itoa(n))
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("X-Method", r.Method)
	w.Header().Set("X-Sent", r.Header.Get("X-Sent"))
	w.Header().Set("X-Body", strconv.FormatBool(len(body) > 0))
	_, _ = w.Write(body)
}
