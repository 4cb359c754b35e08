// Package policy computes the content security policy of the app's pages, and inserts the bridge's script into them.
package policy

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Sandbox is the value of the policy's sandbox directive and of the iframe's attribute.
// Sources: https://developer.atlassian.com/platform/forge/custom-ui/iframe/ and @forge/csp 6.3.2.
const Sandbox = "allow-popups allow-popups-to-escape-sandbox allow-downloads allow-forms allow-modals allow-pointer-lock allow-same-origin allow-scripts"

// Hosts and paths that @forge/csp 6.3.2 allows beside the servers in package platform.
const (
	avatars    = "avatar-management--avatars.us-west-2.prod.public.atl-paas.net"
	objectCDN  = platform.ObjectCDN + "/os/ecosystem/installation/"
	teamAssets = "https://teams-directory-frontend.prod-east.frontend.public.atl-paas.net/assets/"
)

var (
	downloads = []string{platform.ObjectStore + "/fos-eap/download/", platform.ObjectStore + "/fos/app/download/", platform.ObjectStore + "/fos/cdn/download/"}
	uploads   = []string{platform.ObjectStore + "/fos-eap/upload/", platform.ObjectStore + "/fos/app/upload/", platform.ObjectStore + "/fos/cdn/upload/"}
	// stored lists where an app's stored objects are. Most directives allow them.
	stored = append(slices.Clip(downloads), objectCDN)
)

// Atlassian returns the value of the Content-Security-Policy header that Atlassian's @forge/csp 6.3.2 computes in
// its production environment. It depends on the manifest, a page of a resource, and hostname, the site's origin. The
// directives and their sources have the same order. The hashes of the page's inline scripts are part of script-src.
//
// An entry {remote: key} of permissions.external.fetch.client becomes the remote's baseUrl, as in Atlassian's tunnel.
// These entries follow the plain addresses, whatever their order in the manifest.
func Atlassian(m *manifest.Manifest, page []byte, hostname string) string {
	return strings.Join(atlassianDirectives(m, page, hostname), "; ")
}

func atlassianDirectives(m *manifest.Manifest, page []byte, hostname string) []string {
	own := inspect(page)
	e := m.External
	self := []string{"'self'"}
	return []string{
		directive("default-src", self, stored),
		directive("frame-ancestors", self,
			[]string{"*.atlassian.net", "bitbucket.org", "*.jira.com", "*.atlassian.com", "*.frontend.public.atl-paas.net", hostname}, stored),
		directive("frame-src", self, []string{hostname, platform.MediaGateway}, e.Frames, stored),
		directive("font-src", self, stored, e.Fonts),
		directive("img-src", self, []string{
			"data:", "blob:", hostname,
			"https://secure.gravatar.com", "https://images.unsplash.com",
			"https://" + avatars, "https://*.wp.com/" + avatars + "/",
			platform.APIGateway, platform.MediaGateway,
			"https://pf-emoji-service.prod-east.frontend.public.atl-paas.net",
			"https://pf-reactions-service.prod-east.frontend.public.atl-paas.net",
			"https://assets-media.atlassian.com",
			teamAssets, teamAssets + "gradients/",
		}, stored, e.Images),
		directive("media-src", self, []string{"data:", "blob:", hostname, platform.MediaGateway}, e.Media, stored),
		directive("connect-src", self, []string{
			hostname,
			platform.APIGateway + "/metal/ingest", platform.APIGateway + "/gateway/api/emoji/", platform.APIGateway + "/gateway/api/elements/emoji",
			platform.MediaGateway, "https://as.atlassian.com", "https://forge-outbound-proxy.services.atlassian.com",
		}, downloads, uploads, []string{objectCDN, platform.ForgeCDN}, clientAddresses(m)),
		directive("script-src", self, []string{platform.ForgeCDN}, stored, scriptSources(m.Content.Scripts, own.inlineScripts), e.Scripts),
		directive("style-src", self, []string{hostname, platform.ForgeCDN}, stored, styleSources(m.Content.Styles, own.metaPolicy), e.Styles),
		"form-action 'self'",
		"sandbox " + Sandbox,
		"report-uri https://web-security-reports.services.atlassian.com/csp-report/forge-cdn",
	}
}

// directive joins a directive's name and its sources. It leaves out empty sources, such as an unknown site.
func directive(name string, sources ...[]string) string {
	all := slices.DeleteFunc(slices.Concat(sources...), func(s string) bool { return s == "" })
	return name + " " + strings.Join(all, " ")
}

// clientAddresses returns the sources in permissions.external.fetch.client. Remotes are replaced by their base URLs.
func clientAddresses(m *manifest.Manifest) []string {
	addresses := slices.Clone(m.External.Client)
	for _, key := range m.External.ClientRemotes {
		if remote, ok := m.Remote(key); ok {
			addresses = append(addresses, remote.BaseURL)
		}
	}
	return addresses
}

var safeSource = regexp.MustCompile(`^([a-zA-Z0-9='"+/ -]|blob:)*$`)

// scriptSources returns the manifest's keywords, the hashes of the page's inline scripts, and the manifest's own hashes,
// in this order. A hash would switch unsafe-inline off. So if the manifest has unsafe-inline, the scripts are not hashed.
func scriptSources(declared, inline []string) []string {
	var words, own, hashes []string
	if !slices.Contains(declared, "unsafe-inline") {
		for _, script := range inline {
			hashes = append(hashes, hashOf(script))
		}
	}
	for _, source := range declared {
		switch {
		case manifest.IsScriptHash(source):
			if !slices.Contains(hashes, source) {
				own = append(own, source)
			}
		case slices.Contains(manifest.ScriptKeywords, source):
			words = append(words, source)
		}
	}
	sources := slices.Concat(words, hashes, own)
	for i, source := range sources {
		if source != "blob:" {
			sources[i] = "'" + source + "'"
		}
	}
	return sources
}

// hashOf returns a script's hash as a policy names it. For an empty script it returns "", as @forge/csp does: the policy
// then has two quotes.
func hashOf(script string) string {
	if script == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// styleSources returns 'unsafe-inline' if the manifest or the page's own meta policy has it. Forge accepts no other
// source. Atlassian has deprecated the meta policy but still reads it.
func styleSources(declared []string, metaPolicy string) []string {
	const inline = "'unsafe-inline'"
	if slices.Contains(declared, "unsafe-inline") || slices.Contains(metaStyleSources(metaPolicy), inline) {
		return []string{inline}
	}
	return nil
}

func metaStyleSources(policy string) []string {
	if !safeSource.MatchString(policy) {
		return nil
	}
	// safeSource allows no semicolon, so there is only one directive.
	fields := strings.Fields(policy)
	if len(fields) == 0 || !strings.EqualFold(fields[0], "style-src") {
		return nil
	}
	return fields[1:]
}
