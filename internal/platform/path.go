package platform

import (
	"errors"

	"github.com/forgego/forgego/internal/weburl"
)

// Append returns the URL of a requestRemote or invokeService call: the path behind the base URL, as it is written, and
// then read as a browser reads it. It is an error if that leads to another origin, as the token would go there, or out of
// the base URL's own path.
func Append(base, path string) (weburl.URL, error) {
	u, err := weburl.Append(base, path)
	if err == nil {
		return u, nil
	}
	at, problem := parseBase(base)
	if problem != nil {
		return weburl.URL{}, problem
	}
	if errors.Is(err, weburl.ErrOutside) {
		return weburl.URL{}, invalidRequest("The path %q does not lead to %s; it %v.", path, at, err)
	}
	return weburl.URL{}, invalidRequest("The path %q does not lead to %s; begin it with a slash.", path, at.Origin())
}

// Resolve returns the URL of an invokeRemote call: the path resolved against the remote's base URL by the rules of the
// URL Standard, so that "/tasks" against "https://example.com/api" is "https://example.com/tasks". What the platform
// does with a path that is a URL of its own ("https://…", "//…") is not known; here it is an error.
func Resolve(base, path string) (weburl.URL, error) {
	u, err := weburl.Resolve(base, path)
	if err == nil {
		return u, nil
	}
	at, problem := parseBase(base)
	if problem != nil {
		return weburl.URL{}, problem
	}
	return weburl.URL{}, invalidRequest("The path %q %v; give a path on %s, such as /tasks.", path, err, at.Origin())
}

func parseBase(base string) (weburl.URL, error) {
	u, err := weburl.ParseBase(base)
	if err != nil {
		return weburl.URL{}, invalidRequest("The base URL %q %v.", base, err)
	}
	return u, nil
}
