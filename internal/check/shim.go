package check

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/forgego/forgego/internal/check/shape"
)

// The attributes of the script tag that loads a program, and the form of the calls in data-early, as jsglue/forgego.js and
// jsglue/early.js read them.
var (
	shimAttributes = []string{"data-early", "data-gzip", "data-indicator", "data-program", "data-worker"}
	earlyCall      = regexp.MustCompile(`^(?:getContext|get:([^/]+)/.*|token:([^/]+))$`)
)

// shim checks the attributes of the script tag that loads a program. Attributes of other tools may be there too, so only those
// with nearly the name of one of ours are reported.
func (p *pageCheck) shim(at int, t html.Token, early string) {
	for _, a := range t.Attr {
		near := ""
		if strings.HasPrefix(a.Key, "data-") && !slices.Contains(shimAttributes, a.Key) {
			near = shape.Nearest(a.Key, shimAttributes)
		}
		if near != "" {
			p.problem(Warning, at, "Did you mean "+near+"?", "forgego.js does not know the attribute %s", a.Key)
		}
	}
	remotes := keysOf(p.root.List("remotes"))
	for call := range strings.FieldsSeq(early) {
		parts := earlyCall.FindStringSubmatch(call)
		if parts == nil {
			p.fault(at, "Write getContext, get:KEY/PATH or token:KEY, with the key of a remote.", "forgego.js does not know the call %q in data-early, and does not start the program", call)
			continue
		}
		if key := parts[1] + parts[2]; key != "" && !slices.Contains(remotes, key) {
			p.problem(Warning, at, keyFix(key, remotes, "remotes"), "%q in data-early names a remote %q that does not exist", call, key)
		}
	}
}
