package manifest

import (
	"cmp"
	"strings"
)

// uiTypes are the module types that show their own resource, from
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/. Types of which only views below them have a
// resource, such as jira:customField, are not included: such a module may be without one.
var uiTypes = set(`
macro
bitbucket:projectSettingsMenuPage bitbucket:repoCodeFileViewer bitbucket:repoCodeOverviewAction
bitbucket:repoCodeOverviewCard bitbucket:repoCodeOverviewPanel bitbucket:repoMainMenuPage
bitbucket:repoPullRequestAction bitbucket:repoPullRequestCard bitbucket:repoPullRequestOverviewPanel
bitbucket:repoSettingsMenuPage bitbucket:workspaceGlobalPage bitbucket:workspacePersonalSettingsPage
bitbucket:workspaceSettingsMenuPage
compass:adminPage compass:componentPage compass:globalPage compass:teamPage
confluence:attachmentAction confluence:backgroundScript confluence:contentAction confluence:contentBylineItem
confluence:contextMenu confluence:customContent confluence:fullPage confluence:globalPage confluence:globalSettings
confluence:homepageFeed confluence:pageBanner confluence:spacePage confluence:spaceSettings
customerServiceManagement:crmImport customerServiceManagement:queuePage customerServiceManagement:requestDetail
dashboards:backgroundScript dashboards:widget
global:fullPage global:ui
jira:adminPage jira:backlogAction jira:boardAction jira:dashboardBackgroundScript jira:dashboardGadget jira:fullPage
jira:globalBackgroundScript jira:globalPage jira:issueAction jira:issueActivity jira:issueContext jira:issueGlance
jira:issueNavigatorAction jira:issuePanel jira:issueViewBackgroundScript jira:personalSettingsPage jira:projectPage
jira:projectSettingsPage jira:sprintAction jira:uiModifications
jiraServiceManagement:assetsImportType jiraServiceManagement:organizationPanel jiraServiceManagement:portalFooter
jiraServiceManagement:portalHeader jiraServiceManagement:portalProfilePanel
jiraServiceManagement:portalRequestCreatePropertyPanel jiraServiceManagement:portalRequestDetail
jiraServiceManagement:portalRequestDetailPanel jiraServiceManagement:portalRequestViewAction
jiraServiceManagement:portalSubheader jiraServiceManagement:portalUserMenuAction jiraServiceManagement:queuePage
`)

// plainTypes never have a user interface, whatever their properties are named.
var plainTypes = set(`
automation:i18n consumer endpoint event function llm scheduledTrigger sql trigger webtrigger
`)

// viewNames are the members of modules that can have a resource of their own.
var viewNames = []string{"view", "edit", "create", "config", "contextConfig", "target"}

func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}

func (s *source) readModules(m *Manifest) {
	modules := s.root.get("modules")
	if modules.kind() != mapping {
		s.fault(modules, "Add under modules: a module such as jira:issuePanel, with a key and a resource.", "the app has no modules")
		return
	}
	var seen []string
	before := len(s.faults)
	for _, group := range modules.entries() {
		if plainTypes[group.key] {
			continue
		}
		if uiTypes[group.key] && group.value.kind() != sequence {
			s.fault(group.value, `Begin each module with "- key: …".`, "%s must be a list", group.key)
			continue
		}
		for _, n := range group.value.items() {
			views, uiKit := viewsOf(n), uiKitParts(n)
			switch {
			case len(views) == 0 && (len(uiKit) > 0 || uiTypes[group.key] && n.get("function").kind() != missing):
				s.warn(n, "", "the local host does not show module %q: UI Kit modules run in the product only", n.get("key").text())
				continue
			case len(views) == 0 && !uiTypes[group.key]:
				continue
			}
			for _, name := range uiKit {
				s.warn(n.get(name), "", "the local host does not show the UI Kit part %q of module %q: it runs in the product only", name, n.get("key").text())
			}
			key := s.readKey(n, "a module of "+group.key, 0, seen)
			if key == "" {
				continue
			}
			seen = append(seen, key)
			s.readModule(m, n, group.key, key, views)
		}
	}
	if len(m.Modules) == 0 && len(s.faults) == before {
		s.fault(modules, "The local host shows modules with a resource. UI Kit modules (render: native, or a function without a resource) run in the product only.",
			"the app has no Custom UI module")
	}
}

// viewsOf returns the parts of a module that name a resource of Custom UI: the module itself, and members of it.
func viewsOf(module node) []entry {
	var views []entry
	for _, name := range append([]string{""}, viewNames...) {
		part := module
		if name != "" {
			part = module.get(name)
		}
		if part.kind() == mapping && part.get("resource").kind() != missing && !isNative(part) {
			views = append(views, entry{name, part})
		}
	}
	return views
}

func isNative(n node) bool { return n.get("render").text() == "native" }

// uiKitParts returns the parts of a module that are UI Kit: "" for the module itself, and names of views.
func uiKitParts(module node) (names []string) {
	if isNative(module) {
		names = append(names, "")
	}
	for _, name := range viewNames {
		if isNative(module.get(name)) {
			names = append(names, name)
		}
	}
	return names
}

func (s *source) readModule(m *Manifest, n node, moduleType, key string, views []entry) {
	mod := Module{Type: moduleType, Key: key, Pages: readPages(n)}
	if mod.Title, mod.TitleKey = readTitle(n); mod.Title == "" {
		mod.Title = key
	}
	function := n.get("resolver", "function").text()
	for _, v := range views {
		size := v.value.get("viewportSize")
		view := View{Name: v.key, Inline: v.value.get("isInline").yes(),
			Viewport: Viewport{Size: size.text(), Width: size.get("width").text(), Height: size.get("height").text()}}
		view.Resource, view.Entry = s.readResourceName(m, v.value.get("resource"), key)
		view.Function = cmp.Or(v.value.get("resolver", "function").text(), function)
		mod.Views = append(mod.Views, view)
	}
	if len(views) == 0 {
		s.fault(n, `Add "resource: …" with the key of an entry under resources: `+keys(m.Resources, func(r Resource) string { return r.Key })+".",
			"module %q has no resource", key)
	}
	mod.Endpoint = n.get("resolver", "endpoint").text()
	if function != "" && mod.Endpoint != "" {
		s.fault(n.get("resolver"), "Keep one of the two.", "the resolver of module %q has both a function and an endpoint", key)
	}
	if _, ok := m.Endpoint(mod.Endpoint); mod.Endpoint != "" && !ok {
		s.fault(n.get("resolver", "endpoint"),
			"Use the key of an entry under modules.endpoint: "+keys(m.Endpoints, func(e Endpoint) string { return e.Key })+".",
			"the resolver of module %q names an endpoint %q that does not exist", key, mod.Endpoint)
	}
	m.Modules = append(m.Modules, mod)
}

// readTitle returns the title or the name of a module, and its translation key. A gadget's title may be a link.
func readTitle(n node) (title, key string) {
	for _, name := range []string{"title", "name"} {
		at := n.get(name)
		if title, key = at.text(), at.get("i18n").text(); title == "" {
			title = at.get("text").text()
		}
		if title != "" || key != "" {
			break
		}
	}
	return title, key
}

// readPages returns the entries of the sidebar in pages and in the pages of sections. See
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/jira-global-page/
func readPages(module node) (pages []Page) {
	lists := module.get("pages").items()
	for _, section := range module.get("sections").items() {
		lists = append(lists, section.get("pages").items()...)
	}
	for _, n := range lists {
		p := Page{Route: n.get("route").text()}
		if p.Title, p.TitleKey = readTitle(n); p.Title == "" {
			p.Title = p.Route
		}
		if p.Route != "" { // The pages of a portal's modules are texts.
			pages = append(pages, p)
		}
	}
	return pages
}
