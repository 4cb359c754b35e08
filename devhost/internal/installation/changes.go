package installation

import (
	"encoding/json"
	"maps"
	"reflect"
	"sync"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Changes are the members of contexts that were changed while the host runs: by views that save a value, and by the developer.
// Each module has its own on each site. The zero value has none. It is safe for concurrent use.
type Changes struct {
	mu sync.Mutex
	of map[placeKey]change
}

type placeKey struct {
	site   int
	module string
}

type change struct {
	// members replace those of the extension, and removed are left out.
	members map[string]any
	removed []string
	localID string
}

func (c *Changes) apply(site int, module string, to *Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change := c.of[placeKey{site, module}]
	maps.Copy(to.Extension, change.members)
	for _, name := range change.removed {
		delete(to.Extension, name)
	}
	if change.localID != "" {
		to.LocalID = change.localID
	}
}

func (c *Changes) has(site int, module, member string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.of[placeKey{site, module}].members[member]
	return ok
}

// HasChanged reports whether the context of a module was changed on the session's site.
func (s *Session) HasChanged(module string) bool {
	s.Changes.mu.Lock()
	defer s.Changes.mu.Unlock()
	change := s.Changes.of[placeKey{s.Site.Number, module}]
	return len(change.members)+len(change.removed) > 0 || change.localID != ""
}

func (c *Changes) set(at placeKey, to change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[placeKey]change{}
	}
	c.of[at] = to
}

// Save keeps what a view of a module has submitted, for all views of the module on the session's site. It reports false if it
// is not documented that this view saves a value.
func (s *Session) Save(m manifest.Module, view string, payload any) (saved bool, err error) {
	member := platform.SavedMember(m.Type, view)
	if member == "" {
		return false, nil
	}
	value, err := platform.SavedValue(m.Type, view, payload)
	if err != nil {
		return false, err
	}
	c := s.Changes
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[placeKey]change{}
	}
	at := placeKey{s.Site.Number, m.Key}
	members := maps.Clone(c.of[at].members) // Contexts may share the old map's values, but not the map.
	if members == nil {
		members = map[string]any{}
	}
	members[member] = value
	c.of[at] = change{members, c.of[at].removed, c.of[at].localID}
	return true, nil
}

// SetExtension sets the extension and the local id of a view of a module. Members that equal the host's own are not stored, so
// that they still follow forgego.yml. If extension is nil, SetExtension undoes all changes of the module and forgets what its
// views have saved.
func (s *Session) SetExtension(m manifest.Module, view string, extension map[string]any, localID string) {
	at := placeKey{s.Site.Number, m.Key}
	if extension == nil {
		s.Changes.set(at, change{})
		return
	}
	own := s.extension(m, view)
	own["type"] = m.Type
	to := change{members: map[string]any{}}
	for name, value := range extension {
		if !reflect.DeepEqual(value, plain(own[name])) {
			to.members[name] = value
		}
	}
	for name := range own {
		if _, ok := extension[name]; !ok {
			to.removed = append(to.removed, name)
		}
	}
	if localID != s.dev.Modules[m.Key].LocalID && localID != s.localID(m.Key) {
		to.localID = localID
	}
	s.Changes.set(at, to)
}

// plain returns a value as JSON has it.
func plain(value any) (out any) {
	text, err := json.Marshal(value)
	if err != nil || json.Unmarshal(text, &out) != nil {
		return value
	}
	return out
}
