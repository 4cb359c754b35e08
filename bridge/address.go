package bridge

import (
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// directURL joins a remote's base URL and a request's path, for a request that carries a token, and returns the origin
// too. The rules are those of requestRemote, with two exceptions. A slash at the end of the base URL does not count. And
// a path that leads elsewhere than it seems to is an error: a part of it may be a stranger's text, and the request has the
// user's token.
func directURL(base, path string) (url, origin string, err error) {
	at, err := parseBase(base)
	if err != nil {
		return "", "", &kindError{ErrInvalidResponse, "the token source gave a base URL that " + err.Error()}
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

// parseBase reads a base URL that a token may be sent to.
func parseBase(base string) (weburl.URL, error) {
	at, err := weburl.ParseBase(base)
	if err == nil && at.Scheme == "http" && !weburl.IsLoopback(at.Hostname()) {
		err = weburl.Error("is http, which only a loopback address may be")
	}
	return at, err
}
