package devhost

import (
	"context"
	"errors"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/productdata"
)

// dataRoutes are where the product's page asks for what forgego.yml says: what a product's API, a function or a flag
// answers; and where it chooses the language. That file is read for each of them, so that a change counts at once.
func (h *Host) dataRoutes(page *http.ServeMux) {
	page.HandleFunc("POST /_host/product", func(w http.ResponseWriter, r *http.Request) {
		answering(func(ctx context.Context, in productdata.Request) (*productdata.Response, error) {
			in.UseCredentials = h.hasPageKey(r)
			return h.data.Fetch(ctx, in)
		})(w, r)
	})
	page.HandleFunc("POST /_host/function", answering(h.functions.Call))
	page.HandleFunc("POST /_host/graph", answering(h.data.Graph))
	page.HandleFunc("POST /_host/recommendations", answering(h.data.Recommendations))
	page.HandleFunc("POST /_host/flags", answering(h.data.Flags))
	page.HandleFunc("POST /_host/locale", answering(h.chooseLocale))
}

// answering serves what f gives for the page's input.
func answering[In, Out any](f func(ctx context.Context, in In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		if !readInput(w, r, &in) {
			return
		}
		out, err := f(r.Context(), in)
		if known := (*apierror.Error)(nil); errors.As(err, &known) {
			writeJSON(w, map[string]*apierror.Error{"error": known})
			return
		}
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, out)
	}
}

// eventRoutes are those of events.js and what it uses.
func (h *Host) eventRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /_host/socket", h.serveSocket)
	mux.HandleFunc("POST /_host/realtime/subscribe", answering(h.realtime.Subscribe))
	mux.HandleFunc("POST /_host/realtime/unsubscribe", answering(h.realtime.Unsubscribe))
	mux.HandleFunc("POST /_host/realtime/publish", answering(h.realtime.Publish))
	mux.HandleFunc("POST /_host/permissions", answering(h.grants.Answer))
}

// serveSocket serves the web socket of a window.
func (h *Host) serveSocket(w http.ResponseWriter, r *http.Request) {
	// guardOrigin has refused all other origins. It accepts GET requests without an origin, which must not open a socket.
	if origins := r.Header.Values("Origin"); len(origins) == 0 {
		refuse(w, "Only the page at "+h.product.origin+" may open this socket of forgego's local host. The request came from "+describeOrigin(origins)+".")
		return
	}
	h.windows.Serve(w, r, h.realtime.Join, h.realtime.Leave)
}
