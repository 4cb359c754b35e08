package check

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// exists reports a file that the page loads and that is not in the resource's folder. It ignores addresses of other origins, and
// addresses with braces or a dollar sign, which are placeholders of a JavaScript framework.
func (p *pageCheck) exists(at int, address string, severity Severity) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || path.IsAbs(u.Path) || strings.ContainsAny(u.Path, "{}$") || p.hasBase || p.resource.unbuilt {
		return
	}
	name := path.Join(path.Dir(p.name), u.Path)
	if p.resource.has(name) {
		return
	}
	fix := "Correct the name, or put the file there."
	if p.resource.built != "" {
		fix = "Correct the name, or build it: forgego build"
	}
	p.problem(severity, at, fix, "the page loads %s, which the folder of resource %q does not have", address, p.resource.key)
}

// has reports whether the resource's folder has a file, or may have it.
func (r *resource) has(name string) bool {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return false
	}
	info, err := os.Stat(filepath.Join(r.folder, filepath.FromSlash(name)))
	return err == nil && !info.IsDir() || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// namedFiles checks the texts "resource:KEY;FILE" in a part, which modules have for icons and the prompts of agents.
//
// Source: https://developer.atlassian.com/platform/forge/custom-ui/ ("Icons")
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/rovo-agent/
func (c *checker) namedFiles(v *manifest.Part) {
	if v == nil {
		return
	}
	if v.Kind == manifest.Text {
		c.namedFile(v)
	}
	for _, e := range v.Entries {
		c.namedFiles(e.Part)
	}
	for _, item := range v.Items {
		c.namedFiles(item)
	}
}

func (c *checker) namedFile(v *manifest.Part) {
	text, ok := strings.CutPrefix(v.Text, "resource:")
	key, name, hasName := strings.Cut(text, ";")
	if !ok || !hasName {
		return
	}
	for _, r := range c.resources {
		if r.key != key {
			continue
		}
		if info, err := os.Stat(r.folder); err == nil && info.IsDir() && !r.unbuilt && !r.has(name) {
			c.warn(v, "Correct the name, or put the file there.", "the folder of resource %q has no %s", key, name)
		}
		return
	}
	c.warn(v, "Use the key of an entry under resources.", "the resource %q does not exist", key)
}
