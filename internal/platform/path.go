package platform

import (
	"errors"

	"github.com/forgego/forgego/internal/weburl"
)

// Append returns the URL of a requestRemote or invokeService call: the path is appended to the base URL as it is
// written, and the result is parsed as a browser does. It returns an error if the result is on another origin, which
// would then get the token, or outside the base URL's path.
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

// Resolve returns the URL of an invokeRemote call: the path resolved against the remote's base URL by the URL
// Standard, so that "/tasks" and "https://example.com/api" become "https://example.com/tasks". The platform does not
// document what it does with an absolute URL ("https://…", "//…"); here it is an error.
func Resolve(base, path string) (weburl.URL, error) {
	u, err := weburl.Resolve(base, path)
	if err == nil {
		return u, nil
	}
	at, problem := parseBase(base)
	if problem != nil {
		return weburl.URL{}, problem
	}
	return weburl.URL{}, invalidRequest("The path %q %v; use a path on %s, such as /tasks.", path, err, at.Origin())
}

func parseBase(base string) (weburl.URL, error) {
	u, err := weburl.ParseBase(base)
	if err != nil {
		return weburl.URL{}, invalidRequest("The base URL %q %v.", base, err)
	}
	return u, nil
}
