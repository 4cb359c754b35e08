// Package manifest reads the parts of a Forge app's manifest.yml, and of the forgego.yml beside it, that the local
// host and the build need. Every error names the file, the line and what to change.
package manifest

// Manifest is the part of manifest.yml that forgego reads. Load returns it checked: each module has a resource that
// exists, each endpoint names a remote or a service, and the permissions hold only what Forge accepts.
type Manifest struct {
	// Dir is the app's folder, the one that holds manifest.yml, as given to Load.
	Dir string
	// AppID is app.id, the app's ARI. It is the audience of every Forge Invocation Token.
	AppID string
	// Modules are the Custom UI modules, in the manifest's order, at least one. Modules without a user interface and
	// those of UI Kit ("render: native") are left out.
	Modules []Module
	// Resources, Endpoints, Remotes and Services are in the manifest's order. Resources of UI Kit, which are source
	// files, are left out.
	Resources []Resource
	Endpoints []Endpoint
	Remotes   []Remote
	Services  []Service
	// Scopes are permissions.scopes.
	Scopes   []string
	Content  Content
	External External

	// src and places are where errors found after Load point at.
	src    *source
	places map[string]node
}

// Module is a UI module: a place in the product that shows a resource.
type Module struct {
	// Type is the module's type as in the manifest, such as "jira:issuePanel" or "macro".
	Type string
	// Key is the module's key, unique in the manifest.
	Key string
	// Title is the name to show; the key if the manifest gives none or a translation's key. Texts.Title translates it.
	Title string
	// TitleKey is the translation's key of a title that is written as {i18n: key}; otherwise empty.
	TitleKey string
	// Resource is the key of the resource that the module shows.
	Resource string
	// Entry is the HTML file in the resource's folder to open: "index.html", or another where the manifest says
	// "resource: key/entry" (manifest-reference/resources).
	Entry string
	// Function and Endpoint are resolver.function and resolver.endpoint; at most one is set.
	Function string
	Endpoint string
}

// Resource is a folder of static files with an index.html.
type Resource struct {
	Key string
	// Path is relative to Dir and inside it, with forward slashes, as in the manifest.
	Path string
}

// Endpoint binds a module's invokeRemote calls to a remote, or its invokeService calls to a container service.
type Endpoint struct {
	Key string
	// Remote and Service are keys; one of them is set.
	Remote  string
	Service string
	// SystemToken and UserToken say whether the platform adds x-forge-oauth-system and x-forge-oauth-user. What they mean
	// for a service is not documented; they are false there.
	SystemToken bool
	UserToken   bool
}

// Remote is a backend of the app outside the platform.
type Remote struct {
	Key string
	// BaseURL is the URL, or its default where the manifest gives one per region. It is empty for a remote that only
	// the customer's admin configures.
	BaseURL string
}

// Service is a container service, which Forge runs: containers-reference/ref-manifest.
type Service struct {
	Key string
}

// Content is permissions.content: what the app's own pages may do beyond the default policy.
type Content struct {
	Scripts []string
	Styles  []string
}

// External is permissions.external: the origins the page may reach, one list per directive. Entries are addresses;
// a {remote: key} under fetch.client is resolved to that remote's key in ClientRemotes.
type External struct {
	Fonts, Frames, Images, Media, Scripts, Styles []string
	// Client are the addresses under fetch.client, ClientRemotes the remote keys there.
	Client        []string
	ClientRemotes []string
}

// Module returns the UI module with that key.
func (m *Manifest) Module(key string) (Module, bool) {
	return find(m.Modules, func(x Module) bool { return x.Key == key })
}

// Resource returns the resource with that key.
func (m *Manifest) Resource(key string) (Resource, bool) {
	return find(m.Resources, func(x Resource) bool { return x.Key == key })
}

// Endpoint returns the endpoint with that key.
func (m *Manifest) Endpoint(key string) (Endpoint, bool) {
	return find(m.Endpoints, func(x Endpoint) bool { return x.Key == key })
}

// Remote returns the remote with that key.
func (m *Manifest) Remote(key string) (Remote, bool) {
	return find(m.Remotes, func(x Remote) bool { return x.Key == key })
}

// Service returns the container service with that key.
func (m *Manifest) Service(key string) (Service, bool) {
	return find(m.Services, func(x Service) bool { return x.Key == key })
}

func find[T any](list []T, match func(T) bool) (T, bool) {
	for _, x := range list {
		if match(x) {
			return x, true
		}
	}
	var none T
	return none, false
}
