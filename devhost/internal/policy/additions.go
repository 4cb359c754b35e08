package policy

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/weburl"
)

// Addition is one difference between the policy that the local host serves and Atlassian's.
type Addition struct {
	// Directive is the name of the directive that changes. Value is the source that is added to it.
	Directive, Value string
	// LeftOut reports whether the local policy lacks the whole directive. Then Value is empty.
	LeftOut bool
	// Reason is why the local host needs it.
	Reason string
}

// Additions returns all differences for an app whose remotes have these local base URLs, by key:
//
//	connect-src  the local URL of a remote  if fetch.client names that remote or its address
//	report-uri   (left out)                 a local run must not report to Atlassian
//
// A resource with a tunnel also has OwnSockets.
//
// Everything else in the served policy equals Atlassian's, with the product page's origin as hostname. That includes the
// sandbox and frame-ancestors.
func Additions(m *manifest.Manifest, remoteURLs map[string]string) []Addition {
	var all []Addition
	for _, remote := range m.Remotes {
		local, ok := remoteURLs[remote.Key]
		declared := slices.Contains(m.External.ClientRemotes, remote.Key) || slices.Contains(m.External.Client, remote.BaseURL)
		if !ok || !declared || local == remote.BaseURL {
			continue
		}
		all = append(all, Addition{
			Directive: "connect-src",
			Value:     weburl.OriginOf(local),
			Reason:    "replaces the remote " + remote.Key + ", which permissions.external.fetch.client declares",
		})
	}
	return append(all, Addition{
		Directive: "report-uri",
		LeftOut:   true,
		Reason:    "violations in a local run are not reported to Atlassian; the browser's console shows them",
	})
}

// OwnSockets returns the addition for a resource with a tunnel: the web sockets of its own origin, by which a development
// server reloads the page. In some browsers 'self' does not allow web sockets.
func OwnSockets(origin string) Addition {
	return Addition{
		Directive: "connect-src",
		Value:     "ws" + strings.TrimPrefix(origin, "http"),
		Reason:    "a development server reloads its page by a web socket",
	}
}

// Local returns Atlassian's policy with the additions applied.
func Local(m *manifest.Manifest, page []byte, hostname string, additions []Addition) string {
	directives := atlassianDirectives(m, page, hostname)
	for _, a := range additions {
		i := slices.IndexFunc(directives, func(d string) bool { return strings.HasPrefix(d, a.Directive+" ") })
		switch {
		case i < 0:
			directives = append(directives, a.Directive+" "+a.Value)
		case a.LeftOut:
			directives = slices.Delete(directives, i, i+1)
		default:
			directives[i] += " " + a.Value
		}
	}
	return strings.Join(directives, "; ")
}
