package devhost

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/forgego/forgego/devhost/internal/function"
	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/devhost/internal/window"
	"github.com/forgego/forgego/internal/grants"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

const jwksPath = "/.well-known/jwks.json"

// The app's origin serves the bridge and stored objects below bridgeKey. Host.deploy refuses a manifest with a resource of
// this key.
const (
	bridgeKey  = "_bridge"
	bridgePath = "/" + bridgeKey + "/bridge.js"
	objectPath = "/" + bridgeKey + "/object/"
)

// newProductHandler serves the product's origin: the page, the key set, and the requests of the page's script. The script's
// requests are JSON. Only the page itself may make them.
func (d *deployment) newProductHandler() http.Handler {
	page := http.NewServeMux()
	page.HandleFunc("GET /{$}", d.serveProductPage)
	for name, content := range productAssets {
		page.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { serveText(w, r, name, content()) })
	}
	page.HandleFunc("GET /_host/socket", d.product.RequireOrigin(d.serveSocket))
	page.HandleFunc("POST /_host/answer", answering(d.answer))
	page.HandleFunc("POST /_host/context", inSession(d, d.moduleContext))
	page.HandleFunc("POST /_host/diagnosis", inSession(d, d.diagnose))
	page.HandleFunc("POST /_host/extension", inSession(d, d.setExtension))
	page.HandleFunc("POST /_host/extension/read", inSession(d, d.describeContext))
	page.HandleFunc("POST /_host/faults", answering(d.faults.answer))
	page.HandleFunc("POST /_host/flags", answering(d.data.Flags))
	page.HandleFunc("POST /_host/function", d.serveFunction)
	page.HandleFunc("POST /_host/graph", answering(d.data.Graph))
	page.HandleFunc("POST /_host/invoke", inSession(d, d.invocations.Call))
	page.HandleFunc("POST /_host/locale", answering(d.chooseLocale))
	page.HandleFunc("POST /_host/permissions", inSession(d, d.answerPermissions))
	page.HandleFunc("POST /_host/product", d.serveProductData)
	page.HandleFunc("POST /_host/realtime/publish", inSession(d, d.realtime.Publish))
	page.HandleFunc("POST /_host/realtime/subscribe", inSession(d, d.realtime.Subscribe))
	page.HandleFunc("POST /_host/realtime/unsubscribe", answering(d.realtime.Unsubscribe))
	page.HandleFunc("POST /_host/recommendations", answering(d.data.Recommendations))
	page.HandleFunc("POST /_host/saved", inSession(d, d.saveView))
	if d.options.open != nil {
		page.HandleFunc("POST /_host/open", answering(d.open))
	}
	if d.options.report != nil {
		page.HandleFunc("POST /_host/report", d.serveReport)
	}
	page.HandleFunc("GET "+startPath+"{code}", d.serveStart)
	page.HandleFunc("POST /_host/token", inSession(d, d.issueToken))
	page.HandleFunc("POST /_host/trigger", d.serveTrigger)
	page.HandleFunc("POST /_host/used", answering(d.used))

	mux := http.NewServeMux()
	// The key set is public, because a remote may run anywhere.
	mux.HandleFunc("GET "+jwksPath, d.serveKeySet)
	mux.Handle("/", d.product.GuardOrigin(page))
	return d.product.GuardHost(site.GuardSite(d.product.Origin, noSniff(mux)))
}

// newAppHandler serves the app's origin: the folder of each resource at /<key>/ (and at /<key>~2/ for the second site, and
// so on), the bridge, translations and stored objects. Resources with a tunnel are there as files, too, but no page leads to
// them: see tunnelHandler.
func (d *deployment) newAppHandler() http.Handler {
	mux := http.NewServeMux()
	d.handleBridge(mux)
	mux.HandleFunc("GET /{key}", d.withResource(func(w http.ResponseWriter, r *http.Request, _ manifest.Resource) {
		target := url.URL{Path: "/" + r.PathValue("key") + "/", RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, target.String(), http.StatusTemporaryRedirect)
	}))
	mux.HandleFunc("GET /{key}/"+platform.TranslationFolder+"/{name}", d.withResource(func(w http.ResponseWriter, r *http.Request, _ manifest.Resource) {
		d.languages.Serve(w, r.PathValue("name"))
	}))
	mux.HandleFunc("GET /{key}/{name...}", d.withResource(func(w http.ResponseWriter, r *http.Request, resource manifest.Resource) {
		d.resources.Serve(w, r, resource, r.PathValue("name"))
	}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		site.Refuse(w, http.StatusNotFound, "This is the origin of the app's resources. Open the app at "+d.URL()+" instead.")
	})
	return d.app.GuardHost(site.GuardSite(d.product.Origin, noSniff(mux)))
}

// handleBridge serves what is below bridgeKey.
func (d *deployment) handleBridge(mux *http.ServeMux) {
	mux.HandleFunc("GET "+bridgePath, serveBridge)
	mux.HandleFunc("PUT "+objectPath+"{part}", d.objects.ServePut)
	mux.HandleFunc("GET "+objectPath+"{part}", d.objects.ServeGet)
}

// folder returns the path value "key" for a resource in the pages of a site. The policy of an app's page depends on the site,
// so its address has the site's number. Keys of resources have no tilde.
func folder(key string, site int) string {
	if site == 1 {
		return key
	}
	return key + "~" + strconv.Itoa(site)
}

// cutFolder returns the key and the site of a path value.
func cutFolder(name string) (key string, site int, ok bool) {
	key, number, found := strings.Cut(name, "~")
	if !found {
		return key, 1, true
	}
	site, err := strconv.Atoi(number)
	return key, site, err == nil && 1 < site && site <= manifest.MaxSites && folder(key, site) == name
}

// withResource calls serve with the resource that the path value "key" names.
func (d *deployment) withResource(serve func(http.ResponseWriter, *http.Request, manifest.Resource)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, _, ok := cutFolder(r.PathValue("key"))
		resource, known := d.manifest.Resource(key)
		if !ok || !known {
			site.Refuse(w, http.StatusNotFound, fmt.Sprintf("manifest.yml has no resource %q.", r.PathValue("key")))
			return
		}
		serve(w, r, resource)
	}
}

// noSniff makes browsers use the content type that the host sends.
func noSniff(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func (d *deployment) serveSocket(w http.ResponseWriter, r *http.Request) {
	place := placeOf(r)
	if modules := d.manifest.Modules; place.Module == "" && len(modules) > 0 {
		place.Module = modules[0].Key
	}
	site := 1 // as on the page that says that there is no such account or site
	if s, err := d.session(r); err == nil {
		site = s.Site.Number
	}
	d.windows.Serve(w, r, place, func(w *window.Window) {
		d.realtime.Join(w)
		w.Send(message("versions", d.pageVersions(site)))
		w.Send(message("faults", d.faults.output()))
		if problems := d.problems.Load(); problems != nil && len(*problems) > 0 {
			w.Send(message("problems", *problems)) // A page begins without problems.
		}
	}, d.realtime.Leave)
}

// answerPermissions carries out what a page asks for, and tells the windows of the site to read the state again.
func (d *deployment) answerPermissions(_ context.Context, s *installation.Session, in grants.Input) (any, error) {
	out, err := d.grants.Site(s.Site.Number).Answer(s.Account.Admin, in)
	if err == nil && in.Changes() {
		d.windows.BroadcastTo(s.Site.Number, message("permissions", nil))
	}
	return out, err
}

// chooseLocale sets the language of the product's user. All pages are in that language.
func (d *deployment) chooseLocale(ctx context.Context, in i18n.Choice) (out i18n.Choice, err error) {
	if out, err = d.languages.Choose(ctx, in); err == nil {
		d.Refresh(Refresh{Part: ProductPage})
	}
	return out, err
}

func (d *deployment) serveFunction(w http.ResponseWriter, r *http.Request) {
	inSession(d, func(ctx context.Context, s *installation.Session, in function.Input) (*function.Output, error) {
		in.UseCredentials = d.hasPageKey(r)
		return d.functions.Call(ctx, s, in)
	})(w, r)
}

func (d *deployment) serveProductData(w http.ResponseWriter, r *http.Request) {
	answering(func(ctx context.Context, in productdata.Request) (*productdata.Response, error) {
		in.UseCredentials = d.hasPageKey(r)
		return d.data.Fetch(ctx, in)
	})(w, r)
}

func (d *deployment) serveKeySet(w http.ResponseWriter, r *http.Request) {
	set, err := d.keys.Set()
	if err != nil {
		d.log.Error("no key set", "error", err)
		http.Error(w, "The key set could not be made.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(set)
}
