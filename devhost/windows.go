package devhost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/window"
)

// Window is what a product page shows.
type Window struct {
	// Module is the key of a module. It is empty if manifest.yml has no modules.
	Module string `json:"module"`
	// View is the name of a view of the module, such as "edit". It is empty for the view that the module shows first.
	View string `json:"view,omitempty"`
	// Account and Site are numbers that count from 1, as in Choices. A number is 0 if the page's address has an invalid one.
	Account int `json:"account"`
	Site    int `json:"site"`
}

// Windows returns the open product pages. The one that was opened or used last is the first.
func (h *Host) Windows() []Window {
	open := []Window{}
	for _, w := range h.windows.All() {
		open = append(open, Window(w.Place))
	}
	return open
}

// Choices are what a product page can show.
type Choices struct {
	Modules  []Module  `json:"modules"`
	Accounts []Account `json:"accounts"`
	Sites    []Site    `json:"sites"`
}

// Module is a module of manifest.yml.
type Module struct {
	Key string `json:"key"`
	// Views are the names of its views but for the one that it shows first.
	Views []string `json:"views,omitempty"`
}

// Account is a user of the app.
type Account struct {
	Number int    `json:"number"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	// Admin reports whether the user administers the sites.
	Admin bool `json:"admin,omitempty"`
}

// Site is a site on which the app is installed.
type Site struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	// License is the app's license on the site, or nil.
	License map[string]any `json:"license,omitempty"`
}

// Choices returns the modules of manifest.yml, and the accounts and sites of forgego.yml, or else the host's own. Without
// a valid forgego.yml, it returns an error.
func (h *Host) Choices() (c Choices, err error) {
	dev, err := devfile.Load(h.dir)
	if err != nil {
		return c, err
	}
	d := h.current.Load()
	for _, m := range d.manifest.Modules {
		module := Module{Key: m.Key}
		for _, v := range m.Views {
			if v.Name != m.Main().Name {
				module.Views = append(module.Views, v.Name)
			}
		}
		c.Modules = append(c.Modules, module)
	}
	for _, a := range d.installed.Accounts(dev.Context) {
		c.Accounts = append(c.Accounts, Account(a))
	}
	for _, s := range d.installed.Sites(dev.Context) {
		c.Sites = append(c.Sites, Site(s))
	}
	return c, nil
}

// SetSession makes the open product page that was used last go on with an account and on a site, as its switches do. They
// are numbers as in Choices; 0 keeps the page's own. It returns when the new page is open, or at once if the page has both
// already. It returns ErrNoWindow if no page is open, and an error if there is no such account or site, or if the new page
// does not open within a minute. It is safe for concurrent use.
func (h *Host) SetSession(ctx context.Context, account, site int) error {
	w := h.windows.Latest()
	if w == nil {
		return fmt.Errorf("%w: open %s", ErrNoWindow, h.URL())
	}
	want := w.Place
	want.Account, want.Site = cmp.Or(account, want.Account), cmp.Or(site, want.Site)
	dev, err := devfile.Load(h.dir)
	if err != nil {
		return err
	}
	if _, err := h.current.Load().installed.Session(dev.Context, strconv.Itoa(want.Account), strconv.Itoa(want.Site)); err != nil {
		return err
	}
	if want == w.Place {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	before := h.windows.All()
	if _, err := h.ask(ctx, w, "session", map[string]int{accountParameter: want.Account, siteParameter: want.Site}); err != nil {
		return err
	}
	for {
		opened := h.windows.Opened()
		if slices.ContainsFunc(h.windows.All(), func(w *window.Window) bool { return w.Place == want && !slices.Contains(before, w) }) {
			return nil
		}
		select {
		case <-opened:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return errors.New("the page has not opened with the new account and site in time; look whether it asks the user something")
			}
			return context.Cause(ctx)
		}
	}
}

// placeOf returns what the product page shows that makes a request. Module is empty if its address names none.
func placeOf(r *http.Request) window.Place {
	query := r.URL.Query()
	number := func(name string) int {
		n, err := strconv.Atoi(cmp.Or(query.Get(name), "1"))
		if err != nil {
			return 0
		}
		return max(n, 0)
	}
	return window.Place{
		Module: query.Get(moduleParameter), View: query.Get(viewParameter),
		Account: number(accountParameter), Site: number(siteParameter),
	}
}
