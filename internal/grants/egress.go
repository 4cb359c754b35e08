package grants

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/weburl"
)

// Limits of customer-managed egress.
//
// Source: https://developer.atlassian.com/platform/forge/customer-managed-egress-and-remotes/
const (
	maxEgressGroups  = 10
	maxGroupDomains  = 10
	maxEgressEntries = 40
)

const (
	// maxPermissionPayload is the largest size of a command's payload, in bytes. It is far above what a command needs.
	maxPermissionPayload = 64 << 10
	// maxSource is the largest size of an address, in bytes. maxExternal is the number of addresses that the panel may add.
	maxSource, maxExternal = 2 << 10, 1000
)

// listOf maps types of egress to the lists of permissions.external.
var listOf = map[string]string{
	"FETCH_BACKEND_SIDE": "fetch.backend", "FETCH_CLIENT_SIDE": "fetch.client", "FONTS": "fonts", "FRAMES": "frames",
	"IMAGES": "images", "MEDIA": "media", "SCRIPTS": "scripts", "STYLES": "styles",
}

// Group is a customer-managed egress group, in the form that the bridge uses.
type Group struct {
	Key         string   `json:"key"`
	Description string   `json:"description"`
	Configured  []Domain `json:"configured"`
}

// Domain is a domain of a group and its types of egress.
type Domain struct {
	Domain string   `json:"domain"`
	Type   []string `json:"type"`
}

// Remote is a remote that the administrator may configure, in the form that the bridge uses.
type Remote struct {
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

// Approval is a question to the user. The command is carried out only if the user approves it.
type Approval struct {
	Ask    string `json:"ask"`
	Detail string `json:"detail"`
}

// command carries out a command of a user's app whose name begins with "__permission__". If the administrator has to approve it
// first, it returns an Approval and changes nothing.
func (g *Grants) command(isAdmin bool, name string, payload []byte, approved bool) (any, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var in struct {
		Keys          []string `json:"keys"`
		PageSize      int      `json:"pageSize"`
		NextPageToken string   `json:"nextPageToken"`
		Egresses      []Group  `json:"egresses"`
		Key           string   `json:"key"`
		Domain        string   `json:"domain"`
		Type          string   `json:"type"`
		Remotes       []Remote `json:"remotes"`
	}
	if len(payload) > maxPermissionPayload {
		return nil, fmt.Errorf("the payload has %d bytes; this host accepts %d", len(payload), maxPermissionPayload)
	}
	if len(payload) > 0 && json.Unmarshal(payload, &in) != nil {
		return nil, errors.New("the payload does not have the form that this command expects")
	}
	if !g.configurable {
		return nil, errNotConfigurable
	}
	if !strings.HasSuffix(name, "Get") && !isAdmin {
		return nil, errNotAdmin
	}
	switch name {
	case "egressGet":
		return page(copyGroups(g.groups), func(x Group) string { return x.Key }, in.Keys, in.PageSize, in.NextPageToken)
	case "remoteGet":
		return page(g.configurableRemotes(), func(x Remote) string { return x.Key }, in.Keys, in.PageSize, in.NextPageToken)
	case "egressSet":
		return g.setEgress(in.Egresses, approved)
	case "remoteSet":
		return g.setRemotes(in.Remotes, approved)
	case "egressDeleteDomain":
		if listOf[in.Type] == "" || in.Domain == "" || in.Key == "" {
			return nil, errors.New("to delete a domain, name the key of its group, the domain and one type of egress")
		}
		if !approved {
			return Approval{"Delete a domain of this app's egress?", fmt.Sprintf("%s of %s, in %s", in.Type, in.Domain, in.Key)}, nil
		}
		g.deleteDomain(in.Key, in.Domain, in.Type)
	case "egressDeleteGroup":
		if in.Key == "" {
			return nil, errors.New("to delete an egress group, name its key")
		}
		if !approved {
			return Approval{"Delete a group of this app's egress?", in.Key}, nil
		}
		g.groups = slices.DeleteFunc(g.groups, func(x Group) bool { return x.Key == in.Key })
	default:
		return nil, fmt.Errorf("unknown permission command %q", name)
	}
	return object{}, nil
}

// page returns a page of a list. The page token is an offset; Atlassian does not document the platform's.
func page[T any](all []T, keyOf func(T) string, keys []string, size int, token string) (any, error) {
	start := 0
	if token != "" {
		n, err := strconv.Atoi(token)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is not a page token of this host", token)
		}
		start = n
	}
	if size < 0 {
		return nil, errors.New("the pageSize must not be negative")
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

func (g *Grants) setEgress(groups []Group, approved bool) (any, error) {
	next := copyGroups(g.groups)
	var seen []string
	var asked []string
	for _, group := range groups {
		if err := checkGroup(group); err != nil {
			return nil, err
		}
		if slices.Contains(seen, group.Key) {
			return nil, fmt.Errorf("the egress group %q is listed twice", group.Key)
		}
		seen = append(seen, group.Key)
		for _, d := range group.Configured {
			// The platform does not ask again for a domain that has been approved, also if the type of egress is new.
			// Source: https://developer.atlassian.com/platform/forge/customer-managed-egress-and-remotes/#in-app-experience
			if !g.hasDomain(d.Domain) {
				asked = append(asked, fmt.Sprintf("%s (%s)", d.Domain, group.Description))
			}
		}
		// The group replaces the one with the same key. Atlassian does not document whether the platform merges them.
		next = slices.DeleteFunc(next, func(x Group) bool { return x.Key == group.Key })
		next = append(next, group)
	}
	if len(next) > maxEgressGroups {
		return nil, fmt.Errorf("more than %d egress groups", maxEgressGroups)
	}
	if g.entries(next) > maxEgressEntries {
		return nil, fmt.Errorf("more than %d entries of egress, including those of the manifest", maxEgressEntries)
	}
	if len(asked) > 0 && !approved {
		return Approval{"Allow this app to reach these addresses?", strings.Join(asked, ", ")}, nil
	}
	g.groups = next
	return object{"results": copyGroups(groups)}, nil
}

func checkGroup(group Group) error {
	if group.Key == "" || group.Description == "" {
		return errors.New("an egress group needs a key and a description")
	}
	if len(group.Configured) > maxGroupDomains {
		return fmt.Errorf("the egress group %q has more than %d domains", group.Key, maxGroupDomains)
	}
	var seen []string
	for _, d := range group.Configured {
		if err := checkEgress(d.Domain); err != nil {
			return err
		}
		if slices.Contains(seen, d.Domain) {
			return fmt.Errorf("the egress group %q lists %s twice", group.Key, d.Domain)
		}
		seen = append(seen, d.Domain)
		if len(d.Type) == 0 {
			return fmt.Errorf("%s has no type of egress", d.Domain)
		}
		for _, t := range d.Type {
			if listOf[t] == "" {
				return fmt.Errorf("unknown type of egress %q", t)
			}
		}
	}
	return nil
}

// source matches an address that can be part of a policy. It excludes characters that end a directive or a source.
var source = regexp.MustCompile(`^[^\s;,'"]+$`)

func isSource(address string) bool { return len(address) <= maxSource && source.MatchString(address) }

// checkEgress returns an error for an address that cannot be added to permissions.external. The rule is that of the manifest.
// Atlassian documents no other for addresses that an administrator adds.
func checkEgress(address string) error {
	switch {
	case !isSource(address):
		return fmt.Errorf("%q is not an address; write one such as https://example.com or *.example.com", address)
	case !platform.IsEgressAddress(address):
		return fmt.Errorf("%q is not allowed in a manifest. %s", address, platform.AllowedEgress)
	}
	return nil
}

func (g *Grants) hasDomain(domain string) bool {
	return slices.ContainsFunc(g.groups, func(group Group) bool {
		return slices.ContainsFunc(group.Configured, func(d Domain) bool { return d.Domain == domain })
	})
}

// entries counts the pairs of a domain and a type. It does not count egress of the backend.
func (g *Grants) entries(groups []Group) int {
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

func (g *Grants) deleteDomain(key, domain, kind string) {
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
		group.Configured = slices.DeleteFunc(group.Configured, func(d Domain) bool { return len(d.Type) == 0 })
	}
}

func (g *Grants) setRemotes(remotes []Remote, approved bool) (any, error) {
	var seen, asked []string
	for _, r := range remotes {
		i := slices.IndexFunc(g.remotes, func(x Remote) bool { return x.Key == r.Key })
		switch {
		case i < 0:
			return nil, fmt.Errorf("manifest.yml has no remote %q", r.Key)
		case !g.remotes[i].configurable:
			return nil, fmt.Errorf("the remote %q is not configurable in manifest.yml", r.Key)
		case slices.Contains(seen, r.Key):
			return nil, fmt.Errorf("the remote %q is listed twice", r.Key)
		}
		seen = append(seen, r.Key)
		endpoint := r.Configured.Endpoint
		if endpoint == nil {
			asked = append(asked, r.Key+": as in manifest.yml")
			continue
		}
		u, err := weburl.ParseBase(*endpoint)
		if err == nil && !isSource(*endpoint) {
			err = errors.New("cannot be part of the policy")
		}
		if err != nil {
			return nil, fmt.Errorf("the endpoint %q of %q %w", *endpoint, r.Key, err)
		}
		if patterns := g.remotes[i].patterns; len(patterns) > 0 && !slices.ContainsFunc(patterns, func(p string) bool { return matchesPattern(p, *endpoint, u) }) {
			return nil, fmt.Errorf("the endpoint %q of %q matches none of its supportedPatterns: %s", *endpoint, r.Key, strings.Join(patterns, ", "))
		}
		asked = append(asked, r.Key+": "+*endpoint)
	}
	if len(asked) > 0 && !approved {
		return Approval{"Change where this app's remotes are reached?", strings.Join(asked, ", ")}, nil
	}
	for _, r := range remotes {
		i := slices.IndexFunc(g.remotes, func(x Remote) bool { return x.Key == r.Key })
		g.remotes[i].Configured = r.Configured
	}
	return object{}, nil
}

// RemoteAddress returns the address that was approved for a remote. If there is none, it returns "".
func (g *Grants) RemoteAddress(key string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.remotes {
		if r.Key == key && r.Configured.Endpoint != nil {
			return *r.Configured.Endpoint
		}
	}
	return ""
}

// matchesPattern reports whether a pattern matches the endpoint, its origin or its host. An asterisk matches any text.
// Atlassian does not document which of the three the platform compares.
func matchesPattern(pattern, endpoint string, u weburl.URL) bool {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	whole := regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
	return whole.MatchString(endpoint) || whole.MatchString(u.Origin()) || whole.MatchString(u.Host)
}

func (g *Grants) configurableRemotes() []Remote {
	return slices.DeleteFunc(nonNil(g.remotes), func(r Remote) bool { return !r.configurable })
}

func copyGroups(groups []Group) []Group {
	all := nonNil(groups)
	for i := range all {
		all[i].Configured = nonNil(all[i].Configured)
		for j := range all[i].Configured {
			all[i].Configured[j].Type = nonNil(all[i].Configured[j].Type)
		}
	}
	return all
}
