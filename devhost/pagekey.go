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
// other programs on this machine can send the page's origin, but they do not know the key. Each Host has another key.
// Browsers do not send fragments. The page reads the key and keeps it as long as the tab is open.
func (h *Host) PageURL() string {
	dev, err := manifest.LoadDev(h.dir)
	if err != nil {
		return h.URL() // Each request for a product's data returns the error.
	}
	for _, product := range dev.Products {
		if product.Authorization != "" {
			return h.URL() + "#key=" + h.pageKey
		}
	}
	return h.URL()
}

// hasPageKey reports whether a request comes from a page that was opened with the key.
func (h *Host) hasPageKey(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.Header.Get(pageKeyHeader)), []byte(h.pageKey)) == 1
}
