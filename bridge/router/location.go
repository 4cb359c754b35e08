package router

// Destination is a target of [Navigate] and [Open]: a [URL] or a [Location].
type Destination interface {
	// members returns the members of the JavaScript object, without empty ones.
	members() map[string]string
}

// Location is a page of a product, described by its content: one of the types below, each named after a target. It is
// a preview feature of Forge, for Bitbucket, Confluence and Jira.
//
// The host checks which fields a target needs.
type Location interface {
	Destination
	isLocation()
}

// URL is an absolute URL, or one that starts with "/" for a page of the site.
type URL string

func (u URL) members() map[string]string { return map[string]string{"url": string(u)} }

// ContentView is the page of a page, blog post or custom content in Confluence: "contentView".
type ContentView struct {
	ContentID string
	// Version is the version to show; the default is the newest.
	Version string
}

// ContentEdit is the page for editing content in Confluence: "contentEdit".
type ContentEdit struct{ ContentID string }

// ContentList is the list of a space's pages or blog posts, or of a module's custom content, in Confluence:
// "contentList".
type ContentList struct {
	// ContentType is "page", "blogpost" or "customContent".
	ContentType string
	// SpaceKey is required for pages and blog posts, ModuleKey for custom content.
	SpaceKey, ModuleKey string
}

// SpaceView is the page of a space in Confluence: "spaceView".
type SpaceView struct{ SpaceKey string }

// Module is the page of a module of the app: "module".
type Module struct {
	ModuleKey string
	// SpaceKey is required for pages of a space in Confluence, ProjectKey for pages of a project in Jira and
	// Bitbucket.
	SpaceKey, ProjectKey string
	// WorkspaceID is required in Bitbucket, and RepositoryID for pages of a repository there: slugs, or UUIDs in
	// braces.
	WorkspaceID, RepositoryID string
	// Path is added to the module's own route, such as "/settings?tab=general".
	Path string
}

// UserProfile is the page of a user: "userProfile".
type UserProfile struct{ AccountID string }

// Dashboard is a dashboard in Jira: "dashboard".
type Dashboard struct{ DashboardID string }

// Issue is the page of an issue in Jira: "issue".
type Issue struct{ IssueKey string }

// ProjectSettingsDetails is the page with the settings of a project in Jira, for its administrators:
// "projectSettingsDetails".
type ProjectSettingsDetails struct{ ProjectKey string }

func (l ContentView) members() map[string]string {
	return target("contentView", "contentId", l.ContentID, "version", l.Version)
}

func (l ContentEdit) members() map[string]string {
	return target("contentEdit", "contentId", l.ContentID)
}

func (l ContentList) members() map[string]string {
	return target("contentList", "contentType", l.ContentType, "spaceKey", l.SpaceKey, "moduleKey", l.ModuleKey)
}

func (l SpaceView) members() map[string]string { return target("spaceView", "spaceKey", l.SpaceKey) }

func (l Module) members() map[string]string {
	return target("module", "moduleKey", l.ModuleKey, "spaceKey", l.SpaceKey, "projectKey", l.ProjectKey,
		"workspaceId", l.WorkspaceID, "repositoryId", l.RepositoryID, "path", l.Path)
}

func (l UserProfile) members() map[string]string {
	return target("userProfile", "accountId", l.AccountID)
}

func (l Dashboard) members() map[string]string {
	return target("dashboard", "dashboardId", l.DashboardID)
}

func (l Issue) members() map[string]string { return target("issue", "issueKey", l.IssueKey) }

func (l ProjectSettingsDetails) members() map[string]string {
	return target("projectSettingsDetails", "projectKey", l.ProjectKey)
}

func (ContentView) isLocation()            {}
func (ContentEdit) isLocation()            {}
func (ContentList) isLocation()            {}
func (SpaceView) isLocation()              {}
func (Module) isLocation()                 {}
func (UserProfile) isLocation()            {}
func (Dashboard) isLocation()              {}
func (Issue) isLocation()                  {}
func (ProjectSettingsDetails) isLocation() {}

// target returns the members of a location from alternating names and values.
func target(name string, members ...string) map[string]string {
	all := map[string]string{"target": name}
	for i := 0; i < len(members); i += 2 {
		if members[i+1] != "" {
			all[members[i]] = members[i+1]
		}
	}
	return all
}
