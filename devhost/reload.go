package devhost

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/manifest"
)

// Reload reads manifest.yml and the translations again. If they are valid, the app is served as they now describe it, and
// the open pages load themselves again. Otherwise Reload returns the error, and the app stays as it was. What the user has
// chosen on the page stays: the language, the grants, the faults. It is safe for concurrent use.
func (h *Host) Reload() error {
	m, err := loadManifest(h.dir)
	if err != nil {
		return err
	}
	h.deploying.Lock()
	defer h.deploying.Unlock()
	old := h.current.Load()
	d, err := h.deploy(m, known(old.remotes.Local(), hasRemote(m)), known(old.services.Local(), hasService(m)))
	if err != nil {
		return err
	}
	d.grants.Adopt(old.grants)
	d.languages.Adopt(old.languages)
	h.current.Store(d)
	old.closeTunnels(d.tunnels)
	h.Refresh(Refresh{Part: ProductPage})
	return nil
}

func hasRemote(m *manifest.Manifest) func(string) bool {
	return func(key string) bool { _, ok := m.Remote(key); return ok }
}

func hasService(m *manifest.Manifest) func(string) bool {
	return func(key string) bool { _, ok := m.Service(key); return ok }
}

// known removes the URLs whose keys are no longer in the manifest.
func known(urls map[string]string, isKnown func(string) bool) map[string]string {
	for key := range urls {
		if !isKnown(key) {
			delete(urls, key)
		}
	}
	return urls
}

// Part is a part of the page that a change concerns.
type Part string

const (
	// StyleSheets are style sheets of the app's page. They are exchanged; the page stays.
	StyleSheets Part = "styles"
	// AppPage is the app's page. It is loaded again, and keeps what the user typed, the scroll position and the focus.
	AppPage Part = "app"
	// ProductPage is the page around the app. It is loaded again with the app's page in it.
	ProductPage Part = "product"
)

// Refresh says what has changed.
type Refresh struct {
	Part Part `json:"part"`
	// Resource is the key of the resource whose files have changed. If it is empty, all pages are concerned.
	Resource string `json:"resource,omitempty"`
	// Paths are the changed files, relative to the resource's folder and with slashes. StyleSheets needs them.
	Paths []string `json:"paths,omitempty"`
}

// Refresh makes the open pages show what has changed. It does not wait for them. A page that connects later compares its
// versions with the host's, so it misses no change.
func (h *Host) Refresh(r Refresh) {
	h.versions.mu.Lock()
	defer h.versions.mu.Unlock()
	v := &h.versions.app
	if r.Part == ProductPage {
		v = &h.versions.product
	}
	*v++
	h.windows.Broadcast(message("refresh", struct {
		Refresh
		Version int `json:"version"`
	}{r, *v}))
}

// versions counts the changes of the product page and of the app's pages.
type versions struct {
	mu sync.Mutex
	// instance differs after each start of the host.
	instance     string
	product, app int
}

func (v *versions) state() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return fmt.Sprintf("%s %d %d", v.instance, v.product, v.app)
}

// pageVersions returns what a product page on a site compares with what it shows. The last version is a hash of what a page
// cannot change after it was loaded: its policy (with the ports of the remotes and of the app's pages), the addresses of
// these pages, and its scripts. After a restart of the host, the page reloads only if that version has changed.
func (d *deployment) pageVersions(site int) string {
	h := sha256.New()
	fmt.Fprintln(h, d.manifest.AppID, d.productPolicy(site), d.resourceURLs(site), assetsTag())
	return fmt.Sprintf("%s %x", d.versions.state(), h.Sum(nil)[:8])
}

// Problem is something that the developer must correct. Pages show it over the app.
type Problem struct {
	// ID tells problems apart, such as "frontend main".
	ID string `json:"id"`
	// Title says in one line what does not work.
	Title string `json:"title"`
	// Text has the details, in one or more lines.
	Text string `json:"text,omitempty"`
	// Places are where the mistakes are.
	Places []Place `json:"places,omitempty"`
}

// Place is a place in a file.
type Place struct {
	// File is the file's path as the developer would write it: relative to the folder in which the command runs, if possible.
	File string `json:"file"`
	// Line and Column count from 1; 0 means unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Message is the compiler's message. Source is the text of the line.
	Message string `json:"message,omitempty"`
	Source  string `json:"source,omitempty"`
}

// SetProblems sets what the pages show over the app, and replaces the earlier problems. Without problems, they show the app.
// It is safe for concurrent use.
func (h *Host) SetProblems(problems []Problem) {
	all := append([]Problem{}, problems...)
	h.problems.Store(&all)
	h.windows.Broadcast(message("problems", all))
}

// message returns a message for the open pages. The payload is of our own types.
func message(kind string, payload any) window.Message {
	return window.Message{Type: kind, Payload: mustJSON(payload)}
}
