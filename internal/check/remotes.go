package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

const (
	systemTokenScope = "read:app-system-token"
	userTokenScope   = "read:app-user-token"
)

// remotes checks the app's remotes and what they have in common with each other and with endpoints.
func (c *checker) remotes() {
	remotes := c.root.List("remotes")
	all := map[string]bool{}
	seen := map[string]bool{}
	for _, r := range remotes {
		for _, region := range regionsOf(r.Get("baseUrl")) {
			all[region] = true
		}
		if at := r.Get("key"); at != nil && at.Text != "" {
			if seen[at.Text] {
				c.warn(at, "Give each remote its own key.", "two remotes have the key %q, so Forge uses only one of them", at.Text)
			}
			seen[at.Text] = true
		}
	}
	for _, r := range remotes {
		c.remote(r, all)
	}
	for _, r := range c.of("remote") {
		if hasText(r.List("operations"), "storage") && !isTrue(r.Get("storage", "inScopeEUD")) {
			c.fail(r, "Add below it \"storage:\" and \"inScopeEUD: true\".", "remote %q stores data and needs storage.inScopeEUD", r.Str("key"))
		}
	}
	c.tokenScopes(remotes)
}

// regionsOf returns the regions of a base URL, sorted. A text is the URL of the region "default".
func regionsOf(base *manifest.Part) []string {
	if base == nil {
		return nil
	}
	if base.Kind != manifest.Mapping {
		return []string{"default"}
	}
	var regions []string
	for _, e := range base.Entries {
		regions = append(regions, e.Key)
	}
	slices.Sort(regions)
	return regions
}

func hasText(list []*manifest.Part, text string) bool {
	return slices.ContainsFunc(list, func(v *manifest.Part) bool { return v.Text == text })
}

func (c *checker) remote(r *manifest.Part, all map[string]bool) {
	key, base := r.Str("key"), r.Get("baseUrl")
	if base == nil && r.Get("configurable") == nil {
		c.fail(r, `Add "baseUrl: https://…", the address of the backend.`, "remote %q has no baseUrl", key)
	}
	if hasText(r.List("operations"), "storage") && r.Get("storage", "inScopeEUD") == nil {
		c.fail(r, "Add below it \"storage:\" and \"inScopeEUD: true\", or false if it stores no data of users.", "remote %q stores data and needs storage.inScopeEUD", key)
	}
	regions := regionsOf(base)
	needed := slices.Sorted(maps.Keys(all))
	if base != nil && !slices.Equal(regions, needed) && !(len(regions) == 1 && !isTrue(r.Get("storage", "inScopeEUD"))) {
		c.fail(base, "Add a URL for each region that another remote has: "+strings.Join(needed, ", ")+".", "remote %q does not have the regions of the app's other remotes", key)
	}
	urls := []*manifest.Part{base}
	if base != nil && base.Kind == manifest.Mapping {
		urls = nil
		for _, e := range base.Entries {
			urls = append(urls, e.Part)
		}
	}
	for _, at := range urls {
		if at != nil && strings.HasPrefix(at.Text, "http://") {
			c.warn(at, "Use https. The address on your machine belongs in forgego.yml.", "the baseUrl of remote %q is not encrypted, so browsers refuse requests from the page", key)
		}
	}
}

// tokenScopes checks the scopes that tokens for remotes need. The first rule is Forge's own. Without the scopes of the second,
// Forge sends no token: https://developer.atlassian.com/platform/forge/manifest-reference/endpoint/
func (c *checker) tokenScopes(remotes []*manifest.Part) {
	scopes := c.scopes()
	useful := slices.ContainsFunc(scopes, func(s *manifest.Part) bool { return s.Text != systemTokenScope && s.Text != userTokenScope })
	reported := false
	for _, owner := range slices.Concat(c.of("endpoint"), remotes) {
		for _, token := range [][2]string{{"appSystemToken", systemTokenScope}, {"appUserToken", userTokenScope}} {
			name, scope := token[0], token[1]
			at := owner.Get("auth", name)
			if !isTrue(at.Get("enabled")) {
				continue
			}
			if !useful && !reported {
				reported = true
				c.fail(at, "Add under permissions.scopes what the remote does with the token, such as read:jira-work.", "%s is enabled, but no scope lets the token do anything", name)
			}
			if !hasText(scopes, scope) {
				c.warn(at, "Add "+scope+" under permissions.scopes, or disable the token.", "%s is enabled without the scope %s, so Forge sends no token", name, scope)
			}
		}
	}
}

// scopes returns the scopes, which are a list or the keys of a mapping.
func (c *checker) scopes() []*manifest.Part {
	at := c.root.Get("permissions", "scopes")
	if at == nil {
		return nil
	}
	list := slices.Clone(at.Items)
	for _, e := range at.Entries {
		list = append(list, &manifest.Part{Kind: manifest.Text, Text: e.Key, Line: e.Part.Line, Column: e.Part.Column})
	}
	return list
}
