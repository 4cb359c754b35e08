package check

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

var pathInAddress = regexp.MustCompile(`^([a-zA-Z]+://)?[^/:]+(:[0-9]+)?/.`)

func (c *checker) permissions() {
	c.scopeNames()
	for _, at := range c.root.List("permissions", "content", "scripts") {
		if at.Kind != manifest.Text || manifest.IsScriptSource(at.Text) {
			continue
		}
		fix := "Allowed are " + strings.Join(manifest.ScriptKeywords, ", ") + " and hashes (sha256-…). Scripts from other sites belong under permissions.external.scripts."
		if strings.Trim(at.Text, "'") == "wasm-unsafe-eval" {
			fix = "Write unsafe-eval: it is the only value of Forge that lets WebAssembly run."
		} else if bare := strings.Trim(at.Text, "'"); bare != at.Text {
			fix = "Write it without the single quotes: " + bare
		}
		c.fail(at, fix, "Forge refuses %q in permissions.content.scripts", at.Text)
	}
	external := c.root.Get("permissions", "external")
	if external == nil {
		return
	}
	for _, e := range external.Entries {
		if e.Key != "fetch" && e.Key != "configurable" {
			c.addresses("external."+e.Key, e.Part)
			continue
		}
		for _, side := range e.Part.Entries {
			if e.Key == "fetch" {
				c.addresses("external.fetch."+side.Key, side.Part)
			}
		}
	}
}

func (c *checker) scopeNames() {
	seen := map[string]bool{}
	for _, at := range c.scopes() {
		if at.Kind != manifest.Text {
			continue
		}
		if !forge.Scopes()[at.Text] {
			names := slices.Sorted(maps.Keys(forge.Scopes()))
			fix := didYouMean(at.Text, names, "See https://developer.atlassian.com/platform/forge/manifest-reference/scopes-forge/")
			c.fail(at, fix, "Forge has no scope %q", at.Text)
		}
		if seen[at.Text] {
			c.warn(at, "Remove one of the two.", "the scope %q is there twice", at.Text)
		}
		seen[at.Text] = true
	}
	for _, check := range c.of("bitbucket:mergeCheck") {
		if !seen["read:pullrequest:bitbucket"] {
			c.fail(check, "Add it under permissions.scopes.", "bitbucket:mergeCheck needs the scope read:pullrequest:bitbucket")
		}
	}
}

// addresses checks a list of permissions.external.
func (c *checker) addresses(where string, list *manifest.Part) {
	for _, item := range list.Items {
		at, text := item, item.Text
		if item.Kind == manifest.Mapping {
			if remote := item.Get("remote"); remote != nil {
				c.clientRemote(where, remote)
				continue
			}
			at, text = item.Get("address"), item.Str("address")
		}
		switch {
		case at == nil || at.Kind != manifest.Text:
		case !platform.IsEgressAddress(text):
			c.fail(at, platform.AllowedEgress, "Forge refuses the address %q in permissions.%s", text, where)
		case text == "*":
			c.warn(at, "Name the addresses that the app needs.", "permissions.%s allows every address, which makes admins hesitate", where)
		case where == "external.fetch.backend" && pathInAddress.MatchString(text):
			c.warn(at, "Remove the path.", "Forge ignores the path of %q in permissions.%s", text, where)
		}
		if item.Kind == manifest.Text {
			c.warn(item, `Write "- address: …".`, "an address of permissions.%s is written as a text, which is deprecated", where)
		}
	}
}

func (c *checker) clientRemote(where string, at *manifest.Part) {
	remote := c.entry("remotes", at.Text)
	base := remote.Get("baseUrl")
	address := remote.Str("baseUrl")
	if base != nil && base.Kind == manifest.Mapping {
		address = base.Str("default")
	}
	switch {
	case at.Kind != manifest.Text:
	case remote == nil:
		c.reference("permissions."+where, at, at.Text, "a remote", keysOf(c.root.List("remotes")), "remotes", Error)
	case base == nil && remote.Get("configurable") != nil:
	case address == "*" || !platform.IsEgressAddress(address):
		c.fail(at, "Give the remote an https or wss address with a dot in its host; its local address belongs in forgego.yml.",
			"Forge refuses the baseUrl of remote %q in permissions.%s", at.Text, where)
	}
}

// providers checks the remotes and functions that external authentication names.
func (c *checker) providers() {
	remotes := keysOf(c.root.List("remotes"))
	for _, p := range c.root.List("providers", "auth") {
		named := slices.Clone(p.List("remotes"))
		if actions := p.Get("actions"); actions != nil {
			for _, e := range actions.Entries {
				if at := e.Part.Get("remote"); at != nil {
					named = append(named, at)
				}
			}
		}
		for _, at := range named {
			c.reference("providers.auth", at, at.Text, "a remote", remotes, "remotes", Error)
			remote := c.entry("remotes", at.Text)
			if remote.Get("configurable") != nil {
				c.fail(at, "Use a remote without configurable.", "providers.auth names the configurable remote %q", at.Text)
			}
			if len(regionsOf(remote.Get("baseUrl"))) > 1 {
				c.fail(at, "Use a remote with one URL.", "providers.auth names remote %q, which has a URL for each region", at.Text)
			}
		}
		for _, at := range p.List("remotes") {
			if remote := c.entry("remotes", at.Text); remote != nil && !c.mayFetch(remote) {
				c.fail(at, "Add \"- remote: "+at.Text+"\" under permissions.external.fetch.backend.", "providers.auth names remote %q, which the backend may not fetch", at.Text)
			}
		}
		if at := p.Get("actions", "retrieveProfile", "function"); at != nil {
			c.reference("providers.auth", at, at.Text, "a function", keysOf(c.of("function")), "modules.function", Error)
		}
	}
	providers := keysOf(c.root.List("providers", "auth"))
	for _, connector := range c.of("graph:connector") {
		if at := connector.Get("auth", "provider"); at != nil {
			c.reference("graph:connector", at, at.Text, "a provider", providers, "providers.auth", Error)
		}
	}
}

// mayFetch reports whether permissions.external.fetch.backend has a remote or its address.
func (c *checker) mayFetch(remote *manifest.Part) bool {
	return slices.ContainsFunc(c.root.List("permissions", "external", "fetch", "backend"), func(item *manifest.Part) bool {
		if item.Kind == manifest.Mapping && item.Get("remote") != nil {
			return item.Str("remote") == remote.Str("key")
		}
		address := item.Text
		if item.Kind == manifest.Mapping {
			address = item.Str("address")
		}
		return address != "" && address == remote.Str("baseUrl")
	})
}

// Limits of custom entities, from @forge/manifest 13.7.0.
const (
	maxAttributes    = 50
	maxAttributeName = 30
	maxIndexes       = 7
)

// storage checks custom entities.
func (c *checker) storage() {
	for _, entity := range c.root.List("app", "storage", "entities") {
		name, attributes, indexes := entity.Str("name"), entity.Get("attributes"), entity.Get("indexes")
		if attributes == nil {
			continue
		}
		if len(attributes.Entries) > maxAttributes {
			c.fail(attributes, "Remove some.", "entity %q has more than %d attributes", name, maxAttributes)
		}
		for _, e := range attributes.Entries {
			if len([]rune(e.Key)) > maxAttributeName {
				c.fail(e.Part, "Shorten it.", "the attribute %q of entity %q has more than %d characters", e.Key, name, maxAttributeName)
			}
		}
		if indexes != nil && len(indexes.Items) > maxIndexes {
			c.fail(indexes, "Remove some.", "entity %q has more than %d indexes", name, maxIndexes)
		}
		for _, index := range entity.List("indexes") {
			if index.Str("name") == "by-key" {
				c.fail(index, "Choose another name.", "the index name by-key is reserved")
			}
			named := slices.Concat(index.List("range"), index.List("partition"))
			if index.Kind == manifest.Text {
				named = append(named, index)
			}
			for _, at := range named {
				if at.Kind == manifest.Text && attributes.Get(at.Text) == nil {
					c.fail(at, "Use the name of an attribute.", "an index of entity %q names %q, which is not an attribute", name, at.Text)
				}
			}
		}
	}
}

// translationKeys checks that keys of translations have translations. What is in the files is checked with them.
func (c *checker) translationKeys() {
	if c.root.Get("translations") != nil {
		return
	}
	var walk func(v *manifest.Part) *manifest.Part
	walk = func(v *manifest.Part) *manifest.Part {
		for _, e := range v.Entries {
			if at := e.Part.Get("i18n"); at != nil && at.Kind == manifest.Text {
				return at
			}
			for _, inner := range append([]*manifest.Part{e.Part}, e.Part.Items...) {
				if at := walk(inner); at != nil {
					return at
				}
			}
		}
		return nil
	}
	for moduleType, module := range c.each() {
		if strings.HasPrefix(moduleType, "connect-") {
			continue
		}
		if at := walk(module); at != nil {
			c.fail(at, "Add translations: with resources and a fallback, or write the text itself.", "%s has the translation key %q, but the app has no translations", moduleType, at.Text)
			return
		}
	}
}
