// Command frontend shows the test what packages product, objectstore, i18n and featureflags get from the page.
package main

import (
	"context"
	"encoding/json"
	"syscall/js"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/featureflags"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/objectstore"
	"github.com/forgego/forgego/bridge/product"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/wasm"
)

func main() { wasm.Run(app) }

// results are what the test reads, by the name of the request.
type results map[string]any

func app(ctx context.Context) error {
	r := results{}
	r.products(ctx)
	r.objects(ctx)
	r.others(ctx)
	r.service(ctx)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	js.Global().Set("results", string(text))
	<-ctx.Done()
	return nil
}

// response is a response in the form that the test reads.
type response struct {
	Status int
	Type   string
	Body   []byte
}

func (r results) response(name string, resp *bridge.Response, err error) {
	if err != nil {
		r[name] = err.Error()
		return
	}
	body, err := resp.Bytes()
	if err != nil {
		r[name] = err.Error()
		return
	}
	r[name] = response{resp.Status, resp.Header.Get("Content-Type"), body}
}

func (r results) value(name string, value any, err error) {
	if err != nil {
		value = err.Error()
	}
	r[name] = value
}

func (r results) products(ctx context.Context) {
	resp, err := bridge.RequestJira(ctx, bridge.Request{Path: "/rest/api/3/issue/DEMO-1"})
	r.response("issue", resp, err)
	resp, err = bridge.RequestJira(ctx, bridge.Request{Path: "/rest/api/3/attachment/content/1"})
	r.response("attachment", resp, err)
	resp, err = bridge.RequestJira(ctx, bridge.Request{Method: "DELETE", Path: "/rest/api/3/issue/DEMO-1"})
	r.response("delete", resp, err)
	resp, err = bridge.RequestBitbucket(ctx, bridge.Request{Path: "/2.0/user"})
	r.response("unknown", resp, err)

	form := new(bridge.FormData)
	form.Field("comment", "hi")
	form.File("file", "a.bin", "application/x-own", []byte{0, 255, 10})
	resp, err = bridge.RequestConfluence(ctx, bridge.Request{Method: "POST", Path: "/wiki/attachments", Body: form})
	r.response("form", resp, err)

	type me struct{ Me struct{ Name string } }
	graph, err := product.QueryTeamworkGraph[me](ctx, "query Mine { me { name } }", map[string]any{"a": 1})
	r.value("graph", graph.Data.Me.Name, err)
	r.value("graph errors", "", graph.Err())
	users, err := product.GetUserRecommendations[[]struct{ Name string }](ctx, "Ad")
	r.value("users", users, err)
}

func (r results) service(ctx context.Context) {
	resp, err := bridge.InvokeService(ctx, bridge.Request{Method: "POST", Path: "/echo?a=b", Body: bridge.JSON(map[string]string{"a": "ü"})})
	r.response("service", resp, err)
	resp, err = bridge.InvokeService(ctx, bridge.Request{Path: "/missing"})
	r.response("service missing", resp, err)
	resp, err = bridge.InvokeService(ctx, bridge.Request{Path: "/text"})
	r.response("service text", resp, err)
	_, err = bridge.InvokeRemote(ctx, bridge.Request{Path: "/"})
	r.value("no remote", "", err)
}

func (r results) objects(ctx context.Context) {
	uploads, err := objectstore.Upload(ctx, "uploadURLs", objectstore.Object{Data: []byte{0, 255, 10}, Type: "application/x-own"}, objectstore.Object{})
	if err != nil || len(uploads) != 2 || uploads[0].Err != nil || uploads[1].Err != nil {
		r["uploads"] = []any{uploads, err}
		return
	}
	key := uploads[0].Key
	metadata, err := objectstore.GetMetadata(ctx, "metadata", key, "unknown")
	r.value("size", metadata[0].Size, err)
	r.value("unknown object", "", metadata[1].Err)
	downloads, err := objectstore.Download(ctx, "downloadURLs", key)
	r.value("download", downloads, err)
	r.value("remove", "removed", objectstore.Delete(ctx, "remove", key))
	downloads, err = objectstore.Download(ctx, "downloadURLs", key)
	r.value("downloads left", len(downloads), err)
}

func (r results) others(ctx context.Context) {
	text, err := bridge.InvokeWithMetadata[struct{ Text string }](ctx, "getText", nil, bridge.InvokeMetadata{RateLimit: true})
	r.value("invoke", text, err)
	_, err = bridge.Invoke[any](ctx, "unknown", nil)
	r.value("unknown function", "", err)

	german, err := i18n.NewTranslator(ctx, "fr-FR")
	if err == nil {
		r["german"] = german.Translate("greeting") + ", " + german.Translate("page.title")
	} else {
		r["german"] = err.Error()
	}
	exact, err := i18n.GetTranslations(ctx, "fr-FR", i18n.WithoutFallback())
	r.value("exact", exact, err)
	users, err := i18n.GetTranslations(ctx, "")
	r.value("users own", users.Locale, err)

	flags, err := featureflags.New(ctx, featureflags.User{}, view.Development)
	if err != nil {
		r["flags"] = err.Error()
		return
	}
	r["flags"] = []bool{flags.CheckFlag("new-board", false), flags.CheckFlag("old-board", true), flags.CheckFlag("unknown", true)}
}
