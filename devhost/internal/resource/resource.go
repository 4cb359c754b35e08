// Package resource serves the files of an app's resources.
package resource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/forgego/forgego/devhost/internal/contenttype"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/manifest"
)

// Server serves the resources of an app as they are on disk at the time of each request.
type Server struct {
	// Dir is the app's folder.
	Dir string
	// Policy returns the content security policy of a page that a request asks for, or "" for none. If page is nil, there is
	// no page.
	Policy func(r *http.Request, page []byte) string
	// Inject returns a page with the bridge's script.
	Inject func(page []byte) []byte

	forms compressedForms
}

// Serve serves the file of a resource that has this name. An empty name is the main page's.
func (s *Server) Serve(w http.ResponseWriter, r *http.Request, resource manifest.Resource, name string) {
	if name == "" {
		name = manifest.IndexPage
	}
	// Open the folder for each request: a build may replace it.
	root, err := resource.OpenFolder(s.Dir)
	if err != nil {
		text := fmt.Sprintf("The folder %s of the resource %q does not exist. Has the front end been built?", resource.Path, resource.Key)
		if !errors.Is(err, fs.ErrNotExist) {
			text = fmt.Sprintf("The folder %s of the resource %q cannot be opened: %v. A symbolic link must not lead out of the app's folder.",
				resource.Path, resource.Key, withoutPath(err))
		}
		site.Refuse(w, http.StatusNotFound, text)
		return
	}
	defer root.Close()
	f, err := openServed(root, name)
	if err != nil {
		text := fmt.Sprintf("The resource %q has no file %s in %s.", resource.Key, name, resource.Path)
		switch {
		case errors.Is(err, appfile.ErrNotRegular):
			text += " The entry with this name is not a file: " + err.Error() + "."
		case name == manifest.IndexPage:
			text += " Has the front end been built?"
		}
		site.Refuse(w, http.StatusNotFound, text)
		return
	}
	defer f.Close()
	header := w.Header()
	header.Set("Cache-Control", "no-cache")
	header.Set("Content-Type", contenttype.Of(name))
	if strings.HasPrefix(contenttype.Of(name), "text/html") {
		s.servePage(w, r, f)
		return
	}
	tag, err := fileTag(f)
	if err != nil {
		http.Error(w, "The file cannot be read.", http.StatusInternalServerError)
		return
	}
	// A worker runs under the policy of the response with its script.
	setPolicy(header, s.Policy(r, indexOf(root)))
	header.Set("Vary", "Accept-Encoding")
	if info, err := f.Stat(); err == nil {
		if encoded, encoding, encodedTag := s.forms.openEncoded(root, name, tag, info.Size(), r); encoded != nil {
			defer encoded.Close()
			header.Set("Content-Encoding", encoding)
			f, tag = encoded, encodedTag
		}
	}
	header.Set("ETag", tag)
	http.ServeContent(w, r, name, time.Time{}, f)
}

func setPolicy(header http.Header, policy string) {
	if policy != "" {
		header.Set("Content-Security-Policy", policy)
	}
}

// Has reports whether Serve has a file with this name.
func (s *Server) Has(resource manifest.Resource, name string) bool {
	if name == "" {
		name = manifest.IndexPage
	}
	root, err := resource.OpenFolder(s.Dir)
	if err != nil {
		return false
	}
	defer root.Close()
	f, err := openServed(root, name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// withoutPath returns the system's error without the path.
func withoutPath(err error) error {
	if of := (*fs.PathError)(nil); errors.As(err, &of) {
		return of.Err
	}
	return err
}

// servePage serves an HTML page with the bridge's script, under the policy of this page.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, f io.Reader) {
	page, err := io.ReadAll(io.LimitReader(f, manifest.MaxPage+1))
	if err == nil && len(page) > manifest.MaxPage {
		err = fmt.Errorf("it is larger than the local host accepts (%d MB)", manifest.MaxPage>>20)
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("The page cannot be read: %v.", withoutPath(err)), http.StatusInternalServerError)
		return
	}
	csp := s.Policy(r, page)
	page = s.Inject(page)
	setPolicy(w.Header(), csp)
	w.Header().Set("ETag", Tag(page, []byte(csp)))
	http.ServeContent(w, r, manifest.IndexPage, time.Time{}, bytes.NewReader(page))
}

// indexOf returns a resource's main page. If it cannot be read, indexOf returns nil.
func indexOf(root *os.Root) []byte {
	page, err := appfile.Read(root, manifest.IndexPage, manifest.MaxPage)
	if err != nil {
		return nil
	}
	return page
}

var errNotServed = errors.New("not served")

// openServed opens a regular file inside a resource's folder. It refuses names with a leading dot, because Forge does not
// deploy them, and symbolic links that lead out of the folder.
func openServed(root *os.Root, name string) (*os.File, error) {
	if !fs.ValidPath(name) || strings.ContainsAny(name, `\:`) || strings.Contains("/"+name, "/.") {
		return nil, errNotServed
	}
	return appfile.Open(root, name)
}
