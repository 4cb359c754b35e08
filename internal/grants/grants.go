// Package grants holds what the site has granted the app: scopes, addresses for egress, and remotes that an administrator
// manages.
package grants

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/platform"
)

// Grants is what a site has granted the app, and what the site's administrator and user have decided. It begins with the
// values in manifest.yml; the app's commands, the panel of the local host and a test change it. It is not stored, and is
// safe for concurrent use.
type Grants struct {
	mu sync.Mutex
	state
}

type state struct {
	scopes   []Scope
	external []External
	// manifestExternal is the number of addresses in external that are from manifest.yml.
	manifestExternal int
	// rawScopes holds the scopes if the manifest writes them as an object. Otherwise it is nil.
	rawScopes map[string]any
	// configurable is permissions.external.configurable.enabled. If it is false, egress cannot be managed.
	configurable bool
	remotes      []Remote
	groups       []Group
	consent      Consent
	rovo         bool
}

// Scope is a scope of the manifest.
type Scope struct {
	Name    string `json:"name"`
	Granted bool   `json:"granted"`
}

// External is an address in one of the lists of permissions.external.
type External struct {
	// List is "fetch.backend", "fetch.client", "images" and so on.
	List    string `json:"list"`
	Address string `json:"address"`
	Granted bool   `json:"granted"`
	// raw is the entry in the manifest: a text, {address} or {remote}.
	raw any
}

// Consent holds the preferences that @forge/bridge 7.2.0 defines, and whether the product publishes them.
type Consent struct {
	Published  bool `json:"published"`
	Functional bool `json:"functional"`
	Analytics  bool `json:"analytics"`
	Marketing  bool `json:"marketing"`
}

var externalLists = []string{"fetch.backend", "fetch.client", "fonts", "frames", "images", "media", "scripts", "styles"}

// New returns the grants of an app that has everything that its manifest requests. file is manifest.yml as JSON would
// have it; scopes are the names of its scopes.
func New(scopes []string, file any) *Grants {
	permissions := member[map[string]any](file, "permissions")
	external := member[map[string]any](permissions, "external")
	g := &Grants{state: state{consent: Consent{Published: true, Functional: true}, rovo: true}}
	for _, name := range scopes {
		g.scopes = append(g.scopes, Scope{name, true})
	}
	g.rawScopes = member[map[string]any](permissions, "scopes")
	for _, list := range externalLists {
		for _, raw := range entriesOf(external, list) {
			g.external = append(g.external, External{list, addressOf(raw), true, raw})
		}
	}
	g.manifestExternal = len(g.external)
	g.configurable = member[bool](member[map[string]any](external, "configurable"), "enabled")
	for _, r := range member[[]any](file, "remotes") {
		managed := Remote{Key: member[string](r, "key")}
		if configurable := member[map[string]any](r, "configurable"); configurable != nil {
			managed.configurable = true
			for _, pattern := range member[[]any](configurable, "supportedPatterns") {
				managed.patterns = append(managed.patterns, fmt.Sprint(pattern))
			}
		}
		g.remotes = append(g.remotes, managed)
	}
	return g
}

// Copy returns grants that begin as g is.
func (g *Grants) Copy() *Grants {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := &Grants{state: g.state}
	c.scopes, c.external, c.remotes, c.groups = slices.Clone(g.scopes), slices.Clone(g.external), slices.Clone(g.remotes), copyGroups(g.groups)
	return c
}

// member returns a member of a JSON object. If the object has no such member of type T, it returns the zero value.
func member[T any](value any, name string) T {
	members, _ := value.(map[string]any)
	m, _ := members[name].(T)
	return m
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

// remoteMark begins the address of an entry that names a remote.
const remoteMark = "remote: "

// addressOf returns the address of an entry in the manifest, for the panel and for the policy.
func addressOf(raw any) string {
	switch entry := raw.(type) {
	case string:
		return entry
	case map[string]any:
		if address := member[string](entry, "address"); address != "" {
			return address
		}
		if remote := member[string](entry, "remote"); remote != "" {
			return remoteMark + remote
		}
	}
	return fmt.Sprint(raw)
}

// RuntimePermissions returns the member permissions of view.getContext: the manifest's permissions without those that were
// revoked, plus those that were added. Atlassian does not document whether it includes customer-managed egress.
func (g *Grants) RuntimePermissions() object {
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

// Apply changes the lists of permissions.external, by name, to the addresses that are granted now. It returns the keys of
// the remotes that pages may no longer reach.
func (g *Grants) Apply(lists map[string]*[]string) (revokedRemotes []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, list := range lists {
		*list = slices.Clone(*list)
		for _, e := range g.external {
			if e.List != name {
				continue
			}
			if !e.Granted {
				*list = slices.DeleteFunc(*list, func(a string) bool { return a == e.Address })
			} else if address, isText := e.raw.(string); isText && !slices.Contains(*list, address) {
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
	for _, e := range g.external {
		if key, isRemote := strings.CutPrefix(e.Address, remoteMark); isRemote && e.List == "fetch.client" && !e.Granted {
			revokedRemotes = append(revokedRemotes, key)
		}
	}
	return revokedRemotes
}

// Input is a request of the product's page: a command of the app, or changes of the panel. Members that are nil change
// nothing.
type Input struct {
	Command string          `json:"command"`
	Payload json.RawMessage `json:"payload"`
	// Approved reports whether the user has approved the command.
	Approved bool `json:"approved"`

	Scope    *Scope    `json:"scope"`
	External *External `json:"external"`
	Consent  *Consent  `json:"consent"`
	Rovo     *bool     `json:"rovo"`
}

// Changes reports whether the request may change something.
func (in Input) Changes() bool {
	return in.Command != "" && !strings.HasSuffix(in.Command, "Get") || in.Scope != nil || in.External != nil || in.Consent != nil || in.Rovo != nil
}

// State is what the panel shows.
type State struct {
	Scopes       []Scope    `json:"scopes"`
	External     []External `json:"external"`
	Lists        []string   `json:"lists"`
	Configurable bool       `json:"configurable"`
	Groups       []Group    `json:"groups"`
	Remotes      []Remote   `json:"remotes"`
	// IsAdmin reports whether the user is an administrator. Only administrators may change egress and remotes.
	IsAdmin bool    `json:"isAdmin"`
	Consent Consent `json:"consent"`
	Rovo    bool    `json:"rovo"`
}

// Answer carries out a command of a user, which may need an [Approval] first, or makes changes and returns the new state.
// isAdmin says whether the user is an administrator.
func (g *Grants) Answer(isAdmin bool, in Input) (any, error) {
	if in.Command != "" {
		out, err := g.command(isAdmin, in.Command, in.Payload, in.Approved)
		if err != nil {
			return nil, &platform.Error{Message: err.Error(), Code: "PERMISSION_REFUSED"}
		}
		return out, nil
	}
	if err := g.change(in); err != nil {
		return nil, &platform.Error{Message: err.Error(), Code: "INVALID_PERMISSION"}
	}
	return g.State(isAdmin), nil
}

// change makes all changes, or none if one of them is invalid.
func (g *Grants) change(in Input) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	scope := -1
	if in.Scope != nil {
		scope = slices.IndexFunc(g.scopes, func(x Scope) bool { return x.Name == in.Scope.Name })
		if scope < 0 {
			return fmt.Errorf("manifest.yml has no scope %q", in.Scope.Name)
		}
	}
	if e := in.External; e != nil {
		if !slices.Contains(externalLists, e.List) {
			return fmt.Errorf("unknown list of addresses %q", e.List)
		}
		i := slices.IndexFunc(g.external, func(x External) bool { return x.List == e.List && x.Address == e.Address })
		if i < 0 {
			if err := checkEgress(e.Address); err != nil {
				return err
			}
		}
		if i < 0 && len(g.external) >= g.manifestExternal+maxExternal {
			return fmt.Errorf("the local host accepts %d addresses in addition to those of manifest.yml; start it again to remove the added ones", maxExternal)
		}
		if i < 0 {
			g.external = append(g.external, External{List: e.List, Address: e.Address, raw: e.Address})
			i = len(g.external) - 1
		}
		g.external[i].Granted = e.Granted
	}
	if scope >= 0 {
		g.scopes[scope].Granted = in.Scope.Granted
	}
	if in.Consent != nil {
		g.consent = *in.Consent
	}
	if in.Rovo != nil {
		g.rovo = *in.Rovo
	}
	return nil
}

// Adopt takes over the decisions of the site and its user from the grants of an earlier version of the manifest, as far as
// this version still has what they are about.
func (g *Grants) Adopt(old *Grants) {
	old.mu.Lock()
	defer old.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, s := range g.scopes {
		if j := slices.IndexFunc(old.scopes, func(o Scope) bool { return o.Name == s.Name }); j >= 0 {
			g.scopes[i].Granted = old.scopes[j].Granted
		}
	}
	for i, e := range old.external {
		j := slices.IndexFunc(g.external, func(n External) bool { return n.List == e.List && n.Address == e.Address })
		if j >= 0 {
			g.external[j].Granted = e.Granted
		} else if i >= old.manifestExternal {
			g.external = append(g.external, e)
		}
	}
	for i, r := range g.remotes {
		if j := slices.IndexFunc(old.remotes, func(o Remote) bool { return o.Key == r.Key && o.configurable }); j >= 0 && r.configurable {
			g.remotes[i].Configured = old.remotes[j].Configured
		}
	}
	if g.configurable {
		g.groups = copyGroups(old.groups)
	}
	g.consent, g.rovo = old.consent, old.rovo
}

// State returns the state for the panel of a user.
func (g *Grants) State(isAdmin bool) State {
	g.mu.Lock()
	defer g.mu.Unlock()
	return State{
		Scopes: nonNil(g.scopes), External: nonNil(g.external), Lists: externalLists, Configurable: g.configurable,
		Groups: copyGroups(g.groups), Remotes: g.configurableRemotes(), IsAdmin: isAdmin, Consent: g.consent, Rovo: g.rovo,
	}
}

// nonNil returns a copy that is a list in JSON, even if it is empty.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }

type object = map[string]any
