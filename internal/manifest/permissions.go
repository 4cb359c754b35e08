package manifest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/platform"
)

func (s *source) readPermissions(m *Manifest) {
	p := s.root.get("permissions")
	m.Scopes = p.get("scopes").texts()
	for _, e := range p.get("scopes").entries() {
		m.Scopes = append(m.Scopes, e.key)
	}
	m.Content.Scripts = s.readScripts(p.get("content", "scripts"))
	m.Content.Styles = s.readStyles(p.get("content", "styles"))
	external := p.get("external")
	for _, list := range []struct {
		key string
		to  *[]string
	}{
		{"fonts", &m.External.Fonts}, {"frames", &m.External.Frames}, {"images", &m.External.Images},
		{"media", &m.External.Media}, {"scripts", &m.External.Scripts}, {"styles", &m.External.Styles},
	} {
		for _, n := range external.get(list.key).items() {
			*list.to = s.readAddress(*list.to, n, "external."+list.key)
		}
	}
	for _, n := range external.get("fetch", "client").items() {
		if remote := n.get("remote"); n.kind() == mapping && remote.kind() != missing {
			s.readClientRemote(m, remote)
			continue
		}
		m.External.Client = s.readAddress(m.External.Client, n, "external.fetch.client")
	}
}

func (n node) texts() []string {
	var list []string
	for _, item := range n.items() {
		if t := item.text(); t != "" {
			list = append(list, t)
		}
	}
	return list
}

// ScriptKeywords are the values of permissions.content.scripts that are not hashes.
var ScriptKeywords = []string{"unsafe-inline", "unsafe-eval", "unsafe-hashes", "blob:"}

var scriptHash = regexp.MustCompile(`^(sha256-[a-zA-Z0-9=+/]{44}|sha384-[a-zA-Z0-9=+/]{64}|sha512-[a-zA-Z0-9=+/]{88})$`)

// IsScriptHash reports whether text is a hash as in permissions.content.scripts.
func IsScriptHash(text string) bool { return scriptHash.MatchString(text) }

// IsScriptSource reports whether Forge accepts text in permissions.content.scripts.
func IsScriptSource(text string) bool {
	return slices.Contains(ScriptKeywords, text) || IsScriptHash(text)
}

func (s *source) readScripts(n node) []string {
	var list []string
	for _, item := range n.items() {
		text := item.text()
		bare := strings.Trim(text, "'")
		switch {
		case IsScriptSource(text):
			list = append(list, text)
		case bare == "wasm-unsafe-eval":
			s.fault(item, "Write unsafe-eval: it is the only value of Forge that lets WebAssembly run.",
				"Forge refuses wasm-unsafe-eval in permissions.content.scripts")
		case bare != text && IsScriptSource(bare):
			s.fault(item, "Write it without the single quotes: "+bare, "Forge refuses %s in permissions.content.scripts", item.quoted())
		default:
			s.fault(item, "Allowed are unsafe-inline, unsafe-eval, unsafe-hashes, blob: and hashes (sha256-…, sha384-…, sha512-…).\n"+
				"Scripts from other sites belong under permissions.external.scripts.",
				"Forge refuses %s in permissions.content.scripts", item.quoted())
		}
	}
	return list
}

func (s *source) readStyles(n node) []string {
	var list []string
	for _, item := range n.items() {
		if text := item.text(); text == "unsafe-inline" {
			list = append(list, text)
		} else {
			s.fault(item, "Only unsafe-inline is allowed. Styles from other sites belong under permissions.external.styles.",
				"Forge refuses %s in permissions.content.styles", item.quoted())
		}
	}
	return list
}

// readAddress appends the address of an entry: a text, or an object with an address.
func (s *source) readAddress(list []string, n node, where string) []string {
	text := n.text()
	if n.kind() == mapping {
		n = n.get("address")
		text = n.text()
	}
	switch {
	case text == "":
		s.fault(n, `Write "- address: https://…".`, "an entry of permissions.%s has no address", where)
	case !platform.IsEgressAddress(text):
		s.fault(n, platform.AllowedEgress,
			"Forge refuses the address %q in permissions.%s", text, where)
	default:
		return append(list, text)
	}
	return list
}

func (s *source) readClientRemote(m *Manifest, at node) {
	key := at.text()
	remote, ok := m.Remote(key)
	switch {
	case !ok:
		s.fault(at, "Use the key of an entry under remotes: "+keys(m.Remotes, func(r Remote) string { return r.Key })+".",
			"permissions.external.fetch.client names a remote %s that does not exist", at.quoted())
	case remote.BaseURL != "" && !platform.IsPolicyAddress(remote.BaseURL):
		s.fault(at, "Give the remote an https or wss address with a dot in its host; its local address belongs in forgego.yml.",
			"Forge refuses the baseUrl of remote %q in permissions.external.fetch.client", key)
	default:
		m.External.ClientRemotes = append(m.External.ClientRemotes, key)
	}
}
