package policy

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// headStart returns the offset at which an inserted script becomes the first element of a page's head: after the head's
// start tag, or before the text that makes a browser begin a head without a tag. The script does not change how a browser
// reads the rest of the page, and it does not change the mode, which the doctype sets.
//
// headStart follows the first insertion modes of the HTML Standard, up to "before head"
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
				return at // The comment may have no end. Then it would contain the script.
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
				return at // These tags begin a head. Browsers ignore other end tags here.
			}
		}
		at = end
	}
}

// pageParts holds the parts of a page that its policy depends on.
type pageParts struct {
	// inlineScripts holds the texts of the scripts without src, whatever their type.
	inlineScripts []string
	// metaPolicy is the content of the first meta element that sets a policy.
	metaPolicy string
}

// inspect reads a page as @forge/csp 6.3.2 does: it reads the tags and the texts of scripts in the file's order, without
// building the document.
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

// rawText returns the text after a script's start tag, unchanged. It also reads the end tag.
func rawText(tokens *html.Tokenizer) string {
	if tokens.Next() != html.TextToken {
		return ""
	}
	return string(tokens.Raw())
}

// attributes returns a tag's attributes. If two have the same name, the first one counts.
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
