package devhost

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// headStart returns the offset at which a script is the first thing in a page's head: behind the head's start tag, or
// before what makes a browser begin a head without one. A browser then does with the rest what it would have done
// without the script; its mode, which the doctype sets, stays the same.
//
// It follows the first insertion modes of the HTML Standard, up to "before head"
// (https://html.spec.whatwg.org/multipage/parsing.html#the-initial-insertion-mode).
func headStart(page []byte) int {
	at := 0
	if bytes.HasPrefix(page, byteOrderMark) {
		at = len(byteOrderMark)
	}
	tokens := html.NewTokenizer(bytes.NewReader(page[at:]))
	for {
		kind := tokens.Next()
		raw := tokens.Raw()
		end := at + len(raw)
		switch kind {
		case html.ErrorToken:
			return at
		case html.TextToken:
			if len(bytes.Trim(tokens.Text(), "\t\n\f\r ")) > 0 {
				return at
			}
		case html.CommentToken:
			if end == len(page) {
				return at // it may have no end, and would then hold the script
			}
		case html.DoctypeToken:
			if !bytes.HasSuffix(raw, []byte(">")) {
				return at
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := tokens.TagName(); atom.Lookup(name) {
			case atom.Head:
				return end
			case atom.Html:
			default:
				return at
			}
		case html.EndTagToken:
			switch name, _ := tokens.TagName(); atom.Lookup(name) {
			case atom.Head, atom.Body, atom.Html, atom.Br:
				return at // these begin a head, and others are ignored
			}
		}
		at = end
	}
}

// pageParts are what of a page goes into its policy.
type pageParts struct {
	// inlineScripts are the texts of the scripts without src, of any type.
	inlineScripts []string
	// metaPolicy is the content of the first meta element that gives a policy.
	metaPolicy string
}

// inspect reads a page as @forge/csp 6.3.2 does: tags and the texts of scripts as they stand in the file, without building
// the document.
func inspect(page []byte) pageParts {
	var parts pageParts
	seenMeta := false
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return parts
		case html.StartTagToken, html.SelfClosingTagToken:
			name, hasAttributes := tokens.TagName()
			switch atom.Lookup(name) {
			case atom.Script:
				if _, external := attributes(tokens, hasAttributes)["src"]; !external {
					parts.inlineScripts = append(parts.inlineScripts, rawText(tokens))
				}
			case atom.Meta:
				if a := attributes(tokens, hasAttributes); !seenMeta && strings.EqualFold(a["http-equiv"], "Content-Security-Policy") {
					seenMeta, parts.metaPolicy = true, a["content"]
				}
			}
		}
	}
}

// rawText returns the text behind a script's start tag as it stands in the page; the end tag is read, too.
func rawText(tokens *html.Tokenizer) string {
	if tokens.Next() != html.TextToken {
		return ""
	}
	return string(tokens.Raw())
}

// attributes returns a tag's attributes. Of two with one name, the first counts.
func attributes(tokens *html.Tokenizer, more bool) map[string]string {
	all := map[string]string{}
	for more {
		var name, value []byte
		name, value, more = tokens.TagAttr()
		if _, ok := all[string(name)]; !ok {
			all[string(name)] = string(value)
		}
	}
	return all
}
