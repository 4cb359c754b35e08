package devhost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/manifest"
)

// grants are what the site has granted the app, and what its admin and its user decide. They begin as manifest.yml has
// them, the panel of the product's page changes them, and they last as long as the host runs.
type grants struct {
	mu       sync.Mutex
	scopes   []scopeGrant
	external []externalGrant
	// manifestExternal is how many of external are from manifest.yml.
	manifestExternal int
	// rawScopes are the scopes of a manifest that writes them as an object.
	rawScopes map[string]any
	// configurable is permissions.external.configurable.enabled; without it, egress cannot be managed.
	configurable bool
	remotes      []managedRemote
	groups       []egressGroup
	// isAdmin is whether the user is an administrator; the others may not change egress and remotes.
	isAdmin bool
	consent consentState
	rovo    bool
}

type scopeGrant struct {
	Name    string `json:"name"`
	Granted bool   `json:"granted"`
}

// externalGrant is an address in one of the lists of permissions.external.
type externalGrant struct {
	// List is "fetch.backend", "fetch.client", "images" and so on.
	List    string `json:"list"`
	Address string `json:"address"`
	Granted bool   `json:"granted"`
	// raw is the manifest's entry: a text, {address} or {remote}.
	raw any
}

// consentState are the preferences as @forge/bridge 7.2.0 has their type, and whether the product publishes any.
type consentState struct {
	Published  bool `json:"published"`
	Functional bool `json:"functional"`
	Analytics  bool `json:"analytics"`
	Marketing  bool `json:"marketing"`
}

var externalLists = []string{"fetch.backend", "fetch.client", "fonts", "frames", "images", "media", "scripts", "styles"}

// newGrants reads what package manifest leaves out because nobody else needs it.
func newGrants(m *manifest.Manifest) (*grants, error) {
	file, err := manifest.Value(m.Dir)
	if err != nil {
		return nil, err
	}
	permissions := member[map[string]any](file, "permissions")
	external := member[map[string]any](permissions, "external")
	g := &grants{isAdmin: true, consent: consentState{Published: true, Functional: true}, rovo: true}
	for _, name := range m.Scopes {
		g.scopes = append(g.scopes, scopeGrant{name, true})
	}
	g.rawScopes = member[map[string]any](permissions, "scopes")
	for _, list := range externalLists {
		for _, raw := range entriesOf(external, list) {
			g.external = append(g.external, externalGrant{list, addressOf(raw), true, raw})
		}
	}
	g.manifestExternal = len(g.external)
	g.configurable = member[bool](member[map[string]any](external, "configurable"), "enabled")
	for _, r := range member[[]any](file, "remotes") {
		managed := managedRemote{Key: member[string](r, "key")}
		if configurable := member[map[string]any](r, "configurable"); configurable != nil {
			managed.configurable = true
			for _, pattern := range member[[]any](configurable, "supportedPatterns") {
				managed.patterns = append(managed.patterns, fmt.Sprint(pattern))
			}
		}
		g.remotes = append(g.remotes, managed)
	}
	return g, nil
}

// member gives a member of an object, and the zero value if there is none of that type.
func member[T any](of any, name string) T {
	members, _ := of.(map[string]any)
	value, _ := members[name].(T)
	return value
}

func entriesOf(external map[string]any, list string) []any {
	if name, ok := cutFetch(list); ok {
		return member[[]any](member[map[string]any](external, "fetch"), name)
	}
	return member[[]any](external, list)
}

func cutFetch(list string) (string, bool) {
	switch list {
	case "fetch.backend", "fetch.client":
		return list[len("fetch."):], true
	}
	return "", false
}

// addressOf is the text for people, and what the policy takes.
func addressOf(raw any) string {
	switch entry := raw.(type) {
	case string:
		return entry
	case map[string]any:
		if address := member[string](entry, "address"); address != "" {
			return address
		}
		if remote := member[string](entry, "remote"); remote != "" {
			return "remote: " + remote
		}
	}
	return fmt.Sprint(raw)
}

// runtimePermissions is what view.getContext has under permissions: the manifest's, without what has been revoked, with
// what has been added. That customer-managed egress is among it is not documented.
func (g *grants) runtimePermissions() object {
	g.mu.Lock()
	defer g.mu.Unlock()
	var scopes any
	if g.rawScopes != nil {
		byName := object{}
		for _, s := range g.scopes {
			if s.Granted {
				byName[s.Name] = g.rawScopes[s.Name]
			}
		}
		scopes = byName
	} else {
		names := []string{}
		for _, s := range g.scopes {
			if s.Granted {
				names = append(names, s.Name)
			}
		}
		scopes = names
	}
	external, fetch := object{}, object{}
	put := func(list string, entry any) {
		to, name := external, list
		if part, ok := cutFetch(list); ok {
			to, name = fetch, part
		}
		to[name] = append(member[[]any](to, name), entry)
	}
	for _, e := range g.external {
		if e.Granted {
			put(e.List, e.raw)
		}
	}
	for _, group := range g.groups {
		for _, d := range group.Configured {
			for _, t := range d.Type {
				put(listOf[t], d.Domain)
			}
		}
	}
	if len(fetch) > 0 {
		external["fetch"] = fetch
	}
	if g.configurable {
		external["configurable"] = object{"enabled": true}
	}
	return object{"scopes": scopes, "external": external}
}

// apply gives the manifest as the grants change it, for the policy of the app's pages.
func (g *grants) apply(m *manifest.Manifest) *manifest.Manifest {
	g.mu.Lock()
	defer g.mu.Unlock()
	changed := *m
	lists := map[string]*[]string{
		"fetch.client": &changed.External.Client, "fonts": &changed.External.Fonts, "frames": &changed.External.Frames, "images": &changed.External.Images,
		"media": &changed.External.Media, "scripts": &changed.External.Scripts, "styles": &changed.External.Styles,
	}
	for name, list := range lists {
		*list = slices.Clone(*list)
		for _, e := range g.external {
			if e.List != name {
				continue
			}
			if !e.Granted {
				*list = slices.DeleteFunc(*list, func(a string) bool { return a == e.Address })
			} else if address, plain := e.raw.(string); plain && !slices.Contains(*list, address) {
				*list = append(*list, address)
			}
		}
		for _, group := range g.groups {
			for _, d := range group.Configured {
				for _, t := range d.Type {
					if listOf[t] == name && !slices.Contains(*list, d.Domain) {
						*list = append(*list, d.Domain)
					}
				}
			}
		}
	}
	changed.External.ClientRemotes = slices.DeleteFunc(slices.Clone(changed.External.ClientRemotes), func(key string) bool {
		return slices.ContainsFunc(g.external, func(e externalGrant) bool {
			return e.List == "fetch.client" && !e.Granted && e.Address == "remote: "+key
		})
	})
	return &changed
}

// permissionInput is what the product's page asks: a command of the app's, or changes of the panel; what is nil stays.
type permissionInput struct {
	Command string          `json:"command"`
	Payload json.RawMessage `json:"payload"`
	// Approved says that the user has said yes to what the command asks.
	Approved bool `json:"approved"`

	Scope    *scopeGrant    `json:"scope"`
	External *externalGrant `json:"external"`
	IsAdmin  *bool          `json:"isAdmin"`
	Consent  *consentState  `json:"consent"`
	Rovo     *bool          `json:"rovo"`
}

// permissionState is what the panel shows.
type permissionState struct {
	Scopes       []scopeGrant    `json:"scopes"`
	External     []externalGrant `json:"external"`
	Lists        []string        `json:"lists"`
	Configurable bool            `json:"configurable"`
	Groups       []egressGroup   `json:"groups"`
	Remotes      []managedRemote `json:"remotes"`
	IsAdmin      bool            `json:"isAdmin"`
	Consent      consentState    `json:"consent"`
	Rovo         bool            `json:"rovo"`
}

func (h *Host) servePermissions(w http.ResponseWriter, r *http.Request) {
	var in permissionInput
	if !readInput(w, r, &in) {
		return
	}
	if in.Command != "" {
		out, err := h.grants.command(in.Command, in.Payload, in.Approved)
		if err != nil {
			writeJSON(w, map[string]apierror.Error{"error": {Message: err.Error(), Code: "PERMISSION_REFUSED"}})
			return
		}
		writeJSON(w, out)
		return
	}
	if err := h.grants.change(in); err != nil {
		writeJSON(w, map[string]apierror.Error{"error": {Message: err.Error(), Code: "INVALID_PERMISSION"}})
		return
	}
	writeJSON(w, h.grants.state())
}

// change does all of what is asked, or nothing of it.
func (g *grants) change(in permissionInput) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	scope := -1
	if in.Scope != nil {
		scope = slices.IndexFunc(g.scopes, func(x scopeGrant) bool { return x.Name == in.Scope.Name })
		if scope < 0 {
			return fmt.Errorf("manifest.yml has no scope %q", in.Scope.Name)
		}
	}
	if e := in.External; e != nil {
		if !slices.Contains(externalLists, e.List) {
			return fmt.Errorf("there is no list %q of addresses", e.List)
		}
		i := slices.IndexFunc(g.external, func(x externalGrant) bool { return x.List == e.List && x.Address == e.Address })
		if i < 0 && !isSource(e.Address) {
			return fmt.Errorf("%q is no address; write one such as https://example.com or *.example.com", e.Address)
		}
		if i < 0 && len(g.external) >= g.manifestExternal+maxExternal {
			return fmt.Errorf("the local host takes %d addresses beside those of manifest.yml; start it again to remove those that were added", maxExternal)
		}
		if i < 0 {
			g.external = append(g.external, externalGrant{List: e.List, Address: e.Address, raw: e.Address})
			i = len(g.external) - 1
		}
		g.external[i].Granted = e.Granted
	}
	if scope >= 0 {
		g.scopes[scope].Granted = in.Scope.Granted
	}
	if in.IsAdmin != nil {
		g.isAdmin = *in.IsAdmin
	}
	if in.Consent != nil {
		g.consent = *in.Consent
	}
	if in.Rovo != nil {
		g.rovo = *in.Rovo
	}
	return nil
}

func (g *grants) state() permissionState {
	g.mu.Lock()
	defer g.mu.Unlock()
	return permissionState{
		Scopes: nonNil(g.scopes), External: nonNil(g.external), Lists: externalLists, Configurable: g.configurable,
		Groups: copyGroups(g.groups), Remotes: g.configurableRemotes(), IsAdmin: g.isAdmin, Consent: g.consent, Rovo: g.rovo,
	}
}

// nonNil gives a copy that JSON has as a list.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }

type object = map[string]any
