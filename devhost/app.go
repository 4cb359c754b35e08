package devhost

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/manifest"
)

const indexPage = "index.html"

// The app's origin serves the bridge and stored objects below bridgeKey. newHost refuses a resource with this key.
const (
	bridgeKey  = "_bridge"
	bridgePath = "/" + bridgeKey + "/bridge.js"
	objectPath = "/" + bridgeKey + "/object/"
)

// appHandler serves the app's origin: each resource's folder under /<key>/ as it is on disk at the time, and the bridge.
func (h *Host) appHandler() http.Handler {
	forms := &encodedForms{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+bridgePath, serveBridge)
	mux.HandleFunc("PUT "+objectPath+"{part}", h.objects.ServePut)
	mux.HandleFunc("GET "+objectPath+"{part}", h.objects.ServeGet)
	h.translationRoutes(mux)
	mux.HandleFunc("GET /{key}", func(w http.ResponseWriter, r *http.Request) {
		resource, ok := h.manifest.Resource(r.PathValue("key"))
		if !ok {
			noResource(w, r)
			return
		}
		http.Redirect(w, r, "/"+resource.Key+"/", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("GET /{key}/{name...}", func(w http.ResponseWriter, r *http.Request) {
		resource, ok := h.manifest.Resource(r.PathValue("key"))
		if !ok {
			noResource(w, r)
			return
		}
		h.serveResource(w, r, resource, forms)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		notFound(w, "This is the origin of the app's resources. Open the app at "+h.URL()+" instead.")
	})
	return h.app.guardHost(guardSite(h.product.origin, noSniff(mux)))
}

func (h *Host) serveResource(w http.ResponseWriter, r *http.Request, resource manifest.Resource, forms *encodedForms) {
	name := r.PathValue("name")
	if name == "" {
		name = indexPage
	}
	// Opened for each request: a build may put a new folder in the place of the old one.
	root, err := h.openFolder(resource.Path)
	if err != nil {
		text := fmt.Sprintf("The folder %s of the resource %q is not there. Has the front end been built?", resource.Path, resource.Key)
		if !errors.Is(err, fs.ErrNotExist) {
			text = fmt.Sprintf("The folder %s of the resource %q cannot be opened: %v. It must be inside the app's folder, without a symbolic link that leads out.",
				resource.Path, resource.Key, withoutPath(err))
		}
		notFound(w, text)
		return
	}
	defer root.Close()
	f, err := openServed(root, name)
	if err != nil {
		text := fmt.Sprintf("The resource %q has no file %s in %s.", resource.Key, name, resource.Path)
		switch {
		case errors.Is(err, appfile.ErrNotRegular):
			text += " What has this name is no file: " + err.Error() + "."
		case name == indexPage:
			text += " Has the front end been built?"
		}
		notFound(w, text)
		return
	}
	defer f.Close()
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("Content-Type", contenttype.Of(name))
	if strings.HasPrefix(contenttype.Of(name), "text/html") {
		h.servePage(w, r, f)
		return
	}
	tag, err := fileTag(f)
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return
	}
	// A worker runs under the policy of its own script's response.
	header.Set("Content-Security-Policy", h.policy(indexOf(root)))
	header.Set("Vary", "Accept-Encoding")
	if info, err := f.Stat(); err == nil {
		if encoded, encoding, encodedTag := forms.openEncoded(root, name, tag, info.Size(), r); encoded != nil {
			defer encoded.Close()
			header.Set("Content-Encoding", encoding)
			f, tag = encoded, encodedTag
		}
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, name, time.Time{}, f)
}

// openFolder opens a resource's folder, which must be inside the app's.
func (h *Host) openFolder(path string) (*os.Root, error) {
	app, err := os.OpenRoot(h.manifest.Dir)
	if err != nil {
		return nil, err
	}
	defer app.Close()
	return app.OpenRoot(filepath.FromSlash(path))
}

// withoutPath is the system's own words.
func withoutPath(err error) error {
	if of := (*fs.PathError)(nil); errors.As(err, &of) {
		return of.Err
	}
	return err
}

// maxPage bounds an HTML page, in bytes, which is read whole because the bridge goes into it.
const maxPage = 16 << 20

// servePage serves an HTML page of the app with the bridge in its head, under the policy for just this page.
func (h *Host) servePage(w http.ResponseWriter, r *http.Request, f io.Reader) {
	page, err := io.ReadAll(io.LimitReader(f, maxPage+1))
	if err == nil && len(page) > maxPage {
		err = errors.New("it is larger than the local host takes (16 MB)")
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("The page cannot be read: %v.", withoutPath(err)), http.StatusInternalServerError)
		return
	}
	csp := h.policy(page)
	page = policy.InjectBridge(page, bridgePath, h.product.origin)
	w.Header().Set("Content-Security-Policy", csp)
	w.Header().Set("ETag", tagOf(page, []byte(csp)))
	http.ServeContent(w, r, indexPage, time.Time{}, bytes.NewReader(page))
}

func (h *Host) policy(page []byte) string {
	m := h.grants.Apply(h.manifest)
	return policy.Local(m, page, h.product.origin, policy.Additions(m, h.remotes.Local()))
}

// indexOf is the resource's main page, or nothing if it has none.
func indexOf(root *os.Root) []byte {
	page, err := appfile.Read(root, indexPage, maxPage)
	if err != nil {
		return nil
	}
	return page
}

var errNotServed = errors.New("not served")

// openServed opens a regular file inside a resource's folder. Forge does not deploy files with a leading dot, and a
// symbolic link out of the folder leads nowhere.
func openServed(root *os.Root, name string) (*os.File, error) {
	if !fs.ValidPath(name) || strings.ContainsAny(name, `\:`) || strings.Contains("/"+name, "/.") {
		return nil, errNotServed
	}
	return appfile.Open(root, name)
}

func noResource(w http.ResponseWriter, r *http.Request) {
	notFound(w, fmt.Sprintf("manifest.yml has no resource %q.", r.PathValue("key")))
}

func notFound(w http.ResponseWriter, text string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, http.StatusNotFound)
}

// noSniff keeps a browser from taking a file for another type than the one that the host names.
func noSniff(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
