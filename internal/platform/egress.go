package platform

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// AllowedEgress says which addresses IsEgressAddress accepts.
const AllowedEgress = "Allowed are https and wss addresses with a dot in their host, such as https://*.example.com, and the scheme of an app, such as figma:."

var (
	// customScheme matches addresses of other programs, such as "figma:". The schemes below are never accepted, because
	// they run code or read files.
	customScheme   = regexp.MustCompile(`^[a-zA-Z]+:`)
	blockedSchemes = []string{
		"http", "https:", "wss:", "javascript:", "data:", "vbscript:", "view-source:", "resource:", "about:",
		"chrome:", "livescript:", "mocha:", "file:", "mhtml:", "smb:",
	}
	// policyHost is the form of a host that Forge accepts in the page's policy.
	policyHost = regexp.MustCompile(`^(\*\.)?[.a-zA-Z0-9_-]+$`)
)

// IsEgressAddress reports whether Forge accepts an address in the lists of permissions.external, by the published check of
// npm's @forge/manifest 13.7.0.
func IsEgressAddress(text string) bool {
	if len(text) > 1000 || strings.Contains(text, " ") {
		return false
	}
	if text == "*" {
		return true
	}
	blocked := slices.ContainsFunc(blockedSchemes, func(p string) bool { return strings.HasPrefix(text, p) })
	if customScheme.MatchString(text) && !blocked {
		return true
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	return IsPolicyAddress(text)
}

// IsPolicyAddress reports whether Forge accepts the address of a remote in the page's policy: https or wss, and a dot in its
// host. The source is that of IsEgressAddress.
func IsPolicyAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "wss") &&
		strings.Contains(u.Hostname(), ".") && policyHost.MatchString(u.Hostname())
}
