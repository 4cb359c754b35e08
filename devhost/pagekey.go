package devhost

import (
	"crypto/subtle"
	"fmt"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/manifest"
)

// pageKeyHeader is the header field in which the product's page sends the key of its address. Unlike a cookie, which
// browsers send to all ports of 127.0.0.1, no other server gets it.
const pageKeyHeader = "X-Forgego-Key"

// PageURL returns the address to open in a browser. It is URL, and if forgego.yml now has credentials for a product, a
// fragment with a key behind it. Only a page that was opened with the key can send requests with those credentials: other
// programs on this machine can name the page's origin, but they do not know the key. It is a new one for each Host. A
// browser sends a fragment nowhere; the page takes the key from it and keeps it as long as the tab is open.
func (h *Host) PageURL() string {
	dev, err := manifest.LoadDev(h.manifest.Dir)
	if err != nil {
		return h.URL() // each request for a product's data tells what is wrong
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

// noPageKey is for a request that would have been sent with the developer's credentials.
func noPageKey(product string) error {
	return &apierror.Error{Code: "KEY_REQUIRED", Message: fmt.Sprintf("Requests to %s are sent with the credentials that forgego.yml names, so the local host takes them only from a page that was opened with this start's key. "+
		"Open the address that forgego dev has printed; it ends in #key=…. If it does not, forgego.yml has changed since: start forgego dev again.", product)}
}
