package check

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/check/shape"
	"github.com/forgego/forgego/internal/manifest"
)

// references checks the keys by which modules name functions, endpoints, resources, remotes, services and actions.
func (c *checker) references() {
	functions, endpoints := keysOf(c.of("function")), keysOf(c.of("endpoint"))
	resources := keysOf(c.root.List("resources"))
	for moduleType, module := range c.each() {
		if moduleType != "function" && moduleType != "endpoint" {
			c.named(moduleType, module, "function", functions, "modules.function")
			c.named(moduleType, module, "endpoint", endpoints, "modules.endpoint")
		}
		if moduleType != "function" {
			c.named(moduleType, module, "resource", resources, "resources")
		}
	}
	remotes, services := keysOf(c.root.List("remotes")), keysOf(c.root.List("services"))
	for _, e := range c.of("endpoint") {
		if at := e.Get("remote"); at != nil {
			c.reference("endpoint", at, at.Text, "a remote", remotes, "remotes", Error)
		} else if at := e.Get("service"); at != nil {
			c.reference("endpoint", at, at.Text, "a service", services, "services", Error)
		}
	}
	for _, m := range c.of("migration:dataResidency") {
		if at := m.Get("remote"); at != nil {
			c.reference("migration:dataResidency", at, at.Text, "a remote", remotes, "remotes", Error)
		}
	}
	for _, m := range c.of("jira:timeTrackingProvider") {
		c.modulePage("jira:timeTrackingProvider", m.Get("adminPage"), "jira:adminPage")
	}
	for _, m := range c.of("jira:command") {
		c.modulePage("jira:command", m.Get("target", "page"), "jira:globalPage", "jira:adminPage", "jira:projectPage", "jira:projectSettingsPage")
	}
	c.triggers()
	c.actions()
}

// modulePage checks the key by which a module names another module of certain types.
func (c *checker) modulePage(from string, at *manifest.Part, types ...string) {
	if at == nil || at.Kind != manifest.Text {
		return
	}
	var keys []string
	for _, moduleType := range types {
		keys = append(keys, keysOf(c.of(moduleType))...)
	}
	if at.Text == "" {
		c.fail(at, "Use the key of such a module.", "%s names no page", from)
	}
	c.reference(from, at, at.Text, "a page", keys, strings.Join(types, " or "), Error)
}

func keysOf(list []*manifest.Part) []string {
	var keys []string
	for _, item := range list {
		if key := item.Str("key"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// named checks all references of one kind in a module. @forge/manifest looks at the module and at the mappings in it, and at
// resources only if the module itself has one. What is deeper is a warning.
func (c *checker) named(moduleType string, module *manifest.Part, member string, keys []string, where string) {
	hasOwn := member != "resource" || module.Str("resource") != "" && c.root.Get("resources") != nil
	var walk func(v *manifest.Part, depth int)
	walk = func(v *manifest.Part, depth int) {
		for _, e := range v.Entries {
			if e.Key != member || e.Part.Kind != manifest.Text {
				walk(e.Part, depth+1)
				continue
			}
			severity := Warning
			if depth <= 1 && hasOwn {
				severity = Error
			}
			key := e.Part.Text
			if member == "resource" {
				key, _, _ = strings.Cut(key, "/")
			}
			article := "a "
			if member == "endpoint" {
				article = "an "
			}
			c.reference(moduleType, e.Part, key, article+member, keys, where, severity)
		}
		for _, item := range v.Items {
			walk(item, depth+1)
		}
	}
	walk(module, 0)
}

// maxKeys is how many keys a hint lists.
const maxKeys = 20

func (c *checker) reference(from string, at *manifest.Part, key, what string, keys []string, where string, severity Severity) {
	if at.Kind != manifest.Text || key == "" || slices.Contains(keys, key) {
		return
	}
	c.at(at, severity, keyFix(key, keys, where), "%s names %s %q that does not exist", from, what, key)
}

// keyFix returns what to do about a key that is none of keys, which are those under where.
func keyFix(key string, keys []string, where string) string {
	if len(keys) == 0 {
		return "Add an entry with this key under " + where + "."
	}
	return didYouMean(key, keys, "Use the key of an entry under "+where+": "+strings.Join(keys[:min(len(keys), maxKeys)], ", ")+".")
}

// didYouMean returns a question for the name that is nearest to a text, or otherwise if none is near.
func didYouMean(text string, names []string, otherwise string) string {
	if near := shape.Nearest(text, names); near != "" {
		return "Did you mean " + near + "?"
	}
	return otherwise
}

// triggers checks what only triggers need of their endpoints and filters.
func (c *checker) triggers() {
	for _, module := range slices.Concat(c.of("trigger"), c.of("bitbucket:mergeCheck")) {
		endpoint := withKey(c.of("endpoint"), module.Str("endpoint"))
		if endpoint == nil {
			continue
		}
		key := endpoint.Str("key")
		if isTrue(endpoint.Get("auth", "appUserToken", "enabled")) {
			c.fail(endpoint.Get("auth", "appUserToken"), "Disable it, or give the trigger an endpoint of its own.", "endpoint %q is used by a trigger, which has no user for appUserToken", key)
		}
		if endpoint.Get("route") == nil {
			c.fail(endpoint, "Add \"route:\" and below it \"path: /…\".", "endpoint %q is used by a trigger and needs a route", key)
		}
	}
	c.scheduled()
	for _, module := range c.of("trigger") {
		own := isTrue(module.Get("filter", "ignoreSelf"))
		for _, event := range module.List("events") {
			name, filtered := event.Text, own
			if event.Kind == manifest.Mapping {
				name, filtered = event.Str("eventType"), isTrue(event.Get("filter", "ignoreSelf"))
			}
			if filtered && !strings.Contains(name, "jira") {
				c.fail(event, "Remove ignoreSelf, or give the other events a trigger of their own.", "ignoreSelf works for events of Jira only, and not for %q", name)
			}
			c.eventScopes(event)
		}
	}
}

// scheduled checks what scheduled triggers need of their endpoints. @forge/manifest does not look at these.
//
// Source: https://developer.atlassian.com/platform/forge/remote/scheduled-triggers/
func (c *checker) scheduled() {
	for _, module := range c.of("scheduledTrigger") {
		endpoint := withKey(c.of("endpoint"), module.Str("endpoint"))
		if endpoint == nil {
			continue
		}
		key := endpoint.Str("key")
		if isTrue(endpoint.Get("auth", "appUserToken", "enabled")) {
			c.warn(endpoint.Get("auth", "appUserToken"), "Disable it, or give the scheduled trigger an endpoint of its own.",
				"endpoint %q is used by a scheduled trigger, to which Forge sends no appUserToken", key)
		}
		if endpoint.Get("route") == nil {
			c.warn(endpoint, "Add \"route:\" and below it \"path: /…\".", "endpoint %q is used by a scheduled trigger and has no route", key)
		}
	}
}

// eventScopes checks that the app has the scopes of an event. @forge/manifest looks at events without a filter of their own.
func (c *checker) eventScopes(event *manifest.Part) {
	if event.Kind != manifest.Text {
		return
	}
	needs, scopes := forge.Events()[event.Text], c.scopes()
	lacking := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return hasText(scopes, name) })
	}
	missing := lacking(needs.Current)
	if len(missing) == 0 || len(needs.Beta) > 0 && len(lacking(needs.Beta)) == 0 {
		return
	}
	c.fail(event, "Add it under permissions.scopes.", "the event %s needs the scope %s", event.Text, strings.Join(missing, " and "))
}

// actions checks the actions of agents and of automation.
func (c *checker) actions() {
	actions := keysOf(c.of("action"))
	used := map[string]bool{}
	for _, group := range []struct {
		moduleType string
		path       []string
	}{
		{"rovo:agent", []string{"actions"}}, {"automation:actionProvider", []string{"actions"}},
		{"rovo:mcp", []string{"tools"}}, {"rovo:skill", []string{"dependencies", "tools"}},
	} {
		for _, module := range c.of(group.moduleType) {
			for _, at := range module.List(group.path...) {
				used[at.Text] = true
				c.reference(group.moduleType, at, at.Text, "an action", actions, "modules.action", Error)
			}
		}
	}
	for _, action := range c.of("action") {
		if action.Str("name") == "" {
			c.warn(action, "Add \"name: …\".", "the action %q has no name, which agents show", action.Str("key"))
		}
		if key := action.Str("key"); key != "" && !used[key] {
			c.warn(action, "Name it under actions of a rovo:agent or an automation:actionProvider, or remove it.", "no module uses the action %q", key)
		}
	}
}
