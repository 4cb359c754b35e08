package devhost

import (
	"fmt"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/backend"
	"github.com/forgego/forgego/devhost/internal/forward"
	"github.com/forgego/forgego/devhost/internal/function"
	"github.com/forgego/forgego/devhost/internal/grants"
	"github.com/forgego/forgego/devhost/internal/i18n"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/invocation"
	"github.com/forgego/forgego/devhost/internal/policy"
	"github.com/forgego/forgego/devhost/internal/productdata"
	"github.com/forgego/forgego/devhost/internal/realtime"
	"github.com/forgego/forgego/devhost/internal/resource"
	"github.com/forgego/forgego/devhost/internal/tunnel"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// deployment is the app as one version of its manifest.yml describes it. Reload makes a new one and keeps the rest of the
// Host: its ports, keys, windows and stored objects.
type deployment struct {
	*Host
	manifest *manifest.Manifest

	installed   *installation.App
	remotes     *backend.Remotes
	services    *backend.Services
	grants      *grants.Sites
	languages   *i18n.Languages
	resources   *resource.Server
	functions   *function.Caller
	invocations *invocation.Caller
	data        *productdata.Data
	realtime    *realtime.Service

	// tunnels are the developer's own servers, by resource key.
	tunnels map[string]*tunnel.Server

	productHandler, appHandler http.Handler
}

// deploy returns the app that m describes. remoteURLs and serviceURLs are the local base URLs by key.
func (h *Host) deploy(m *manifest.Manifest, remoteURLs, serviceURLs map[string]string) (d *deployment, err error) {
	if _, taken := m.Resource(bridgeKey); taken {
		return nil, fmt.Errorf("manifest.yml: the local host reserves the resource key %q; choose another", bridgeKey)
	}
	d = &deployment{Host: h, manifest: m}
	if d.services, err = backend.NewServices(m, serviceURLs); err != nil {
		return nil, err
	}
	if d.grants, err = grants.NewSites(m); err != nil {
		return nil, err
	}
	if d.remotes, err = backend.NewRemotes(m, remoteURLs, d.grants.RemoteAddress); err != nil {
		return nil, err
	}
	client := forward.Client(h.transport, h.options.invokeTimeout)
	d.installed = installation.New(m, h.product.Origin, &h.changes)
	d.languages = i18n.New(m.Dir, h.log)
	d.resources = &resource.Server{Dir: m.Dir, Policy: d.filePolicy, Inject: d.injectBridge}
	d.data = &productdata.Data{Dir: m.Dir, Client: client, Log: h.log}
	d.functions = &function.Caller{
		Dir: m.Dir, Manifest: m, Objects: h.objects, ObjectURL: h.objectURL, Client: client, Timeout: h.options.invokeTimeout, Log: h.log, Stderr: h.options.stderr,
		Runner: h.options.functions, Products: d.data, Values: &h.values,
		Permissions: func(site int) map[string]any { return d.grants.Site(site).RuntimePermissions() },
		AllowsBackend: func(site int, address string, baseURL func(string) string) bool {
			return d.grants.Site(site).AllowsBackend(address, baseURL)
		},
	}
	d.invocations = &invocation.Caller{
		Manifest: m, Remotes: d.remotes, Services: d.services, Keys: h.keys, Log: h.log, Failures: h.failures,
		Report:      func(kind, key, request, text string) { h.reportFailure(kind, key, request, "", text) },
		Proxy:       &platform.Proxy{Transport: h.transport, Timeout: h.options.invokeTimeout},
		SystemToken: invocation.LocalToken(), UserToken: invocation.LocalToken(),
	}
	d.realtime = realtime.New(m.Dir, h.windows)
	d.productHandler, d.appHandler = d.newProductHandler(), d.newAppHandler()
	// Last, because an error must not leave a tunnel behind.
	return d, d.openTunnels()
}

// appPolicy returns the content security policy of a page of the app on a site. A page on a tunnel's origin needs more.
func (d *deployment) appPolicy(site int, page []byte, more ...policy.Addition) string {
	m := d.grants.Apply(site, d.manifest)
	return policy.Local(m, page, d.product.Origin, append(policy.Additions(m, d.remotes.Local()), more...))
}

// filePolicy returns the policy of a file of the app that a request asks for.
func (d *deployment) filePolicy(r *http.Request, page []byte) string {
	_, site, _ := cutFolder(r.PathValue("key"))
	return d.appPolicy(site, page)
}

func (d *deployment) injectBridge(page []byte) []byte {
	return policy.InjectBridge(page, bridgePath, d.product.Origin)
}
