package devhost

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost/internal/site"
)

// startPath is followed by a code.
const startPath = "/_host/start/"

// maxStartCodes is how many codes wait to be used. A browser that does not start uses none.
const maxStartCodes = 100

// startCodes are the codes of addresses that have not been opened yet. The zero value is ready to use.
type startCodes struct {
	mu    sync.Mutex
	codes []string
}

func (s *startCodes) add() (code string) {
	code = rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes = append(s.codes, code)
	s.codes = s.codes[max(0, len(s.codes)-maxStartCodes):]
	return code
}

// use reports whether a code is known, and forgets it.
func (s *startCodes) use(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, known := range s.codes {
		if known == code {
			s.codes = append(s.codes[:i], s.codes[i+1:]...)
			return true
		}
	}
	return false
}

// BrowserURL returns an address to start a browser with. It is PageURL without its key: instead of the key it has a code
// that works once, because every user of a machine can read the arguments of a program while it runs.
func (h *Host) BrowserURL() string { return h.BrowserURLFor(Window{}) }

// BrowserURLFor returns an address to start a browser with, as BrowserURL does, for what the page is to show, as PageURLFor
// does.
func (h *Host) BrowserURLFor(w Window) string {
	address := h.PageURLFor(w)
	page, _, hasKey := strings.Cut(address, "#")
	if !hasKey {
		return address
	}
	return h.product.Origin + startPath + h.startCodes.add() + strings.TrimPrefix(page, h.URL())
}

func (h *Host) serveStart(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if !h.startCodes.use(r.PathValue("code")) {
		site.Refuse(w, http.StatusGone, "This address works only once. Use the one that forgego prints.")
		return
	}
	http.Redirect(w, r, h.PageURLFor(Window(placeOf(r))), http.StatusSeeOther)
}
