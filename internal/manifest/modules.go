package manifest

import (
	"strings"
)

// uiTypes are the module types that show their own resource, from
// https://developer.atlassian.com/platform/forge/manifest-reference/modules/. Types of which only parts have a
// resource, such as the views of jira:customField, are not included.
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
			hasResource := n.get("resource").kind() != missing
			switch {
			case n.get("render").text() == "native", uiTypes[group.key] && !hasResource && n.get("function").kind() != missing:
				s.warn(n, "", "the local host does not show module %q: UI Kit modules run in the product only", n.get("key").text())
				continue
			case !uiTypes[group.key] && !hasResource:
				continue
			}
			key := s.readKey(n, "a module of "+group.key, 0, seen)
			if key == "" {
				continue
			}
			seen = append(seen, key)
			s.readModule(m, n, group.key, key)
		}
	}
	if len(m.Modules) == 0 && len(s.faults) == before {
		s.fault(modules, "The local host shows modules with a resource. UI Kit modules (render: native, or a function without a resource) run in the product only.",
			"the app has no Custom UI module")
	}
}

func (s *source) readModule(m *Manifest, n node, moduleType, key string) {
	mod := Module{Type: moduleType, Key: key, Title: n.get("title").text(), TitleKey: n.get("title", "i18n").text(), Entry: "index.html"}
	if mod.Title == "" {
		mod.Title = key
	}
	resource := n.get("resource")
	if resource.kind() == missing {
		s.fault(n, `Add "resource: …" with the key of an entry under resources: `+keys(m.Resources, func(r Resource) string { return r.Key })+".",
			"module %q has no resource", key)
	} else {
		mod.Resource, mod.Entry = s.readResourceName(m, resource, key)
	}
	mod.Function, mod.Endpoint = n.get("resolver", "function").text(), n.get("resolver", "endpoint").text()
	if mod.Function != "" && mod.Endpoint != "" {
		s.fault(n.get("resolver"), "Keep one of the two.", "the resolver of module %q has both a function and an endpoint", key)
	}
	if _, ok := m.Endpoint(mod.Endpoint); mod.Endpoint != "" && !ok {
		s.fault(n.get("resolver", "endpoint"),
			"Use the key of an entry under modules.endpoint: "+keys(m.Endpoints, func(e Endpoint) string { return e.Key })+".",
			"the resolver of module %q names an endpoint %q that does not exist", key, mod.Endpoint)
	}
	m.Modules = append(m.Modules, mod)
}
