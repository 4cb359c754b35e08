package check

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
)

// maxResources is how many resources a manifest may have, by @forge/manifest 13.7.0.
const maxResources = 50

// resource is a resource of the manifest, and how modules use it.
type resource struct {
	part   *manifest.Part
	key    string
	folder string // for the system
	// native and custom are modules that show it with UI Kit and as Custom UI.
	native, custom *manifest.Part
	// direct is set if a module itself shows it, and not only a part of one, such as the view of a field.
	direct bool
	// entries are the pages that modules name, by file, with the place of a reference. The main page is index.html.
	entries map[string]*manifest.Part
	// built is the Go package that builds it, or "".
	built string
	// unbuilt is set if forgego build builds it, and has not yet.
	unbuilt bool
	// hasServer is set if forgego.yml has the command of its development server.
	hasServer bool
}

// files checks what the manifest says about files, and the files of resources.
func (c *checker) files() {
	for _, r := range c.resources {
		c.resource(r)
	}
	c.namedFiles(c.root.Get("modules"))
	c.handlers()
	c.translationFiles()
}

func (c *checker) readResources(dev *manifest.Dev) {
	byKey := map[string]*resource{}
	for i, part := range c.root.List("resources") {
		r := &resource{part: part, key: part.Str("key"), entries: map[string]*manifest.Part{}}
		if i == maxResources {
			c.fail(part, "Remove some.", "the app has more than %d resources", maxResources)
		}
		if byKey[r.key] != nil {
			c.fail(part.Get("key"), "Give each its own key.", "the resource key %q is used twice", r.key)
			continue
		}
		if r.key == "" || !part.Is(manifest.Text, "path") {
			continue
		}
		if dev != nil {
			r.built, r.hasServer = dev.Frontends[r.key].Package, len(dev.Frontends[r.key].Command) > 0
		}
		r.folder = c.inApp(part.Str("path"))
		r.unbuilt = r.built != "" && !r.has(bundle.Program)
		byKey[r.key] = r
		c.resources = append(c.resources, r)
	}
	for moduleType, module := range c.each() {
		if moduleType != "function" {
			c.uses(moduleType, module, byKey)
			key, _, _ := strings.Cut(module.Str("resource"), "/")
			if r := byKey[key]; r != nil {
				r.direct = true
			}
		}
	}
}

// inApp returns the place of a path of the manifest. Like Forge, it accepts absolute ones.
func (c *checker) inApp(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(c.options.Dir, path)
}

// uses notes which resources a module and the mappings in it show.
func (c *checker) uses(moduleType string, v *manifest.Part, byKey map[string]*resource) {
	if at := v.Get("resource"); at != nil && at.Kind == manifest.Text {
		key, entry, hasEntry := strings.Cut(at.Text, "/")
		if r := byKey[key]; r != nil {
			if v.Str("render") == "native" || moduleType == "global:ui" {
				r.native = at
			} else {
				r.custom = at
			}
			if hasEntry {
				c.entryFile(r, at, entry)
			} else {
				r.entries["index.html"] = at
			}
		}
	}
	for _, e := range v.Entries {
		c.uses(moduleType, e.Part, byKey)
	}
	for _, item := range v.Items {
		c.uses(moduleType, item, byKey)
	}
}

func (c *checker) entryFile(r *resource, at *manifest.Part, name string) {
	entry := r.part.Get("entry", name)
	switch {
	case entry == nil:
		c.fail(at, "Add it under the resource's entry:, or leave out the part after the slash.", "resource %q has no entry %q", r.key, name)
	case strings.Contains(entry.Text, ".."):
		c.fail(entry, "Use the name of a file in the resource's folder.", "the entry %q of resource %q leads out of its folder", name, r.key)
	default:
		r.entries[entry.Text] = at
	}
}

func (c *checker) resource(r *resource) {
	at := r.part.Get("path")
	info, err := os.Stat(r.folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.fail(at, r.build("Create it, or correct the path."), "the folder %q of resource %q does not exist", at.Text, r.key)
		return
	case err != nil:
		c.fail(at, "Check its permissions and the path.", "the folder %q of resource %q cannot be opened: %v", at.Text, r.key, cause(err))
		return
	case filepath.IsAbs(filepath.FromSlash(at.Text)):
		c.warn(at, "Write it relative to the folder of manifest.yml. Other machines do not have this path.", "the path %q of resource %q is not relative", at.Text, r.key)
	}
	switch {
	case !info.IsDir():
		if r.custom != nil && r.native == nil && r.part.Get("bundler") == nil {
			c.fail(at, `Name a folder with an index.html; or add "render: native" to the module if it is a UI Kit module.`, "resource %q is a file, but its module needs a folder", r.key)
		}
		return
	case r.custom == nil && r.native != nil && r.part.Get("bundler") == nil && r.part.Get("entry") == nil:
		c.fail(at, "Name the source file.", "resource %q is a folder, but a UI Kit module needs a file", r.key)
		return
	}
	names, err := os.ReadDir(r.folder)
	if err != nil {
		c.fail(at, "Check its permissions.", "the folder %q of resource %q cannot be read: %v", at.Text, r.key, cause(err))
		return
	}
	if len(names) == 0 {
		c.fail(at, r.build("Put an index.html into it, or correct the path."), "the folder %q of resource %q is empty", at.Text, r.key)
		return
	}
	if r.custom == nil {
		return // UI Kit, or not used
	}
	c.pages(r)
	if filepath.Clean(r.folder) != filepath.Clean(c.options.Dir) {
		c.bundle(r)
	}
}

// build returns how the resource's folder is built, or otherwise if that is unknown.
func (r *resource) build(otherwise string) string {
	switch {
	case r.built != "":
		return "Build it: forgego build; or correct the path."
	case r.hasServer:
		return "Build it with the tools of the front end, for example by npm run build."
	}
	return otherwise
}

// pages checks the pages that modules open.
func (c *checker) pages(r *resource) {
	for _, name := range slices.Sorted(maps.Keys(r.entries)) {
		at := r.entries[name]
		file := filepath.Join(r.folder, filepath.FromSlash(name))
		switch info, err := os.Stat(file); {
		case errors.Is(err, fs.ErrNotExist) && r.part.Str("path") == "" && !r.direct:
			c.warn(r.part.Get("path"), "Name the folder of its files.", "resource %q has an empty path", r.key)
		case errors.Is(err, fs.ErrNotExist):
			fix := "Create the file; if your bundler writes it, run the bundler first."
			if r.built != "" {
				fix = "Build it: forgego build"
			}
			c.fail(at, fix, "the folder of resource %q has no %s", r.key, name)
		case err != nil:
			c.fail(at, "Check its permissions.", "%s of resource %q cannot be opened: %v", name, r.key, cause(err))
		case info.IsDir():
			c.fail(at, "Put a file in its place.", "%s of resource %q is a folder", name, r.key)
		case !strings.HasSuffix(strings.ToLower(name), ".html"):
			c.fail(at, "Use an .html file.", "the page %s of resource %q is not an HTML file", name, r.key)
		default:
			c.page(r, name)
		}
	}
}

// handlers checks that the files of functions exist.
func (c *checker) handlers() {
	folder := "src"
	if c.root.Str("app", "package", "bundler") == "manual@2026" {
		if p := c.root.Str("app", "package", "path"); p != "" {
			folder = p
		}
	}
	for _, f := range c.of("function") {
		at := f.Get("handler")
		parts := manifest.HandlerPattern.FindStringSubmatch(f.Str("handler"))
		if parts == nil {
			continue
		}
		base := filepath.Join(c.inApp(folder), filepath.FromSlash(parts[1]))
		exists := slices.ContainsFunc(manifest.HandlerExtensions, func(ext string) bool {
			_, err := os.Stat(base + "." + ext)
			return err == nil
		})
		if !exists {
			c.fail(at, fmt.Sprintf("Create %s/%s.js, or correct the handler.", folder, parts[1]), "the handler %q of function %q has no file", f.Str("handler"), f.Str("key"))
		}
	}
}

func (c *checker) translationFiles() {
	file := filepath.Join(c.options.Dir, "manifest.yml")
	_, err := manifest.LoadTranslations(c.options.Dir)
	for _, p := range fromErrors(err, file, Error) {
		// Forge reads a file outside of the app's folder, but forgego does not. An empty path is not a file to Forge either, but
		// it only ignores it.
		if strings.Contains(p.Message, "not a file inside the app's folder") || strings.HasSuffix(p.Message, "have no file") {
			p.Severity = Warning
		}
		c.add(p)
	}
}

// wasm adds the problem that the policy does not let WebAssembly run. If the manifest has an empty value there, this problem
// replaces the others about it, because its remedy covers them. Otherwise an earlier problem at the same place is enough.
func (c *checker) wasm(p Problem) {
	same := func(other Problem) bool {
		return other.File == p.File && other.Line == p.Line && other.Column == p.Column
	}
	permissions := c.root.Get("permissions")
	for _, at := range []*manifest.Part{permissions, permissions.Get("content"), permissions.Get("content", "scripts")} {
		if at != nil && at.Kind == manifest.Null && at.Line == p.Line && at.Column == p.Column {
			c.problems = slices.DeleteFunc(c.problems, same)
		}
	}
	if !slices.ContainsFunc(c.problems, same) {
		c.add(p)
	}
}

// development checks what keeps forgego dev from running an app with Custom UI.
func (c *checker) development(dev *manifest.Dev) {
	if !slices.ContainsFunc(c.resources, func(r *resource) bool { return r.custom != nil }) {
		return
	}
	dir := c.options.Dir
	for _, p := range fromErrors(c.doc.CheckWasm(dir, dev), c.doc.File, Error) {
		c.wasm(p)
	}
	if slices.ContainsFunc(c.problems, func(p Problem) bool { return p.File == c.doc.File }) {
		return // It would say the same in other words.
	}
	_, err := manifest.Load(dir)
	for _, p := range fromErrors(err, c.doc.File, Warning) {
		p.Message += " (forgego dev refuses it)"
		c.add(p)
	}
}
