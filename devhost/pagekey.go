package devhost

import (
	"crypto/subtle"
	"net/http"

	"github.com/forgego/forgego/internal/manifest"
)

// pageKeyHeader is the header field in which the product's page sends the key of its address. A cookie would not do:
// browsers send cookies to all ports of 127.0.0.1, so other servers would get the key.
const pageKeyHeader = "X-Forgego-Key"

// PageURL returns the address to open in a browser. If forgego.yml has credentials for a product, it is URL with a key in
// the fragment; otherwise it is URL. Only a page that was opened with the key can send requests with those credentials:
// other programs on this machine can send the page's origin, but they do not know the key. Each Host has its own key.
// Browsers do not send fragments. The page reads the key and keeps it as long as the tab is open.
func (h *Host) PageURL() string { return h.PageURLFor(Window{}) }

// PageURLFor returns the address of the page, as PageURL does, for what it is to show. An empty module is the first of
// manifest.yml. The account and the site count from 1, in the order of "context" in forgego.yml, or else of the host's own:
// an administrator and two users, and two sites; 0 is the first, too. If there is no such module, view, account or site,
// the page says so.
func (h *Host) PageURLFor(w Window) string {
	query := chosen(w.Account, w.Site)
	if w.Module != "" {
		query.Set(moduleParameter, w.Module)
	}
	if w.View != "" {
		query.Set(viewParameter, w.View)
	}
	address := h.URL()
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	dev, err := manifest.LoadDev(h.dir)
	if err != nil {
		return address // Each request for a product's data returns the error.
	}
	for _, product := range dev.Products {
		if product.Authorization != "" {
			return address + "#key=" + h.pageKey
		}
	}
	return address
}

// hasPageKey reports whether a request comes from a page that was opened with the key.
func (h *Host) hasPageKey(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(pageKeyHeader)), []byte(h.pageKey)) == 1
}
