package check

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// page checks that a page works under the policy and the address of a site. The page's scripts, styles and addresses are
// checked as they are in the file; what a program adds later is not.
//
// Sources: https://developer.atlassian.com/platform/forge/custom-ui/ ("Accessing static assets") and @forge/csp 6.3.2.
func (c *checker) page(r *resource, name string) {
	file := filepath.Join(r.folder, filepath.FromSlash(name))
	data, err := appfile.ReadIn(r.folder, name, manifest.MaxPage)
	if err != nil {
		p := Problem{File: file, Severity: Error, Message: "the page cannot be read: " + cause(err).Error(), Fix: "Put a regular file inside the folder in its place."}
		if errors.Is(err, appfile.ErrTooLarge) {
			p.Severity, p.Message, p.Fix = Warning, fmt.Sprintf("the page has more than %d MB, so it is not checked", manifest.MaxPage>>20), "Is this the right file?"
		}
		c.add(p)
		return
	}
	p := &pageCheck{checker: c, resource: r, name: name, file: file, text: string(data), permissions: c.root.Get("permissions"), preloads: map[string]int{}}
	p.inlineStyles = hasText(p.permissions.List("content", "styles"), "unsafe-inline")
	scripts := p.permissions.List("content", "scripts")
	p.inlineScripts = hasText(scripts, "unsafe-inline")
	p.handlers = p.inlineScripts || hasText(scripts, "unsafe-hashes")
	p.read()
}

type pageCheck struct {
	*checker
	resource    *resource
	name        string // in the resource's folder
	file        string
	text        string
	permissions *manifest.Part
	// What the manifest allows.
	inlineStyles, inlineScripts, handlers bool
	// hasBase is set after a <base> that changes where files are loaded from.
	hasBase bool
	// preloads are the offsets of the links with crossorigin for a fetch, by address, and programs the addresses of the programs
	// that forgego.js loads.
	preloads map[string]int
	programs []string
}

// fault adds an error at an offset of the page.
func (p *pageCheck) fault(at int, fix, format string, args ...any) {
	p.problem(Error, at, fix, format, args...)
}

func (p *pageCheck) problem(severity Severity, at int, fix, format string, args ...any) {
	if p.hide(p.file, severity) {
		return
	}
	line := strings.Count(p.text[:at], "\n") + 1
	start := strings.LastIndexByte(p.text[:at], '\n') + 1
	source, _, _ := strings.Cut(p.text[start:], "\n")
	p.add(Problem{p.file, line, utf8.RuneCountInString(p.text[start:at]) + 1, severity, fmt.Sprintf(format, args...), fix, strings.TrimRight(source, "\r")})
}

const (
	allowStyles = "Move it into a .css file, or add to the manifest unsafe-inline under permissions.content.styles."
	allowEvents = "Use addEventListener in a script, or add to the manifest unsafe-inline under permissions.content.scripts."
)

func (p *pageCheck) read() {
	tokens := html.NewTokenizer(strings.NewReader(p.text))
	tokens.SetMaxBuf(manifest.MaxPage)
	at := 0
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			p.checkPreloads()
			return
		}
		start := at
		at += len(tokens.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			p.tag(start, tokens.Token())
		}
	}
}

// addressAttributes are those whose addresses the browser loads, by tag.
var addressAttributes = map[atom.Atom]struct {
	attribute, list string
}{
	atom.Script: {"src", "scripts"}, atom.Img: {"src", "images"}, atom.Iframe: {"src", "frames"},
	atom.Video: {"src", "media"}, atom.Audio: {"src", "media"}, atom.Source: {"src", "media"}, atom.Link: {"href", ""},
}

func (p *pageCheck) tag(at int, t html.Token) {
	attributes := map[string]string{}
	for _, a := range t.Attr {
		if _, ok := attributes[a.Key]; !ok {
			attributes[a.Key] = a.Val
		}
	}
	p.notePreload(at, t.DataAtom, attributes)
	if t.DataAtom == atom.Style && !p.inlineStyles {
		p.fault(at, allowStyles, "the policy forbids the inline style")
	}
	for _, a := range t.Attr {
		switch {
		case a.Key == "style" && a.Val != "" && !p.inlineStyles:
			p.fault(at, allowStyles, "the policy forbids the style attribute of <%s>", t.Data)
		case strings.HasPrefix(a.Key, "on") && len(a.Key) > 2 && a.Val != "" && !p.handlers:
			p.fault(at, allowEvents, "the policy forbids the inline event handler %s of <%s>", a.Key, t.Data)
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") && !p.inlineScripts:
			p.fault(at, allowEvents, "the policy forbids the javascript: address of <%s>", t.Data)
		}
	}
	if base := strings.TrimSpace(attributes["href"]); t.DataAtom == atom.Base && !slices.Contains([]string{"", ".", "./"}, base) {
		p.hasBase = true
		p.fault(at, "Remove it.", "<base> changes where the page's files are loaded from, which differs on a site")
	}
	known, ok := addressAttributes[t.DataAtom]
	if address := strings.TrimSpace(attributes[known.attribute]); ok && address != "" {
		list := known.list
		if t.DataAtom == atom.Link {
			if list = linkList(attributes); list == "" {
				return
			}
		}
		p.address(at, t.Data, address, list)
	}
	if program := programOf(t.DataAtom, attributes); program != "" {
		p.exists(at, program, Error)
		p.shim(at, t, attributes["data-early"])
	}
}

// programOf returns the address of the file that forgego.js loads as the program, or "" if this is not its element.
func programOf(tag atom.Atom, attributes map[string]string) string {
	program := attributes["data-program"]
	if tag != atom.Script || program == "" {
		return ""
	}
	if _, ok := attributes["data-gzip"]; ok {
		program += ".gz"
	}
	return program
}

// notePreload keeps what checkPreloads compares.
func (p *pageCheck) notePreload(at int, tag atom.Atom, attributes map[string]string) {
	switch program := programOf(tag, attributes); {
	case program != "":
		p.programs = append(p.programs, program)
	case tag == atom.Link && strings.EqualFold(attributes["as"], "fetch"):
		if _, ok := attributes["crossorigin"]; ok {
			p.preloads[strings.TrimPrefix(attributes["href"], "./")] = at
		}
	}
}

// checkPreloads reports a link that loads the program in another mode than forgego.js, which then loads it again. A program of
// another origin is loaded in the mode of such a link.
func (p *pageCheck) checkPreloads() {
	for _, program := range p.programs {
		if at, ok := p.preloads[strings.TrimPrefix(program, "./")]; ok && !strings.Contains(program, "//") {
			p.problem(Warning, at, "Remove crossorigin from the link.", "browsers load %s twice, because forgego.js requests it without crossorigin", program)
		}
	}
}

// linkList returns the list of permissions.external for what a link loads, "own" if there is none, or "" if it loads nothing.
func linkList(attributes map[string]string) string {
	rels := strings.Fields(strings.ToLower(attributes["rel"]))
	switch {
	case slices.Contains(rels, "stylesheet"):
		return "styles"
	case slices.Contains(rels, "icon"):
		return "images"
	case slices.Contains(rels, "modulepreload"):
		return "scripts"
	case slices.Contains(rels, "preload"):
		if list, ok := map[string]string{"script": "scripts", "style": "styles", "font": "fonts", "image": "images"}[attributes["as"]]; ok {
			return list
		}
		return "own"
	case slices.Contains(rels, "manifest"):
		return "own"
	}
	return ""
}

// policyServers are the servers that Forge's policy allows without a permission, by list. It also allows some for pictures and
// media. Source: @forge/csp 6.3.2.
var policyServers = map[string][]string{
	"scripts": {platform.ForgeCDN, platform.ObjectStore, platform.ObjectCDN},
	"styles":  {platform.ForgeCDN, platform.ObjectStore, platform.ObjectCDN},
	"frames":  {platform.MediaGateway, platform.ObjectStore, platform.ObjectCDN},
}

func (p *pageCheck) address(at int, tag, address, list string) {
	lower := strings.ToLower(address)
	scheme, rest, hasScheme := strings.Cut(lower, "://")
	switch {
	case strings.HasPrefix(address, "//"):
		scheme, rest, hasScheme = "https", lower[2:], true
	case strings.HasPrefix(address, "/"):
		p.fault(at, fmt.Sprintf("Write it relative to the page, such as %q.", strings.TrimLeft(address, "/")),
			"the address %q of <%s> is absolute, but a site serves the page from a folder", address, tag)
		return
	}
	if !hasScheme {
		severity := Warning
		if list == "scripts" || list == "styles" {
			severity = Error
		}
		p.exists(at, address, severity)
		return
	}
	if scheme != "https" && scheme != "http" {
		return
	}
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, ":")
	// The policy has many hosts for pictures and media, so only those of scripts, styles and frames are checked.
	if !slices.Contains([]string{"scripts", "styles", "frames"}, list) || slices.Contains(policyServers[list], "https://"+host) {
		return
	}
	for _, item := range p.permissions.List("external", list) {
		allowed := item.Text
		if item.Kind == manifest.Mapping {
			allowed = item.Str("address")
		}
		if hostMatches(strings.ToLower(allowed), host) {
			return
		}
	}
	p.fault(at, fmt.Sprintf("Put the file into the resource's folder, or add to the manifest %q under permissions.external.%s.", "- address: "+scheme+"://"+host, list),
		"the policy forbids <%s> from %s", tag, host)
}

// hostMatches reports whether an address of a policy allows a host, whatever its path.
func hostMatches(allowed, host string) bool {
	if allowed == "*" {
		return true
	}
	if _, after, ok := strings.Cut(allowed, "://"); ok {
		allowed = after
	}
	allowed, _, _ = strings.Cut(allowed, "/")
	allowed, _, _ = strings.Cut(allowed, ":")
	if suffix, ok := strings.CutPrefix(allowed, "*"); ok {
		return strings.HasSuffix(host, suffix)
	}
	return allowed == host
}
