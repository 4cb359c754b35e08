package manifest

import (
	"slices"
	"strings"
	"time"
)

// DevContext says who uses the app on this machine, and what the app learns about its place.
type DevContext struct {
	// Accounts are the users. If there are none, the host has accounts of its own.
	Accounts []DevAccount
	// Sites are the sites on which the app is installed. If there are none, the host has sites of its own.
	Sites []DevSite
	// License is the app's license on the sites that have no license of their own. If it is nil, there is none.
	License map[string]any
	// Extension is merged into the context's extension of every module.
	Extension map[string]any
	// Modules are by module key.
	Modules map[string]DevModule
}

// DevAccount is a user.
type DevAccount struct {
	// ID is the account id. If it is empty, the host invents one.
	ID string
	// Name is what the product's page shows.
	Name string
	// Admin is set if the user administers the sites.
	Admin bool
}

// DevSite is a site on which the app is installed.
type DevSite struct {
	// Name is what the product's page shows.
	Name string
	// License is the app's license on the site. If it is nil, DevContext.License counts.
	License map[string]any
}

// DevModule is what a module learns about its place.
type DevModule struct {
	// LocalID replaces the localId that the host invents, unless it is empty.
	LocalID string
	// Extension is merged into the context's extension, after DevContext.Extension.
	Extension map[string]any
}

// MaxSites is how many sites forgego.yml may have. The host keeps the grants of each.
const MaxSites = 20

const maxAccounts = 100

func (s *source) readContext(n node) (c DevContext) {
	if n.kind() != mapping {
		return c // Other kinds are reported for all keys of the file.
	}
	s.known(n, "accounts", "sites", "license", "extension", "modules")
	for _, item := range s.readNamed(n.get("accounts"), "account", maxAccounts, "id", "name", "admin") {
		c.Accounts = append(c.Accounts, s.readAccount(item, c.Accounts))
	}
	for _, item := range s.readNamed(n.get("sites"), "site", MaxSites, "name", "license") {
		c.Sites = append(c.Sites, DevSite{Name: item.get("name").text(), License: s.readLicense(item.get("license"))})
	}
	c.License = s.readLicense(n.get("license"))
	c.Extension = s.readExtension(n.get("extension"))
	modules := n.get("modules")
	if k := modules.kind(); k != missing && k != mapping {
		s.fault(modules, "Write one indented module key for each below it.", "the modules of context must be a mapping")
	}
	for _, e := range modules.entries() {
		s.known(e.value, "localId", "extension")
		localID := e.value.get("localId")
		if localID.kind() != missing && localID.text() == "" {
			s.fault(localID, `Write it in quotes, such as "1".`, "the localId of module %q must be a text", e.key)
		}
		if c.Modules == nil {
			c.Modules = map[string]DevModule{}
		}
		c.Modules[e.key] = DevModule{LocalID: localID.text(), Extension: s.readExtension(e.value.get("extension"))}
	}
	return c
}

// readNamed returns the items of a list, each of which must have a name that no other has. keys are the keys of an item.
func (s *source) readNamed(n node, what string, limit int, keys ...string) []node {
	if n.kind() == missing {
		return nil
	}
	items := n.items()
	if len(items) == 0 {
		s.fault(n, `Write one "- name: …" for each, or leave the key out.`, "the %ss of context must be a list with at least one %s", what, what)
	}
	if len(items) > limit {
		s.fault(items[limit], "Remove some.", "context has more than %d %ss", limit, what)
		items = items[:limit]
	}
	names := map[string]bool{}
	for _, item := range items {
		s.known(item, keys...)
		name := item.get("name")
		switch text := name.text(); {
		case item.kind() != mapping:
		case strings.TrimSpace(text) == "":
			s.fault(name, `Add "name: …", a text that the product's page shows.`, "the %s has no name", what)
		case names[text]:
			s.fault(name, "Give each its own name, so that you can tell them apart.", "another %s has the name %q", what, text)
		default:
			names[text] = true
		}
	}
	return items
}

func (s *source) readAccount(n node, others []DevAccount) DevAccount {
	a := DevAccount{ID: n.get("id").text(), Name: n.get("name").text(), Admin: n.get("admin").yes()}
	if at := n.get("id"); at.kind() != missing && a.ID == "" {
		s.fault(at, `Write it in quotes, such as "712020:…", or leave it out.`, "the id of an account must be a text")
	} else if a.ID != "" && slices.ContainsFunc(others, func(o DevAccount) bool { return o.ID == a.ID }) {
		s.fault(at, "Give each account its own id, or leave it out.", "another account has the id %q", a.ID)
	}
	s.checkBool(n.get("admin"), "admin")
	return a
}

// checkBool reports a value that is neither true nor false, unless it is missing.
func (s *source) checkBool(n node, name string) {
	if _, ok := n.scalar().(bool); !ok && n.kind() != missing {
		s.fault(n, "Write true or false.", "%s is neither true nor false", name)
	}
}

// The members of a license: those of the invocation token and of LicenseDetails.
//
// Sources: https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/ and
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/view/
var (
	licenseFlags = []string{"active", "isEvaluation"}
	licenseTexts = []string{"type", "billingPeriod", "capabilitySet", "ccpEntitlementId", "ccpEntitlementSlug", "supportEntitlementNumber"}
	licenseDates = []string{"subscriptionEndDate", "trialEndDate"}
	licenseKeys  = slices.Concat(licenseFlags, licenseTexts, licenseDates, []string{"modes"})
)

// readLicense returns the license exactly as it is written, because Atlassian documents no defaults. It returns nil if
// there is none.
func (s *source) readLicense(n node) map[string]any {
	if n.kind() == missing {
		return nil
	}
	s.known(n, licenseKeys...)
	for _, e := range n.entries() {
		_, isText := e.value.scalar().(string)
		switch kind := e.value.kind(); {
		case slices.Contains(licenseFlags, e.key):
			if kind == missing {
				s.fault(e.value, "Write true or false.", "%s is neither true nor false", e.key)
			}
			s.checkBool(e.value, e.key)
		case kind == missing: // null
		case slices.Contains(licenseTexts, e.key) && !isText:
			s.fault(e.value, "Write a text in quotes, or null.", "%s of a license must be a text", e.key)
		case slices.Contains(licenseDates, e.key):
			if _, err := time.Parse(time.RFC3339, e.value.text()); err != nil {
				s.fault(e.value, "Write it as 2027-06-08T00:00:00.000Z, or null.", "%s of a license is not a date and time", e.key)
			}
		case e.key == "modes" && (kind != sequence || slices.ContainsFunc(e.value.items(), func(n node) bool { return n.text() == "" })):
			s.fault(e.value, "Write [USER_ACCESS] or null.", "modes of a license must be a list of texts")
		}
	}
	license, _ := n.json().(map[string]any)
	return license
}

// readExtension returns members for the context's extension. It returns nil if there are none.
func (s *source) readExtension(n node) map[string]any {
	if k := n.kind(); k != missing && k != mapping {
		s.fault(n, `Write members below it, such as "issue:" and "key: REAL-7".`, "extension must be a mapping")
	}
	if at := n.get("type"); at.yaml != nil {
		s.fault(at, "Remove it. It is the module's type in manifest.yml.", "the type in extension cannot be changed")
	}
	extension, _ := n.json().(map[string]any)
	return extension
}
