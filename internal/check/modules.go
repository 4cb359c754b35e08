package check

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/check/shape"
	"github.com/forgego/forgego/internal/manifest"
)

// isInternal reports whether a member is one that Forge itself adds. @forge/manifest accepts these below a module.
func isInternal(name string) bool {
	return name == "resolvedResourceEntry" || name == "renderRuntimeType" || strings.HasSuffix(name, "__i18n")
}

// each returns all modules with their types.
func (c *checker) each() iter.Seq2[string, *manifest.Part] {
	return func(yield func(string, *manifest.Part) bool) {
		if modules := c.root.Get("modules"); modules != nil {
			for _, e := range modules.Entries {
				for _, module := range e.Part.Items {
					if !yield(e.Key, module) {
						return
					}
				}
			}
		}
	}
}

// of returns the modules of a type.
func (c *checker) of(moduleType string) []*manifest.Part { return c.root.List("modules", moduleType) }

func (c *checker) app() {
	if name := c.root.Get("app", "name"); name != nil {
		c.warn(name, "Remove it. The name is set in the developer console.", "app.name is no longer used")
	}
	if f := c.root.Get("app", "features", "autoUserConsent"); f != nil {
		c.warn(f, "Remove it.", "app.features.autoUserConsent is no longer needed")
	}
	connect, remote := c.root.Get("app", "connect"), c.root.Str("app", "connect", "remote")
	switch at := c.root.Get("connectModules"); {
	case at != nil && remote == "":
		c.fail(at, "Add app.connect.remote with the key of a remote.", "connectModules needs app.connect.remote")
	case at != nil && c.entry("remotes", remote) == nil:
		c.fail(connect, "Use the key of an entry under remotes.", "app.connect.remote names a remote %q that does not exist", remote)
	case at != nil && c.entry("remotes", remote).Get("configurable") != nil:
		c.fail(connect, "Use a remote without configurable.", "app.connect.remote names a configurable remote")
	case at == nil && c.root.Get("app", "connect", "authentication") != nil:
		c.fail(connect, "Add connectModules, or remove authentication.", "app.connect.authentication needs connectModules")
	}
	c.compatibility()
}

func (c *checker) compatibility() {
	at := c.root.Get("app", "compatibility")
	if at == nil {
		return
	}
	required := func(product string) bool { p := at.Get(product, "required"); return p != nil && p.Bool }
	n := 0
	for _, e := range at.Entries {
		if required(e.Key) {
			n++
		}
		if c.root.Get("modules", "global:fullPage") != nil && e.Key != "jira" && e.Key != "confluence" {
			c.fail(e.Part, "Keep jira and confluence only.", "an app with global:fullPage cannot name %s in app.compatibility", e.Key)
		}
	}
	if n > 1 {
		c.fail(at, "Keep required: true for one of them.", "app.compatibility requires more than one product")
	}
	for product, page := range map[string]string{"jira": "confluence:fullPage", "confluence": "jira:fullPage"} {
		if module := c.root.Get("modules", page); module != nil && required(product) {
			c.fail(module, "Use "+product+":fullPage, or change app.compatibility.", "%s does not fit an app that requires %s", page, product)
		}
	}
}

// entry returns the item of a list with a key, or nil.
func (c *checker) entry(list, key string) *manifest.Part {
	return withKey(c.root.List(list), key)
}

func withKey(list []*manifest.Part, key string) *manifest.Part {
	for _, item := range list {
		if key != "" && item.Str("key") == key {
			return item
		}
	}
	return nil
}

// modules checks the form of each module, and that the types and the keys are right.
func (c *checker) modules() {
	modules := c.root.Get("modules")
	if modules == nil {
		if c.root.Get("connectModules") == nil {
			c.fail(c.root, "Add under modules: a module such as jira:issuePanel.", "the app has no modules")
		}
		return
	}
	useful := false
	for _, e := range modules.Entries {
		useful = useful || e.Key != "function" && e.Key != "endpoint"
		if !forge.Modules()[e.Key] {
			c.unknownModule(e)
			continue
		}
		s := forge.Module(e.Key)
		switch {
		case s == nil:
		case e.Part.Kind != manifest.List:
			c.fail(e.Part, `Begin each module with "- key: …".`, "%s must be a list", e.Key)
		case len(e.Part.Items) == 0:
			c.fail(e.Part, `Add a module that begins with "- key: …", or remove the line.`, "%s is an empty list", e.Key)
		default:
			for _, module := range e.Part.Items {
				c.module(s, e.Key, module)
			}
		}
	}
	if !useful && modules.Kind == manifest.Mapping {
		c.fail(modules, "Add a module that shows or does something, such as jira:issuePanel or trigger.", "the app has only functions and endpoints")
	}
	c.duplicateKeys()
}

func (c *checker) module(s *shape.Shape, moduleType string, module *manifest.Part) {
	for _, f := range s.Check(module, moduleType, isInternal) {
		c.shapeFault(f)
	}
	if at := module.Get("unlicensedAccess"); at != nil && !slices.Contains(s.Members(), "unlicensedAccess") {
		c.fail(at, "Remove it.", "%s cannot have unlicensedAccess", moduleType)
	}
	for _, name := range []string{"resolvedResourceEntry", "renderRuntimeType"} {
		if at := module.Get(name); at != nil && moduleType != "function" {
			c.fail(at, "Remove it: Forge adds it itself.", "%s cannot have %s", moduleType, name)
		}
	}
}

func (c *checker) shapeFault(f shape.Fault) {
	severity := Error
	if f.Minor {
		severity = Warning
	}
	c.add(fromError(c.doc.Fault(f.Line, f.Column, f.Fix, f.Msg), severity))
}

func (c *checker) unknownModule(e manifest.Entry) {
	names := slices.Sorted(maps.Keys(forge.Modules()))
	fix := didYouMean(e.Key, names, "See https://developer.atlassian.com/platform/forge/manifest-reference/modules/")
	c.fail(e.Part, fix, "Forge has no module %q", e.Key)
}

func (c *checker) duplicateKeys() {
	seen := map[string]*manifest.Part{}
	both := []*manifest.Part{c.root.Get("modules"), c.root.Get("connectModules")}
	for _, group := range both {
		if group == nil {
			continue
		}
		for _, e := range group.Entries {
			for _, module := range e.Part.Items {
				at := module.Get("key")
				if at == nil || at.Kind != manifest.Text {
					continue
				}
				if first := seen[at.Text]; first != nil {
					c.fail(at, "Give each module its own key.", "the key %q is already on line %d", at.Text, first.Line)
					continue
				}
				seen[at.Text] = at
			}
		}
	}
}

// maxFunctionKey is Forge's limit for the key of a function.
const maxFunctionKey = 23

// singles checks the types that may appear once, and members that must differ between modules.
func (c *checker) singles() {
	for _, f := range c.of("function") {
		if key := f.Str("key"); len([]rune(key)) > maxFunctionKey {
			c.fail(f.Get("key"), "Choose a shorter key, and use it wherever this one is named.", "the key of function %q has more than %d characters", key, maxFunctionKey)
		}
		if at := f.Get("handler"); at != nil && at.Kind == manifest.Text && !manifest.HandlerPattern.MatchString(at.Text) {
			c.fail(at, "Write it as file.function, such as index.handler.", "the handler %q is not a file and a function", at.Text)
		}
	}
	for _, moduleType := range strings.Fields("jira:projectPage jira:projectSettingsPage jira:globalPage jira:uiModifications global:ui sql objectStore migration:dataResidency llm") {
		if list := c.of(moduleType); len(list) > 1 {
			c.fail(list[1], "Keep one.", "an app can have only one %s", moduleType)
		}
	}
	kinds := map[string]int{}
	for _, page := range c.of("jira:adminPage") {
		started, config := isTrue(page.Get("useAsGetStarted")), isTrue(page.Get("useAsConfig"))
		kind := map[[2]bool]string{{}: "", {true, false}: " with useAsGetStarted", {false, true}: " with useAsConfig", {true, true}: " with useAsConfig"}[[2]bool{started, config}]
		if kinds[kind]++; kinds[kind] == 2 {
			c.fail(page, "Keep one.", "an app can have only one jira:adminPage%s", kind)
		}
	}
	for moduleType, member := range map[string]string{
		"confluence:spaceSettings": "route", "confluence:globalPage": "route", "confluence:spacePage": "route",
		"confluence:fullPage": "routePrefix", "jira:fullPage": "routePrefix", "global:fullPage": "routePrefix",
	} {
		seen := map[string]bool{}
		for _, module := range c.of(moduleType) {
			if at := module.Get(member); at != nil && at.Text != "" {
				if seen[at.Text] {
					c.fail(at, "Give each its own.", "two modules of %s have the %s %q", moduleType, member, at.Text)
				}
				seen[at.Text] = true
			}
		}
	}
	for _, moduleType := range strings.Fields("confluence:fullPage jira:fullPage global:fullPage global:ui") {
		for _, module := range c.of(moduleType) {
			if at := module.Get("icon"); at != nil && at.Kind == manifest.Text && at.Text != "" && (!strings.HasPrefix(at.Text, "resource:") || !strings.HasSuffix(at.Text, ".svg")) {
				c.fail(at, "Write it as resource:KEY;icon.svg, with the key of a resource.", "the icon of %s must be an .svg file of a resource", moduleType)
			}
		}
	}
	c.expressions()
}

func isTrue(v *manifest.Part) bool { return v != nil && v.Bool }

// expressions checks what workflow modules need.
func (c *checker) expressions() {
	for _, v := range c.of("jira:workflowValidator") {
		expression, function := v.Str("expression"), v.Str("function")
		switch {
		case expression == "" && function == "":
			c.fail(v, "Add one of them.", "jira:workflowValidator needs expression or function")
		case expression != "" && function != "":
			c.fail(v, "Keep one of them.", "jira:workflowValidator has expression and function at once")
		}
	}
	for _, v := range c.of("jira:workflowCondition") {
		if at := v.Get("expression"); at != nil && at.Kind == manifest.Text && strings.TrimSpace(at.Text) == "" {
			c.fail(at, "Write a Jira expression.", "the expression of jira:workflowCondition is empty")
		}
	}
	for _, s := range c.of("jira:globalBackgroundScript") {
		list := s.List("experience")
		if at := s.Get("experience"); at != nil && len(list) == 0 {
			c.fail(at, "Add all, board, dashboard or issue-view.", "the experience of jira:globalBackgroundScript is empty")
		}
		if len(list) > 1 && slices.ContainsFunc(list, func(v *manifest.Part) bool { return v.Text == "all" }) {
			c.fail(s.Get("experience"), "Keep only all, or remove it.", "the experience of jira:globalBackgroundScript has all beside others")
		}
	}
}
