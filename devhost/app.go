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

	"github.com/forgego/forgego/internal/manifest"
)

const indexPage = "index.html"

// appHandler serves the app's origin: each resource's folder under /<key>/ as it is on disk at the time, and the bridge.
func (h *Host) appHandler() http.Handler {
	tags := &etags{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+bridgePath, serveBridge)
	h.objects.routes(mux)
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
		h.serveResource(w, r, resource, tags)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		notFound(w, "This is the origin of the app's resources. Open the app at "+h.URL()+" instead.")
	})
	return h.app.guardHost(noSniff(mux))
}

func (h *Host) serveResource(w http.ResponseWriter, r *http.Request, resource manifest.Resource, tags *etags) {
	name := r.PathValue("name")
	if name == "" {
		name = indexPage
	}
	// Opened for each request: a build may put a new folder in the place of the old one.
	root, err := os.OpenRoot(filepath.Join(h.manifest.Dir, filepath.FromSlash(resource.Path)))
	if err != nil {
		notFound(w, fmt.Sprintf("The folder %s of the resource %q is not there. Has the front end been built?", resource.Path, resource.Key))
		return
	}
	defer root.Close()
	f, info, err := openFile(root, name)
	if err != nil {
		text := fmt.Sprintf("The resource %q has no file %s in %s.", resource.Key, name, resource.Path)
		if name == indexPage {
			text += " Has the front end been built?"
		}
		notFound(w, text)
		return
	}
	defer f.Close()
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("Content-Type", contentType(name))
	if strings.HasPrefix(contentType(name), "text/html") {
		h.servePage(w, r, f)
		return
	}
	tag, err := tags.of(filepath.Join(root.Name(), name), f, info, nil)
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return
	}
	// A worker runs under the policy of its own script's response.
	header.Set("Content-Security-Policy", h.policy(indexOf(root)))
	header.Set("Vary", "Accept-Encoding")
	if encoded, encoding, encodedTag := tags.openEncoded(root, name, tag, r); encoded != nil {
		defer encoded.Close()
		header.Set("Content-Encoding", encoding)
		f, tag = encoded, encodedTag
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, name, time.Time{}, f)
}

// servePage serves an HTML page of the app with the bridge in its head, under the policy for just this page.
func (h *Host) servePage(w http.ResponseWriter, r *http.Request, f io.Reader) {
	page, err := io.ReadAll(f)
	if err != nil {
		http.Error(w, "The page cannot be read.", http.StatusInternalServerError)
		return
	}
	policy := h.policy(page)
	page = injectBridge(page, h.product.origin)
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("ETag", tagOf(page, []byte(policy)))
	http.ServeContent(w, r, indexPage, time.Time{}, bytes.NewReader(page))
}

func (h *Host) policy(page []byte) string {
	m := h.grants.apply(h.manifest)
	return localPolicy(m, page, h.product.origin, Additions(m, h.remotes.locals()))
}

// indexOf is the resource's main page, or nothing if it has none.
func indexOf(root *os.Root) []byte {
	page, err := root.ReadFile(indexPage)
	if err != nil {
		return nil
	}
	return page
}

var errNotServed = errors.New("not served")

// openFile opens a regular file inside a resource's folder. Forge does not deploy files with a leading dot, and a
// symbolic link out of the folder leads nowhere.
func openFile(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	if !fs.ValidPath(name) || strings.ContainsAny(name, `\:`) || strings.Contains("/"+name, "/.") {
		return nil, nil, errNotServed
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotServed
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
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
