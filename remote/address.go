package remote

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// parseAddress parses an absolute URL: https, or http on a loopback address. The origin must be written as browsers write it.
// Any other form would never match, or two parsers could read it as two hosts.
func parseAddress(text string) (*url.URL, error) {
	standard, err := weburl.Parse(text)
	if err != nil {
		return nil, err
	}
	if problem := nameProblem(standard.Hostname()); problem != "" {
		return nil, errors.New(problem)
	}
	if rest, ok := strings.CutPrefix(text, standard.Origin()); !ok || rest != "" && !strings.Contains("/?", rest[:1]) {
		return nil, fmt.Errorf("has an origin that browsers write as %s; write it so", standard.Origin())
	}
	if standard.Scheme != "https" && !weburl.IsLoopback(standard.Hostname()) {
		return nil, errors.New("must be https, or http on a loopback address")
	}
	u, err := url.Parse(text)
	if err != nil || u.Host != standard.Host || u.Port() == "0" || strings.Contains(text, "#") {
		return nil, errors.New("is not an absolute URL without a fragment")
	}
	return u, nil
}

// nameProblem returns why no browser reaches a host of this name, or "" if one can. The URL Standard accepts more than DNS
// does. An IPv6 address has no such problem.
func nameProblem(name string) string {
	if strings.HasPrefix(name, "[") {
		return ""
	}
	if len(name) > 253 {
		return "has a host of more than 253 characters"
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		switch {
		case label == "" || len(label) > 63:
			return "has a host with a part that is empty or longer than 63 characters"
		case strings.ContainsFunc(label, func(r rune) bool { return r != '-' && r != '_' && !isLowerAlnum(r) }):
			return "has a host with characters other than a-z, 0-9, hyphens, underscores and dots"
		}
	}
	return ""
}

// isLabel reports whether s can be one label of a host name, in lower case.
func isLabel(s string) bool {
	return len(s) >= 1 && len(s) <= 63 && !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && !isLowerAlnum(r) })
}

func isLowerAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }
