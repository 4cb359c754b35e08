package bridge

import (
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// directURL joins a remote's base URL and a request's path. It returns the URL and its origin. The request carries a
// token. The rules are those of requestRemote, with two exceptions: a slash at the end of the base URL is ignored, and
// a misleading path is an error. The reason is that a part of the path may be text of a stranger, and the request has
// the user's token.
func directURL(base, path string) (url, origin string, err error) {
	at, err := parseBase(base)
	if err != nil {
		return "", "", &kindError{ErrInvalidResponse, "the token source returned a base URL that " + err.Error()}
	}
	if problem := weburl.Misleading(path); problem != "" {
		return "", "", invalidRequest("Path", problem)
	}
	u, err := weburl.Append(strings.TrimSuffix(at.String(), "/"), path)
	if err != nil {
		return "", "", invalidRequest("Path", err.Error())
	}
	return u.String(), u.Origin(), nil
}

// parseBase parses a base URL to which a token may be sent.
func parseBase(base string) (weburl.URL, error) {
	at, err := weburl.ParseBase(base)
	if err == nil && at.Scheme == "http" && !weburl.IsLoopback(at.Hostname()) {
		err = weburl.Error("uses http, which is allowed for loopback addresses only")
	}
	return at, err
}
