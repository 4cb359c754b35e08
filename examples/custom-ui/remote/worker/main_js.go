package main

import (
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"syscall/js"
	"time"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"
	cfcache "github.com/syumai/workers/cloudflare/cache"
	"github.com/syumai/workers/cloudflare/d1"
	"github.com/syumai/workers/cloudflare/fetch"

	"github.com/forgego/forgego/examples/custom-ui/remote/tasks"
	"github.com/forgego/forgego/remote"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	handler, err := newHandler(log)
	if err != nil {
		log.Error("the Worker is not set up", "error", err)
		handler = notSetUp
	}
	serve(handler)
}

// serve serves one request. Unlike [workers.Serve] it does not return when the body of the answer ends: if a program that has
// returned still has a timer, the callback throws "Go program has already exited", which Cloudflare reports as an uncaught
// exception. The runtime frees the program after the request.
func serve(handler http.Handler) {
	workers.ServeNonBlock(handler)
	workers.Ready()
	select {}
}

func newHandler(log *slog.Logger) (http.Handler, error) {
	// A Worker's variables are not in the environment of its program.
	for _, name := range []string{"FORGE_APP_ID", "FORGE_REMOTE_URL", "FORGE_JWKS_URL", "FORGE_ALLOWED_ORIGINS", "TASKS_KEY"} {
		if err := os.Setenv(name, cloudflare.Getenv(name)); err != nil {
			return nil, err
		}
	}
	if os.Getenv("TASKS_KEY") == "" {
		return nil, errors.New("TASKS_KEY is not set; see build.go")
	}
	exchange, err := tasks.NewExchange(remote.WithLogger(log), remote.WithHTTPClient(&http.Client{
		Transport: &keys{next: newFetch(), cache: edgeCache{cfcache.New()}, now: time.Now},
		// Do not follow redirects: keys from another URL could come from anybody.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}))
	if err != nil {
		return nil, err
	}
	database, err := d1.OpenConnector("DB")
	if err != nil {
		return nil, err
	}
	service := tasks.New(sql.OpenDB(database), tasks.WithLogger(log), tasks.WithPolling())
	return adapted(service.Handler(exchange)), nil
}

// newFetch returns Cloudflare's fetch. Without a binding, the package workers calls fetch as a method of an object that
// is not the global one, and Cloudflare refuses that.
func newFetch() http.RoundTripper {
	unbound := js.Global().Get("Object").New()
	unbound.Set("fetch", js.Global().Get("fetch").Call("bind", js.Undefined()))
	return fetch.NewClient(fetch.WithBinding(unbound)).HTTPClient(fetch.RedirectModeManual).Transport
}

// notSetUp writes an error in the form that the platform expects. The log has the reason.
var notSetUp = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusInternalServerError)
	w.Write([]byte(`{"error":"This backend is not set up."}` + "\n"))
})

// edgeCache is the cache of Cloudflare's data center.
type edgeCache struct{ *cfcache.Cache }

func (c edgeCache) Match(r *http.Request) (*http.Response, error) { return c.Cache.Match(r, nil) }
