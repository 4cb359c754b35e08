package devhost

import (
	"bytes"
	"html/template"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/internal/manifest"
)

var productPage = template.Must(template.New("index.html").Parse(string(asset("product/index.html"))))

// indexPage is the main page of each resource.
const indexPage = "index.html"

// pageData is the input of the product page's template.
type pageData struct {
	App    string
	AppID  string
	Groups []moduleGroup
	// Resources lists the keys of the manifest's resources, separated by spaces.
	Resources string
	// Module is the module that the page shows. If it does not exist, Module is nil and Missing is its key.
	Module  *manifest.Module
	Missing string
	// FrameURL is the address of the app's page in the iframe.
	FrameURL, Sandbox string
	Locales           i18n.Menu
}

// moduleGroup holds the modules of one product.
type moduleGroup struct {
	Product string
	Modules []manifest.Module
}

func (h *Host) serveProductPage(w http.ResponseWriter, r *http.Request) {
	if r.Host != h.product.Hosts[0] {
		// The bridge and the policy accept one origin only.
		http.Redirect(w, r, h.product.Origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	translations, texts := h.languages.Texts(r)
	data, status := h.pageData(r.URL.Query().Get("module"), texts)
	data.Locales = h.languages.Menu(translations)
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

// pageData returns the data for the module with this key, and the page's status. An empty key is the first module's. The
// titles come from texts.
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
	data.FrameURL = h.app.Origin + "/" + module.Resource + "/"
	if module.Entry != indexPage {
		// The entry is another page in the resource's folder.
		data.FrameURL += module.Entry
	}
	return data, http.StatusOK
}

// appName returns the name of the app's folder. The manifest has no name.
func (h *Host) appName() string {
	dir, err := filepath.Abs(h.manifest.Dir)
	if err != nil {
		return h.manifest.Dir
	}
	return filepath.Base(dir)
}

// productPolicy returns the policy of the product's page. The page runs only its own scripts, shows only the app's origin,
// and makes requests only to itself and the remotes.
func (h *Host) productPolicy() string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		// The headers of modals show the app's icons.
		"img-src 'self' data: " + h.app.Origin,
		// Firefox and WebKit apply this directive to downloads of blob: addresses in the app's page.
		"frame-src " + h.app.Origin + " blob:",
		// In some browsers 'self' does not allow web sockets.
		"connect-src " + strings.Join(append([]string{"'self'", "ws" + strings.TrimPrefix(h.product.Origin, "http")}, h.remotes.Origins()...), " "),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}
