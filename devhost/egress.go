package devhost

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// The limits of customer-managed egress. Source: customer-managed-egress-and-remotes.
const (
	maxEgressGroups  = 10
	maxGroupDomains  = 10
	maxEgressEntries = 40
)

const (
	// maxPermissionPayload is far above what a command's payload needs, in bytes.
	maxPermissionPayload = 64 << 10
	// maxSource bounds an address, in bytes; maxExternal is how many the panel may add to those of manifest.yml.
	maxSource, maxExternal = 2 << 10, 1000
)

// listOf is the list of permissions.external that a type of egress belongs to.
var listOf = map[string]string{
	"FETCH_BACKEND_SIDE": "fetch.backend", "FETCH_CLIENT_SIDE": "fetch.client", "FONTS": "fonts", "FRAMES": "frames",
	"IMAGES": "images", "MEDIA": "media", "SCRIPTS": "scripts", "STYLES": "styles",
}

// egressGroup is a customer-managed egress group, as it crosses the bridge.
type egressGroup struct {
	Key         string         `json:"key"`
	Description string         `json:"description"`
	Configured  []egressDomain `json:"configured"`
}

type egressDomain struct {
	Domain string   `json:"domain"`
	Type   []string `json:"type"`
}

// managedRemote is a remote that the admin may configure, as it crosses the bridge.
type managedRemote struct {
	Key        string `json:"key"`
	Configured struct {
		Endpoint *string `json:"endpoint"`
	} `json:"configured"`

	configurable bool
	patterns     []string
}

var (
	errNotConfigurable = errors.New("customer-managed egress is not enabled: manifest.yml needs permissions.external.configurable.enabled: true")
	errNotAdmin        = errors.New("only an administrator may change egress and remotes")
)

// approval is what a command asks of the user before it does anything.
type approval struct {
	Ask    string `json:"ask"`
	Detail string `json:"detail"`
}

// command carries out a command of the app's, whose names begin with "__permission__". If the admin has to agree first, it
// gives what to ask, and does nothing yet.
func (g *grants) command(name string, payload []byte, approved bool) (any, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var in struct {
		Keys          []string        `json:"keys"`
		PageSize      int             `json:"pageSize"`
		NextPageToken string          `json:"nextPageToken"`
		Egresses      []egressGroup   `json:"egresses"`
		Key           string          `json:"key"`
		Domain        string          `json:"domain"`
		Type          string          `json:"type"`
		Remotes       []managedRemote `json:"remotes"`
	}
	if len(payload) > maxPermissionPayload {
		return nil, fmt.Errorf("the payload has %d bytes; the local host takes %d", len(payload), maxPermissionPayload)
	}
	if len(payload) > 0 && json.Unmarshal(payload, &in) != nil {
		return nil, errors.New("the payload is not what the command takes")
	}
	if !g.configurable {
		return nil, errNotConfigurable
	}
	if !strings.HasSuffix(name, "Get") && !g.isAdmin {
		return nil, errNotAdmin
	}
	switch name {
	case "egressGet":
		return page(copyGroups(g.groups), func(x egressGroup) string { return x.Key }, in.Keys, in.PageSize, in.NextPageToken)
	case "remoteGet":
		return page(g.configurableRemotes(), func(x managedRemote) string { return x.Key }, in.Keys, in.PageSize, in.NextPageToken)
	case "egressSet":
		return g.setEgress(in.Egresses, approved)
	case "remoteSet":
		return g.setRemotes(in.Remotes, approved)
	case "egressDeleteDomain":
		if listOf[in.Type] == "" || in.Domain == "" || in.Key == "" {
			return nil, errors.New("to delete a domain, name the key of its group, the domain and one type of egress")
		}
		if !approved {
			return approval{"Delete a domain of this app's egress?", fmt.Sprintf("%s of %s, in %s", in.Type, in.Domain, in.Key)}, nil
		}
		g.deleteDomain(in.Key, in.Domain, in.Type)
	case "egressDeleteGroup":
		if in.Key == "" {
			return nil, errors.New("to delete an egress group, name its key")
		}
		if !approved {
			return approval{"Delete a group of this app's egress?", in.Key}, nil
		}
		g.groups = slices.DeleteFunc(g.groups, func(x egressGroup) bool { return x.Key == in.Key })
	default:
		return nil, fmt.Errorf("there is no command %q of permissions", name)
	}
	return object{}, nil
}

// page gives a page of a list, in the lists' own order. The token is a number here; the platform's is not known.
func page[T any](all []T, keyOf func(T) string, keys []string, size int, token string) (any, error) {
	start := 0
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no page token of this host", token)
		}
		start = n
	}
	if size < 0 {
		return nil, errors.New("the pageSize must be above 0")
	}
	if len(keys) > 0 {
		all = slices.DeleteFunc(all, func(x T) bool { return !slices.Contains(keys, keyOf(x)) })
	}
	all = all[min(start, len(all)):]
	out := object{"results": nonNil(all)}
	if size > 0 && len(all) > size {
		out["results"] = all[:size]
		out["lastEvaluatedKey"] = strconv.Itoa(start + size)
	}
	return out, nil
}

func (g *grants) setEgress(groups []egressGroup, approved bool) (any, error) {
	next := copyGroups(g.groups)
	var seen []string
	var asked []string
	for _, group := range groups {
		if err := checkGroup(group); err != nil {
			return nil, err
		}
		if slices.Contains(seen, group.Key) {
			return nil, fmt.Errorf("the egress group %q is there twice", group.Key)
		}
		seen = append(seen, group.Key)
		for _, d := range group.Configured {
			if !g.hasDomain(d.Domain) {
				asked = append(asked, fmt.Sprintf("%s (%s)", d.Domain, group.Description))
			}
		}
		// The group takes the place of the one with its key; whether it is merged with that on the platform is not known.
		next = slices.DeleteFunc(next, func(x egressGroup) bool { return x.Key == group.Key })
		next = append(next, group)
	}
	if len(next) > maxEgressGroups {
		return nil, fmt.Errorf("more than %d egress groups", maxEgressGroups)
	}
	if g.entries(next) > maxEgressEntries {
		return nil, fmt.Errorf("more than %d entries of egress, the manifest's included", maxEgressEntries)
	}
	if len(asked) > 0 && !approved {
		return approval{"Allow this app to reach these addresses?", strings.Join(asked, ", ")}, nil
	}
	g.groups = next
	return object{"results": copyGroups(groups)}, nil
}

func checkGroup(group egressGroup) error {
	if group.Key == "" || group.Description == "" {
		return errors.New("an egress group needs a key and a description")
	}
	if len(group.Configured) > maxGroupDomains {
		return fmt.Errorf("the egress group %q has more than %d domains", group.Key, maxGroupDomains)
	}
	var seen []string
	for _, d := range group.Configured {
		if !isSource(d.Domain) {
			return fmt.Errorf("%q is no address for egress", d.Domain)
		}
		if slices.Contains(seen, d.Domain) {
			return fmt.Errorf("the egress group %q has %s twice", group.Key, d.Domain)
		}
		seen = append(seen, d.Domain)
		if len(d.Type) == 0 {
			return fmt.Errorf("%s has no type of egress", d.Domain)
		}
		for _, t := range d.Type {
			if listOf[t] == "" {
				return fmt.Errorf("there is no type of egress %q", t)
			}
		}
	}
	return nil
}

// source is what may stand in a policy: nothing that ends a directive, or begins another source.
var source = regexp.MustCompile(`^[^\s;,'"]+$`)

func isSource(address string) bool { return len(address) <= maxSource && source.MatchString(address) }

func (g *grants) hasDomain(domain string) bool {
	return slices.ContainsFunc(g.groups, func(group egressGroup) bool {
		return slices.ContainsFunc(group.Configured, func(d egressDomain) bool { return d.Domain == domain })
	})
}

// entries counts pairs of a domain and a type, the backend's left out.
func (g *grants) entries(groups []egressGroup) int {
	pairs := map[[2]string]bool{}
	for _, e := range g.external {
		pairs[[2]string{e.List, e.Address}] = true
	}
	for _, group := range groups {
		for _, d := range group.Configured {
			for _, t := range d.Type {
				pairs[[2]string{listOf[t], d.Domain}] = true
			}
		}
	}
	n := 0
	for pair := range pairs {
		if pair[0] != "fetch.backend" {
			n++
		}
	}
	return n
}

func (g *grants) deleteDomain(key, domain, kind string) {
	g.groups = copyGroups(g.groups)
	for i := range g.groups {
		group := &g.groups[i]
		if group.Key != key {
			continue
		}
		for j := range group.Configured {
			if d := &group.Configured[j]; d.Domain == domain {
				d.Type = slices.DeleteFunc(d.Type, func(t string) bool { return t == kind })
			}
		}
		group.Configured = slices.DeleteFunc(group.Configured, func(d egressDomain) bool { return len(d.Type) == 0 })
	}
}

func (g *grants) setRemotes(remotes []managedRemote, approved bool) (any, error) {
	var seen, asked []string
	for _, r := range remotes {
		i := slices.IndexFunc(g.remotes, func(x managedRemote) bool { return x.Key == r.Key })
		switch {
		case i < 0:
			return nil, fmt.Errorf("manifest.yml has no remote %q", r.Key)
		case !g.remotes[i].configurable:
			return nil, fmt.Errorf("the remote %q is not configurable in manifest.yml", r.Key)
		case slices.Contains(seen, r.Key):
			return nil, fmt.Errorf("the remote %q is there twice", r.Key)
		}
		seen = append(seen, r.Key)
		endpoint := r.Configured.Endpoint
		if endpoint == nil {
			asked = append(asked, r.Key+": as in manifest.yml")
			continue
		}
		u, err := weburl.ParseBase(*endpoint)
		if err == nil && !isSource(*endpoint) {
			err = errors.New("cannot stand in the policy")
		}
		if err != nil {
			return nil, fmt.Errorf("the endpoint %q of %q %w", *endpoint, r.Key, err)
		}
		if patterns := g.remotes[i].patterns; len(patterns) > 0 && !slices.ContainsFunc(patterns, func(p string) bool { return fitsPattern(p, *endpoint, u) }) {
			return nil, fmt.Errorf("the endpoint %q of %q fits none of its supportedPatterns: %s", *endpoint, r.Key, strings.Join(patterns, ", "))
		}
		asked = append(asked, r.Key+": "+*endpoint)
	}
	if len(asked) > 0 && !approved {
		return approval{"Change where this app's remotes are reached?", strings.Join(asked, ", ")}, nil
	}
	for _, r := range remotes {
		i := slices.IndexFunc(g.remotes, func(x managedRemote) bool { return x.Key == r.Key })
		g.remotes[i].Configured = r.Configured
	}
	return object{}, nil
}

// remoteAddress is the address that was approved for a remote; empty for the manifest's.
func (g *grants) remoteAddress(key string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.remotes {
		if r.Key == key && r.Configured.Endpoint != nil {
			return *r.Configured.Endpoint
		}
	}
	return ""
}

// fitsPattern holds a pattern, in which an asterisk is any text, against the whole endpoint, its origin and its host: which
// of them the platform takes is not documented.
func fitsPattern(pattern, endpoint string, u weburl.URL) bool {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	whole := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
	return whole.MatchString(endpoint) || whole.MatchString(u.Origin()) || whole.MatchString(u.Host)
}

func (g *grants) configurableRemotes() []managedRemote {
	return slices.DeleteFunc(nonNil(g.remotes), func(r managedRemote) bool { return !r.configurable })
}

func copyGroups(groups []egressGroup) []egressGroup {
	all := nonNil(groups)
	for i := range all {
		all[i].Configured = nonNil(all[i].Configured)
		for j := range all[i].Configured {
			all[i].Configured[j].Type = nonNil(all[i].Configured[j].Type)
		}
	}
	return all
}
