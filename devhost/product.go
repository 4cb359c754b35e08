package devhost

import (
	"bytes"
	"html/template"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/internal/manifest"
)

const jwksPath = "/.well-known/jwks.json"

var productPage = template.Must(template.New("index.html").Parse(string(asset("index.html"))))

// productHandler serves the product's origin: its page, the key set, and the API of the page's script.
func (h *Host) productHandler() http.Handler {
	page := http.NewServeMux()
	page.HandleFunc("GET /{$}", h.serveProductPage)
	for _, name := range assetNames() {
		page.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { serveAsset(w, r, name) })
	}
	page.HandleFunc("POST /_host/token", h.serveToken)
	page.HandleFunc("POST /_host/invoke", h.serveInvoke)
	page.HandleFunc("POST /_host/context", h.serveContext)
	page.HandleFunc("POST /_host/faults", h.serveFaults)
	h.dataRoutes(page)
	h.eventRoutes(page)

	mux := http.NewServeMux()
	// The key set is public, and a remote may be anywhere.
	mux.HandleFunc("GET "+jwksPath, h.serveKeySet)
	mux.Handle("/", h.product.guardOrigin(page))
	return h.product.guardHost(guardSite(h.product.origin, noSniff(mux)))
}

func (h *Host) serveKeySet(w http.ResponseWriter, r *http.Request) {
	set, err := h.keys.Set()
	if err != nil {
		h.log.Error("no key set", "error", err)
		http.Error(w, "The key set could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(set)
}

// pageData is what the product page's template shows.
type pageData struct {
	App    string
	AppID  string
	Groups []moduleGroup
	// Resources are the keys of the manifest's resources, with spaces between them.
	Resources string
	// Module is the one shown; nil if there is none, and then Missing is the key asked for.
	Module  *manifest.Module
	Missing string
	// FrameURL is the app's page that the module shows.
	FrameURL, Sandbox string
	Locales           localeMenu
}

// moduleGroup are the modules of one product.
type moduleGroup struct {
	Product string
	Modules []manifest.Module
}

func (h *Host) serveProductPage(w http.ResponseWriter, r *http.Request) {
	if r.Host != h.product.hosts[0] {
		// The bridge and the policy know one origin only.
		http.Redirect(w, r, h.product.origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	translations, texts := h.pageTexts(r)
	data, status := h.pageData(r.URL.Query().Get("module"), texts)
	data.Locales = h.localeMenu(translations)
	var b bytes.Buffer
	if err := productPage.Execute(&b, data); err != nil {
		h.log.Error("product page", "error", err)
		http.Error(w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", h.productPolicy())
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// pageData shows the module with a key, the first one without a key, with titles by these texts.
func (h *Host) pageData(key string, texts *manifest.Texts) (pageData, int) {
	data := pageData{App: h.appName(), AppID: h.manifest.AppID, Sandbox: policy.Sandbox}
	for _, r := range h.manifest.Resources {
		data.Resources = strings.TrimSpace(data.Resources + " " + r.Key)
	}
	for _, p := range h.installation.Products() {
		group := moduleGroup{Product: p.Title()}
		for _, m := range h.manifest.Modules {
			if installation.ProductOf(m.Type) == p {
				m.Title = texts.Title(m)
				group.Modules = append(group.Modules, m)
			}
		}
		data.Groups = append(data.Groups, group)
	}
	if key == "" && len(data.Groups) > 0 {
		key = data.Groups[0].Modules[0].Key
	}
	module, ok := h.manifest.Module(key)
	if !ok {
		data.Missing = key
		return data, http.StatusNotFound
	}
	module.Title = texts.Title(module)
	data.Module = &module
	data.FrameURL = h.app.origin + "/" + module.Resource + "/"
	if module.Entry != indexPage {
		// An entry is another page of the same folder.
		data.FrameURL += module.Entry
	}
	return data, http.StatusOK
}

// appName is the folder's name; the manifest has none.
func (h *Host) appName() string {
	dir, err := filepath.Abs(h.manifest.Dir)
	if err != nil {
		return h.manifest.Dir
	}
	return filepath.Base(dir)
}

// productPolicy is the product page's own policy. It runs its own scripts only, shows the app's origin only, and makes
// requests to itself and the remotes only.
func (h *Host) productPolicy() string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		// The app's icons stand in the headers of its modals.
		"img-src 'self' data: " + h.app.origin,
		// Firefox and WebKit check a download of a blob: address in the app's page by this, as if it were shown in a frame.
		"frame-src " + h.app.origin + " blob:",
		// Not in every browser does 'self' allow web sockets.
		"connect-src " + strings.Join(append([]string{"'self'", "ws" + strings.TrimPrefix(h.product.origin, "http")}, h.remotes.Origins()...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}
