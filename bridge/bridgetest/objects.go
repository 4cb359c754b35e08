package bridgetest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/forgego/forgego/internal/weburl"
)

// ObjectFunctions are the keys of the functions of the app's resolver that package objectstore calls. An empty key stands
// for no function.
type ObjectFunctions struct {
	Upload, Download, Metadata, Delete string
}

// ObjectStore makes these functions work on an object store in memory, as the local host does by forgego.yml. Its addresses
// are valid for an hour, and it checks sizes and checksums. It accepts objects of up to 64 MiB, and 256 MiB in total.
//
//	host.ObjectStore(bridgetest.ObjectFunctions{Upload: "uploadURLs", Download: "downloadURLs"})
func (h *Host) ObjectStore(functions ObjectFunctions) {
	for role, key := range map[string]string{
		"upload": functions.Upload, "download": functions.Download, "metadata": functions.Metadata, "delete": functions.Delete,
	} {
		if key == "" {
			continue
		}
		h.OnFunction(key, func(_ context.Context, payload json.RawMessage) (any, error) {
			result, err := h.objects.Call(1, role, payload, appBase+objectPath)
			if err != nil || result == nil {
				return nil, err
			}
			return json.RawMessage(result), nil
		})
	}
}

// appBase is where the app's own pages and the object store are. Fetch knows it without a remote.
const (
	appBase    = "https://app.invalid"
	pagePath   = "/app/"
	objectPath = "/object/"
)

// newAppOrigin returns what the app's pages can fetch from their own origin, stored objects and translations, and the address
// of such a page.
func (h *Host) newAppOrigin() (*remoteTarget, weburl.URL) {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT "+objectPath+"{part}", h.objects.ServePut)
	mux.HandleFunc("GET "+objectPath+"{part}", h.objects.ServeGet)
	mux.HandleFunc("GET "+pagePath+translationFolder+"/{name}", h.serveTranslation)
	page, err := weburl.Parse(appBase + pagePath)
	if err != nil {
		panic(err) // cannot happen
	}
	return &remoteTarget{base: appBase, handler: mux}, page
}
