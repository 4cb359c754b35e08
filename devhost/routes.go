package devhost

import (
	"context"
	"fmt"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/internal/manifest"
)

const jwksPath = "/.well-known/jwks.json"

// The app's origin serves the bridge and stored objects below bridgeKey. newHost refuses a resource with this key.
const (
	bridgeKey  = "_bridge"
	bridgePath = "/" + bridgeKey + "/bridge.js"
	objectPath = "/" + bridgeKey + "/object/"
)

// productHandler serves the product's origin: the page, the key set, and the requests of the page's script. The script's
// requests are JSON. Only the page itself may make them.
func (h *Host) productHandler() http.Handler {
	page := http.NewServeMux()
	page.HandleFunc("GET /{$}", h.serveProductPage)
	for _, name := range assetNames() {
		page.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { serveAsset(w, r, name) })
	}
	page.HandleFunc("GET /_host/socket", h.product.RequireOrigin(h.serveSocket))
	page.HandleFunc("POST /_host/context", answering(h.moduleContext))
	page.HandleFunc("POST /_host/faults", answering(h.faults.answer))
	page.HandleFunc("POST /_host/flags", answering(h.data.Flags))
	page.HandleFunc("POST /_host/function", answering(h.functions.Call))
	page.HandleFunc("POST /_host/graph", answering(h.data.Graph))
	page.HandleFunc("POST /_host/invoke", answering(h.invocations.Call))
	page.HandleFunc("POST /_host/locale", answering(h.languages.Choose))
	page.HandleFunc("POST /_host/permissions", answering(h.grants.Answer))
	page.HandleFunc("POST /_host/product", h.serveProductData)
	page.HandleFunc("POST /_host/realtime/publish", answering(h.realtime.Publish))
	page.HandleFunc("POST /_host/realtime/subscribe", answering(h.realtime.Subscribe))
	page.HandleFunc("POST /_host/realtime/unsubscribe", answering(h.realtime.Unsubscribe))
	page.HandleFunc("POST /_host/recommendations", answering(h.data.Recommendations))
	page.HandleFunc("POST /_host/token", answering(h.issueToken))

	mux := http.NewServeMux()
	// The key set is public, because a remote may run anywhere.
	mux.HandleFunc("GET "+jwksPath, h.serveKeySet)
	mux.Handle("/", h.product.GuardOrigin(page))
	return h.product.GuardHost(site.GuardSite(h.product.Origin, noSniff(mux)))
}

// appHandler serves the app's origin: the folder of each resource at /<key>/, the bridge, translations and stored objects.
func (h *Host) appHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+bridgePath, serveBridge)
	mux.HandleFunc("PUT "+objectPath+"{part}", h.objects.ServePut)
	mux.HandleFunc("GET "+objectPath+"{part}", h.objects.ServeGet)
	mux.HandleFunc("GET /{key}", h.withResource(func(w http.ResponseWriter, r *http.Request, resource manifest.Resource) {
		http.Redirect(w, r, "/"+resource.Key+"/", http.StatusTemporaryRedirect)
	}))
	mux.HandleFunc("GET /{key}/"+i18n.Folder+"/{name}", h.withResource(func(w http.ResponseWriter, r *http.Request, _ manifest.Resource) {
		h.languages.Serve(w, r.PathValue("name"))
	}))
	mux.HandleFunc("GET /{key}/{name...}", h.withResource(func(w http.ResponseWriter, r *http.Request, resource manifest.Resource) {
		h.resources.Serve(w, r, resource, r.PathValue("name"))
	}))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		site.Refuse(w, http.StatusNotFound, "This is the origin of the app's resources. Open the app at "+h.URL()+" instead.")
	})
	return h.app.GuardHost(site.GuardSite(h.product.Origin, noSniff(mux)))
}

// withResource calls serve with the resource whose key is the path value "key".
func (h *Host) withResource(serve func(http.ResponseWriter, *http.Request, manifest.Resource)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		resource, ok := h.manifest.Resource(r.PathValue("key"))
		if !ok {
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

func (h *Host) serveSocket(w http.ResponseWriter, r *http.Request) {
	h.windows.Serve(w, r, h.realtime.Join, h.realtime.Leave)
}

func (h *Host) serveProductData(w http.ResponseWriter, r *http.Request) {
	answering(func(ctx context.Context, in productdata.Request) (*productdata.Response, error) {
		in.UseCredentials = h.hasPageKey(r)
		return h.data.Fetch(ctx, in)
	})(w, r)
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
