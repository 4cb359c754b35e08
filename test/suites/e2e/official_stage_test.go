package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// stage is a remote that keeps the requests that it receives and answers as a test says. Every page may call it, unless the
// test says otherwise.
type stage struct {
	url string

	mu       sync.Mutex
	answer   http.HandlerFunc
	cors     func(header http.Header, r *http.Request)
	requests []request
}

func newStage(t *testing.T) *stage {
	s := &stage{answer: says(http.StatusOK, "", ""), cors: allow}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// play sets the answer of the remote.
func (s *stage) play(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// guard sets the CORS headers of the remote. The remote does not keep preflight requests.
func (s *stage) guard(cors func(header http.Header, r *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cors = cors
}

// take returns the requests that the remote has received since the last call.
func (s *stage) take() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Clone(s.requests)
	s.requests = nil
	return all
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	asks := isPreflight(r)
	s.mu.Lock()
	answer, cors := s.answer, s.cors
	if !asks {
		s.requests = append(s.requests, request{r.Method, r.RequestURI, r.Header.Clone(), string(body)})
	}
	s.mu.Unlock()
	cors(w.Header(), r)
	if asks {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, r)
}

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}

// allow lets every page send all headers and read the headers x-many and x-shown.
func allow(header http.Header, r *http.Request) {
	header.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	header.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	header.Set("Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
	header.Set("Access-Control-Expose-Headers", "x-many, x-shown")
	header.Set("Access-Control-Max-Age", "0") // each request needs a new preflight request
}
