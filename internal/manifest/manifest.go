// Package manifest reads the parts of a Forge app's manifest.yml, and of the forgego.yml beside it, that the local
// host and the build need. Every error has the file, the line and what to change.
package manifest

// Manifest is the part of manifest.yml that forgego reads. Load returns a checked Manifest: each module has a
// resource that exists, each endpoint has a remote or a service, and the permissions are only those that Forge
// accepts.
type Manifest struct {
	// Dir is the app's folder, which contains manifest.yml, as passed to Load.
	Dir string
	// AppID is app.id, the app's ARI. It is the audience of every Forge Invocation Token.
	AppID string
	// Modules are the Custom UI modules, at least one, in the manifest's order. They do not include modules without a
	// user interface or UI Kit modules ("render: native").
	Modules []Module
	// Resources, Endpoints, Remotes and Services are in the manifest's order. Resources do not include those of UI
	// Kit, which are source files.
	Resources []Resource
	Endpoints []Endpoint
	Remotes   []Remote
	Services  []Service
	// Functions are modules.function, and Triggers the modules that call one without a page.
	Functions []Function
	Triggers  []Trigger
	// Scopes are permissions.scopes.
	Scopes   []string
	Content  Content
	External External
	// Warnings are what works here, but perhaps not as meant. They are in the order of the file.
	Warnings []*Error

	// handlerFolder is the folder of the handlers' files, relative to Dir.
	handlerFolder string
	// src and places locate errors that are found after Load.
	src    *source
	places map[string]node
}

// Module is a UI module: a place in the product that shows pages of the app.
type Module struct {
	// Type is the module's type as in the manifest, such as "jira:issuePanel" or "macro".
	Type string
	// Key is the module's key, unique in the manifest.
	Key string
	// Title is the title or the name to show. It is the key if the manifest has neither or a translation key. Texts.Title
	// translates it.
	Title string
	// TitleKey is the translation key of a title written as {i18n: key}, or empty.
	TitleKey string
	// Views are what the module shows, at least one: first its own resource, if it has one, and then those below it.
	Views []View
	// Pages are the entries that the product's sidebar has for the module, from pages and sections.
	Pages []Page
	// Endpoint is resolver.endpoint.
	Endpoint string
}

// View is a page of the app that a module shows.
type View struct {
	// Name is the member of the module with the view's resource: "view", "edit", "create", "config", "contextConfig" or
	// "target". It is empty for the resource of the module itself.
	Name string
	// Resource is the key of the resource.
	Resource string
	// Entry is the HTML file in the resource's folder to open: "index.html", or another if the manifest has
	// "resource: key/entry" (https://developer.atlassian.com/platform/forge/manifest-reference/resources/).
	Entry string
	// Inline is set if the view takes the place of another one instead of opening a dialog: isInline.
	Inline bool
	// Viewport is viewportSize.
	Viewport Viewport
	// Function is resolver.function of the view, or that of its module.
	Function string
}

// Viewport is the size that the manifest sets for a view's frame. The zero value leaves the size to the page.
type Viewport struct {
	// Size is a word such as "large", or empty.
	Size string `json:"size,omitempty"`
	// Width and Height are lengths of CSS such as "60vh", or empty.
	Width  string `json:"width,omitempty"`
	Height string `json:"height,omitempty"`
}

// Page is an entry of the product's sidebar that leads to a part of a module's page.
type Page struct {
	// Title is the text to show, and TitleKey its translation key, as in Module. Without a title it is the route.
	Title, TitleKey string
	// Route is the path of the app's history, without the slash at its start.
	Route string
}

// Display returns the view that the module shows by itself: its own resource, or "view". It reports false if the module has
// other views only.
func (m Module) Display() (View, bool) {
	return find(m.Views, func(v View) bool { return v.Name == "" || v.Name == "view" })
}

// Main returns the view that the module shows first: that of Display, or the first of the others.
func (m Module) Main() View {
	v, ok := m.Display()
	if !ok && len(m.Views) > 0 {
		v = m.Views[0]
	}
	return v
}

// View returns the view with this name.
func (m Module) View(name string) (View, bool) {
	return find(m.Views, func(v View) bool { return v.Name == name })
}

// MaxPage is the largest size of an HTML page of a resource, in bytes. The local host reads pages whole, because it inserts the
// bridge's script, and the policy depends on them. forgego check reads what the local host shows.
const MaxPage = 16 << 20

// IndexPage is the main page of a resource.
const IndexPage = "index.html"

// Resource is a folder of static files with an IndexPage.
type Resource struct {
	Key string
	// Path is relative to Dir, with forward slashes, as in the manifest. It may lead out of Dir, as in ../ui/dist.
	Path string
	// TunnelPort is tunnel.port: where a server of the developer serves the resource, such as vite's. It is 0 if the
	// manifest has none. Then, or if no server listens there, the files in Path are served.
	TunnelPort int
}

// Endpoint connects a module's invokeRemote calls to a remote, or its invokeService calls to a container service.
type Endpoint struct {
	Key string
	// Remote and Service are keys. Exactly one is set.
	Remote  string
	Service string
	// SystemToken and UserToken say whether the platform adds x-forge-oauth-system and x-forge-oauth-user. Their
	// meaning for a service is not documented, so they are false for services.
	SystemToken bool
	UserToken   bool
}

// Remote is a backend of the app outside the platform.
type Remote struct {
	Key string
	// BaseURL is the URL, or its default if the manifest has one per region. It is empty for a remote that only the
	// customer's admin configures.
	BaseURL string
}

// Service is a container service, which Forge runs. See
// https://developer.atlassian.com/platform/forge/containers-reference/ref-manifest/
type Service struct {
	Key string
}

// Content is permissions.content: what the app's own pages may do beyond the default policy.
type Content struct {
	Scripts []string
	Styles  []string
}

// External is permissions.external: the origins that the page may reach, one list per directive. Entries are
// addresses. For an entry {remote: key} under fetch.client, ClientRemotes has the key.
type External struct {
	Fonts, Frames, Images, Media, Scripts, Styles []string
	// Client are the addresses under fetch.client, and ClientRemotes the remote keys.
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
