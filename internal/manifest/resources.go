package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/appfile"
)

func (s *source) readResources(m *Manifest) {
	var seen []string
	for _, n := range s.list("resources") {
		key := s.readKey(n, "a resource", maxKey, seen)
		if key == "" {
			continue
		}
		seen = append(seen, key)
		m.places["resource "+key] = n
		at := n.get("path")
		name := at.text()
		switch {
		case name == "":
			s.fault(n, `Add "path: …", the folder of the resource's files.`, "resource %q has no path", key)
		case isAbsolute(name):
			s.fault(at, "Use a path relative to manifest.yml.", "the path of resource %q is not relative", key)
		}
		m.Resources = append(m.Resources, Resource{Key: key, Path: name, TunnelPort: s.readTunnelPort(n, key)})
	}
}

// isAbsolute reports whether a path in a manifest begins at a root, on any system.
func isAbsolute(name string) bool {
	return path.IsAbs(name) || filepath.IsAbs(filepath.FromSlash(name)) || filepath.VolumeName(filepath.FromSlash(name)) != ""
}

// OpenFolder opens the folder of a resource in the app's folder dir. A path that leads out of dir, such as ../ui/dist, must do
// so in the manifest: a symbolic link must not. The error is os.ErrNotExist if there is no such folder.
func (r Resource) OpenFolder(dir string) (*os.Root, error) {
	name := filepath.FromSlash(r.Path)
	if isAbsolute(r.Path) {
		return nil, fmt.Errorf("the path %s is not relative", r.Path)
	}
	if !filepath.IsLocal(name) {
		return os.OpenRoot(filepath.Join(dir, name))
	}
	app, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer app.Close()
	return app.OpenRoot(name)
}

// readTunnelPort returns a resource's tunnel.port, or 0 if there is none. See
// https://developer.atlassian.com/platform/forge/manifest-reference/resources/
func (s *source) readTunnelPort(n node, key string) int {
	tunnel := n.get("tunnel")
	switch tunnel.kind() {
	case missing:
		return 0
	case mapping:
	default:
		s.fault(tunnel, "Write the port below it, indented: \"port: 5173\".", "the tunnel of resource %q must be a mapping", key)
		return 0
	}
	at := tunnel.get("port")
	if at.kind() == missing {
		s.fault(at, "Add \"port: …\", the port on which your development server listens, or remove tunnel.", "the tunnel of resource %q has no port", key)
		return 0
	}
	port, ok := at.scalar().(float64)
	if !ok || port != math.Trunc(port) || port < 1 || port > 65535 {
		s.fault(at, "Use a whole number from 1 to 65535, without quotes.", "the tunnel of resource %q has no valid port", key)
		return 0
	}
	return int(port)
}

// readResourceName reads a module's "resource: key" or "resource: key/entry". See
// https://developer.atlassian.com/platform/forge/manifest-reference/resources/
func (s *source) readResourceName(m *Manifest, at node, module string) (key, file string) {
	key, entryKey, hasEntry := strings.Cut(at.text(), "/")
	if _, ok := m.Resource(key); !ok {
		s.fault(at, "Use the key of an entry under resources: "+keys(m.Resources, func(r Resource) string { return r.Key })+".",
			"module %q names a resource %q that does not exist", module, key)
		return key, IndexPage
	}
	if !hasEntry {
		return key, IndexPage
	}
	entry := m.places["resource "+key].get("entry", entryKey)
	file = entry.text()
	switch {
	case file == "":
		s.fault(at, "Add it under the resource's entry:, or leave out the part after the slash.",
			"resource %q has no entry %q", key, entryKey)
	case path.Base(file) != file || !strings.HasSuffix(strings.ToLower(file), ".html"):
		s.fault(entry, "Use an .html file directly in the resource's folder.",
			"the entry %q of resource %q is not an HTML file", entryKey, key)
	}
	return key, file
}

// checkFolders checks the resources' files, except those in built, which the build makes, and those that a development
// server may serve. It removes UI Kit resources, which are source files, from the manifest.
func (s *source) checkFolders(m *Manifest, built map[string]bool) {
	shown := map[string][]shownView{}
	for _, mod := range m.Modules {
		for _, v := range mod.Views {
			shown[v.Resource] = append(shown[v.Resource], shownView{v, mod.Key})
		}
	}
	kept := m.Resources[:0]
	for _, r := range m.Resources {
		if s.checkFolder(m, r, shown[r.Key], built[r.Key]) {
			kept = append(kept, r)
		}
	}
	m.Resources = kept
}

// shownView is a view, and the key of its module.
type shownView struct {
	View
	module string
}

func (s *source) checkFolder(m *Manifest, r Resource, views []shownView, built bool) (keep bool) {
	if r.Path == "" || isAbsolute(r.Path) {
		return true
	}
	at := m.places["resource "+r.Key].get("path")
	folder := filepath.Join(m.Dir, filepath.FromSlash(r.Path))
	info, err := r.stat(m.Dir)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		s.fault(at, "Use a folder inside the app's folder; a symbolic link must not lead out of it.", "the folder of resource %q cannot be opened: %v", r.Key, cause(err))
		return true
	case err == nil && !info.IsDir():
		if len(views) > 0 {
			s.fault(at, `Name a folder with an index.html; or add "render: native" to the module if it is a UI Kit module.`,
				"resource %q is a file, but module %q needs a folder", r.Key, views[0].module)
		}
		return false
	case err != nil && len(views) == 0 && path.Ext(r.Path) != "":
		return false
	case err != nil:
		if !built && r.TunnelPort == 0 {
			s.fault(at, "Create the folder, or correct the path. If a Go program makes it, name the program in forgego.yml:\n"+
				"  frontends:\n    "+r.Key+":\n      package: ./frontend", "the folder of resource %q does not exist", r.Key)
		}
		return true
	}
	for _, view := range views {
		if view.Entry == "" {
			continue // its fault has been reported
		}
		switch err := appfile.Check(folder, view.Entry); {
		case err == nil, errors.Is(err, fs.ErrNotExist) && (built && view.Entry == IndexPage || r.TunnelPort != 0):
			continue
		case errors.Is(err, fs.ErrNotExist):
			s.fault(at, "Create the file; if your bundler writes it, run the bundler first.",
				"the folder of resource %q has no %s", r.Key, view.Entry)
		default:
			s.fault(at, "Put a regular file in its place; a symbolic link must not lead out of the folder.",
				"the folder of resource %q has no usable %s: %v", r.Key, view.Entry, cause(err))
		}
		break
	}
	return true
}

// stat is like os.Stat of the resource's folder, and follows the rules of OpenFolder.
func (r Resource) stat(dir string) (fs.FileInfo, error) {
	name := filepath.FromSlash(r.Path)
	if !filepath.IsLocal(name) {
		return os.Stat(filepath.Join(dir, name))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.Stat(name)
}
