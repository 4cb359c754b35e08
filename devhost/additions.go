package devhost

import (
	"slices"
	"strings"

	"github.com/forgego/forgego/devhost/internal/backend"
	"github.com/forgego/forgego/internal/manifest"
)

// Addition is one difference between the policy that the local host serves and the one of AtlassianPolicy.
type Addition struct {
	// Directive and Value are what is added to the policy, or left out of it.
	Directive, Value string
	// LeftOut says that the local policy lacks the whole directive.
	LeftOut bool
	// Reason is why the local host needs it.
	Reason string
}

// Additions are all differences for an app whose remotes are reached at the given local base URLs. Everything else in
// the served policy, the sandbox and frame-ancestors with the product's origin included, is AtlassianPolicy's own for
// the site that the local host is: hostname is the product page's origin.
//
//	connect-src  the local URL of a remote  where fetch.client names that remote, or its address
//	report-uri   (left out)                 a local run must not report to Atlassian
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
			Value:     backend.Origin(local),
			Reason:    "stands in for the remote " + remote.Key + ", which permissions.external.fetch.client declares",
		})
	}
	return append(all, Addition{
		Directive: "report-uri",
		LeftOut:   true,
		Reason:    "a violation in a local run is nothing to report to Atlassian; the browser's console shows it",
	})
}

// localPolicy is AtlassianPolicy with the additions applied.
func localPolicy(m *manifest.Manifest, page []byte, hostname string, additions []Addition) string {
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
