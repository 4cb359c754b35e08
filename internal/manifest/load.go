package manifest

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Load reads and checks dir/manifest.yml. It only checks the parts for a Custom UI app and its remotes and ignores
// the others. A resource's folder and its index.html must exist, unless forgego.yml names a Go front end for the
// resource: then the build makes them. The error holds an *Error for each fault, in the order of the file.
//
// Rules: https://developer.atlassian.com/platform/forge/manifest-reference/
func Load(dir string) (*Manifest, error) {
	src, err := openSource(dir, "manifest.yml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noManifest(dir)
	}
	if err != nil {
		return nil, err
	}
	m := read(src)
	m.Dir = dir
	src.findHandlers(m)
	built := map[string]bool{}
	if dev, err := readDev(dir); err == nil {
		for _, key := range dev.Programs() {
			built[key] = true
		}
	}
	src.checkFolders(m, built)
	if err := src.sorted().orNil(); err != nil {
		return nil, err
	}
	m.Warnings = src.warnings.sorted()
	return m, nil
}

// read reads what does not depend on another file. It leaves faults in src.
func read(src *source) *Manifest {
	src.readVariables()
	m := &Manifest{src: src, places: map[string]node{}}
	m.AppID = src.readAppID()
	src.readRemotes(m)
	src.readResources(m)
	src.readServices(m)
	src.readEndpoints(m)
	src.readModules(m)
	src.readFunctions(m)
	src.readPermissions(m)
	src.checkTokenScopes(m)
	return m
}

var (
	// appARI is what Forge accepts as an app's id.
	appARI = regexp.MustCompile(`^ari:cloud:ecosystem::app/\S+$`)
	// appUUID is how forge register writes it.
	appUUID = regexp.MustCompile(`^ari:cloud:ecosystem::app/[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
)

func (s *source) readAppID() string {
	const fix = "It looks like ari:cloud:ecosystem::app/ and a UUID; `forge register` writes it.\n" +
		"To work locally before that, any UUID will do."
	id := s.root.get("app", "id")
	switch {
	case id.kind() == missing:
		s.fault(id, fix, "app.id is missing")
	case !appARI.MatchString(id.text()):
		s.fault(id, fix, "app.id is not an app's ARI")
	case !appUUID.MatchString(id.text()):
		s.warn(id, fix, "app.id has no UUID")
	}
	return id.text()
}

var keyPattern = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)

// readKey reads and checks an entry's key, or returns "" if there is none. It returns a refused key too, so that
// references to it are not reported as well.
func (s *source) readKey(n node, what string, maxLen int, seen []string) string {
	at := n.get("key")
	key := at.text()
	switch {
	case at.kind() == missing:
		s.fault(n, `Add a line "key: …".`, "%s has no key", what)
		return ""
	case !keyPattern.MatchString(key):
		s.fault(at, "Use letters, digits, _ and - only; put a number in quotes.", "%s has a key that Forge refuses", what)
	case maxLen > 0 && len(key) > maxLen:
		s.fault(at, "Choose a shorter key, and use it wherever this one is named.",
			"the key %q has %d characters; Forge allows at most %d", key, len(key), maxLen)
	case slices.Contains(seen, key):
		s.fault(at, "Give each its own key.", "the key %q is used twice", key)
	}
	return key
}

// maxKey is the platform's limit for keys of resources, remotes and endpoints.
const maxKey = 23

// list returns the items under a path, which must be a list if it exists.
func (s *source) list(path ...string) []node {
	n := s.root.get(path...)
	if k := n.kind(); k == mapping || k == scalar {
		s.fault(n, `Begin each entry with "- ".`, "%s must be a list", path[len(path)-1])
	}
	return n.items()
}

// maxKeys is how many keys a hint lists.
const maxKeys = 20

// keys returns a hint that lists the possible keys.
func keys[T any](list []T, key func(T) string) string {
	if len(list) == 0 {
		return "none"
	}
	var names []string
	for _, x := range list[:min(len(list), maxKeys)] {
		names = append(names, key(x))
	}
	if len(list) > maxKeys {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}
