package devhost

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/internal/manifest"
)

var productPage = template.Must(template.New("index.html").Parse(string(asset("product/index.html"))))

// pageData is the input of the product page's template.
type pageData struct {
	App    string
	AppID  string
	Groups []moduleGroup
	// Resources has the address of each resource, by key, as JSON.
	Resources string
	// Programs lists the keys of those whose program forgego.yml names, separated by spaces.
	Programs string
	// Module is the module that the page shows. If it does not exist, Module is nil and Missing is its key. MissingView is the
	// name of a view that the module does not have.
	Module               *manifest.Module
	Missing, MissingView string
	// shownModule is how the product shows the module.
	shownModule
	Sandbox string
	// Versions are those of the pages at this moment.
	Versions string
	Locales  i18n.Menu
	// Report tells the page to report calls and errors.
	Report bool
	// Triggers are what the panel "Events" can call.
	Triggers []triggerItem
	// HasEditor says that the page may open places in the developer's editor.
	HasEditor bool
	// Session is who uses the app in this window, and where. Accounts and Sites are what the user may choose instead; they
	// are empty if forgego.yml cannot be read.
	Session  *installation.Session
	Accounts []installation.Account
	Sites    []installation.Site
	// Chosen is the part of an address's query that keeps the session's choice. Unknown says which choice does not exist.
	Chosen  template.URL
	Unknown string
	chosen  url.Values
}

func (d *deployment) serveProductPage(w http.ResponseWriter, r *http.Request) {
	if r.Host != d.product.Hosts[0] {
		// The bridge and the policy accept one origin only.
		http.Redirect(w, r, d.product.Origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	translations, texts := d.languages.Texts(r)
	data, status := d.pageData(r, texts)
	data.Locales = d.languages.Menu(translations)
	var b bytes.Buffer
	if err := productPage.Execute(&b, data); err != nil {
		d.log.Error("product page", "error", err)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", d.productPolicy(data.Session.Site.Number))
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// pageData returns the data for the page that a request asks for, and the page's status. Without a module's key in the
// request, it shows the first module. The titles come from texts.
func (d *deployment) pageData(r *http.Request, texts *manifest.Texts) (pageData, int) {
	key := r.URL.Query().Get(moduleParameter)
	data := pageData{App: d.appName(), AppID: d.manifest.AppID, Sandbox: policy.Sandbox, Report: d.options.report != nil, HasEditor: d.options.open != nil, Triggers: d.triggers()}
	dev, err := devfile.Load(d.dir)
	if err != nil {
		d.log.Error("product page", "error", err) // Each request of the page returns the error.
	} else {
		data.Programs = strings.Join(dev.Programs(), " ")
	}
	d.setSession(&data, r, dev)
	data.Resources, data.Versions = d.resourceURLs(data.Session.Site.Number), d.pageVersions(data.Session.Site.Number)
	menu := menu{chosen: data.chosen, texts: texts, key: key, view: r.URL.Query().Get(viewParameter)}
	if all := d.installed.Products(); key == "" && len(all) > 0 {
		menu.key = menu.first(d.manifest.Modules, all[0])
	}
	data.Groups = menu.groups(d.manifest.Modules, d.installed.Products())
	if data.Unknown != "" {
		return data, http.StatusNotFound
	}
	key = menu.key
	module, ok := d.manifest.Module(key)
	if !ok {
		data.Missing = key
		return data, http.StatusNotFound
	}
	module.Title = texts.Title(module)
	data.Module = &module
	view, ok := module.View(menu.view)
	if !ok && menu.view != "" {
		data.Module, data.Missing, data.MissingView = nil, key, menu.view
		return data, http.StatusNotFound
	}
	data.shownModule = d.shown(module, view, menu, data.Session.Site.Number)
	return data, http.StatusOK
}

// viewURL returns the address of a view's page for a site.
func (d *deployment) viewURL(v manifest.View, site int) string {
	address := d.resourceURL(v.Resource, site)
	if v.Entry != manifest.IndexPage {
		address += v.Entry // another page in the resource's folder
	}
	return address
}

// resourceURLs returns the address of each resource for a site, by key, as JSON.
func (d *deployment) resourceURLs(site int) string {
	resources := map[string]string{}
	for _, r := range d.manifest.Resources {
		resources[r.Key] = d.resourceURL(r.Key, site)
	}
	return string(mustJSON(resources))
}

// setSession sets who uses the app in the window that makes a request. If that is not known, it is the first account on the
// first site, so that the page can say what is wrong. dev is nil if forgego.yml cannot be read.
func (d *deployment) setSession(data *pageData, r *http.Request, dev *manifest.Dev) {
	data.Session, _ = d.installed.Session(manifest.DevContext{}, "", "")
	if dev == nil {
		return
	}
	data.Accounts, data.Sites = d.installed.Accounts(dev.Context), d.installed.Sites(dev.Context)
	s, err := d.sessionOf(r, dev.Context)
	if err != nil {
		data.Unknown = err.Error()
		return
	}
	data.Session, data.chosen = s, chosen(s.Account.Number, s.Site.Number)
	data.Chosen = template.URL(data.chosen.Encode())
}

// appName returns the name of the app's folder. The manifest has no name.
func (d *deployment) appName() string {
	dir, err := filepath.Abs(d.manifest.Dir)
	if err != nil {
		return d.manifest.Dir
	}
	return filepath.Base(dir)
}

// productPolicy returns the policy of the product's page for a site. The page runs only its own scripts, shows only the
// app's origins, and makes requests only to itself and the remotes.
func (d *deployment) productPolicy(site int) string {
	app := strings.Join(append([]string{d.app.Origin}, d.tunnelOrigins(site)...), " ")
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		// The headers of modals show the app's icons.
		"img-src 'self' data: " + app,
		// Firefox and WebKit apply this directive to downloads of blob: addresses in the app's page.
		"frame-src " + app + " blob:",
		// In some browsers 'self' does not allow web sockets.
		"connect-src " + strings.Join(append([]string{"'self'", "ws" + strings.TrimPrefix(d.product.Origin, "http")}, d.remotes.Origins(site)...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}
