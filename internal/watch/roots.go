package watch

import (
	"path/filepath"
	"slices"
	"strings"
)

type root struct {
	Root
	group string
}

// roots are all roots of a watcher.
type roots struct {
	all    []root
	ignore func(path string, folder bool) bool
}

// scope is what the roots want of one folder.
type scope struct {
	ignore func(path string, folder bool) bool
	// listing are the roots that want the folder's files: its own, and trees that it is in.
	listing []root
	// named are names in the folder that lead to a root, by name. If the root is directly in the folder, the value has
	// its groups.
	named map[string][]string
}

// at returns what the roots want of a folder.
func (r roots) at(folder string) scope {
	s := scope{ignore: r.ignore}
	for _, one := range r.all {
		switch {
		case one.Path == folder:
			s.listing = append(s.listing, one)
		case isBelow(one.Path, folder):
			name, rest, _ := strings.Cut(below(one.Path, folder), string(filepath.Separator))
			if s.named == nil {
				s.named = map[string][]string{}
			}
			groups := s.named[name]
			if rest == "" {
				groups = append(groups, one.group)
			}
			s.named[name] = groups
		case one.Recursive && isBelow(folder, one.Path) && !r.ignores(folder, one.Path):
			s.listing = append(s.listing, one)
		}
	}
	return s
}

// ignores reports whether a folder, or one between it and the root above it, is ignored.
func (r roots) ignores(folder, root string) bool {
	for ; folder != root; folder = filepath.Dir(folder) {
		if r.ignore(folder, true) {
			return true
		}
	}
	return false
}

// groups returns the groups that a file of the folder belongs to, given its path.
func (s scope) groups(path string) []string {
	groups := slices.Clone(s.named[filepath.Base(path)])
	if len(s.listing) > 0 && !s.ignore(path, false) {
		for _, r := range s.listing {
			if r.Match == nil || r.Match(path) {
				groups = append(groups, r.group)
			}
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// descends reports whether a folder of the folder is watched, given its path.
func (s scope) descends(path string) bool {
	if _, leads := s.named[filepath.Base(path)]; leads {
		return true
	}
	return slices.ContainsFunc(s.listing, func(r root) bool { return r.Recursive }) && !s.ignore(path, true)
}

// isBelow reports whether a path is inside a folder, at any depth.
func isBelow(path, folder string) bool {
	return len(path) > len(folder) && strings.HasPrefix(path, folder) &&
		(path[len(folder)] == filepath.Separator || strings.HasSuffix(folder, string(filepath.Separator)))
}

// below returns the part of a path after a folder that it is in.
func below(path, folder string) string {
	return strings.TrimPrefix(path[len(folder):], string(filepath.Separator))
}
