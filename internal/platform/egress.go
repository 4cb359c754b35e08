package platform

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/forgego/forgego/internal/weburl"
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
	policyHost = regexp.MustCompile(`^(\*\.)?[.a-zA-Z0-9_~%=&-]+$`)
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

// IsPolicyAddress reports whether Forge accepts the address of a remote in the page's policy: https or wss, a host, and a dot
// anywhere in the address, so https://localhost/v1.0 is accepted. The source is that of IsEgressAddress. Forge reads addresses
// as browsers do.
func IsPolicyAddress(address string) bool {
	address = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, address)
	scheme, rest, _ := strings.Cut(address, "://")
	if scheme = strings.ToLower(scheme); scheme != "https" && scheme != "wss" {
		return false
	}
	authority := strings.TrimLeft(rest, `/\`)
	if end := strings.IndexAny(authority, `/\?#`); end >= 0 {
		authority = authority[:end]
	}
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	// A host outside ASCII is written with ASCII letters in the policy, such as xn--mnchen-3ya.de.
	authority = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && unicode.IsGraphic(r) && !unicode.IsSpace(r) {
			return 'x'
		}
		return r
	}, authority)
	u, err := weburl.Parse("https://" + authority)
	return err == nil && strings.Contains(address, ".") && policyHost.MatchString(u.Hostname())
}
