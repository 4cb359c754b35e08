package bridgehttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// originOf returns the origin of a URL, or "" if the bridge cannot reach it.
func originOf(u *url.URL) string { return weburl.OriginOf(u.Scheme + "://" + u.Host) }

// baseURL is the remote's base URL, as the caller set it.
type baseURL struct {
	origin string
	// path is escaped and does not end with a slash.
	path string
}

// parseBase parses a base URL. If the URL is not valid, problem says why.
func parseBase(text string) (base baseURL, problem string) {
	at, err := weburl.ParseBase(text)
	if err != nil {
		return base, "it " + err.Error()
	}
	u, err := url.Parse(text)
	if err != nil {
		return base, "it is not a URL"
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if problem := weburl.Misleading(path + "/"); problem != "" {
		return base, "its path " + problem
	}
	return baseURL{at.Origin(), path}, ""
}

// path returns the path and query that the bridge sends for a request.
func (t *Transport) path(r *http.Request) (string, error) {
	u := r.URL
	switch {
	case u == nil:
		return "", invalid("URL", "there is none")
	case u.Opaque != "":
		return "", invalid("URL", "it is opaque; use Path, or RawPath for a custom encoding")
	case u.User != nil:
		return "", invalid("URL", "it has a user, which the bridge cannot send; the token tells the remote who it is")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if problem := weburl.Misleading(path); problem != "" {
		return "", invalid("URL", "its path "+problem)
	}
	if problem := t.hostProblem(r); problem != "" {
		return "", invalid("URL", problem)
	}
	if u.Host != "" && t.base.path != "" && originOf(u) == t.base.origin {
		below, ok := strings.CutPrefix(path, t.base.path)
		if !ok || !strings.HasPrefix(below, "/") {
			return "", invalid("URL", "it is not below the remote's base URL, whose path is "+t.base.path+"/")
		}
		if problem := weburl.Misleading(below); problem != "" {
			return "", invalid("URL", "its path "+problem)
		}
		if !t.invoke {
			path = below
		}
	}
	if u.ForceQuery || u.RawQuery != "" {
		if problem := weburl.Misleading("/?" + u.RawQuery); problem != "" {
			return "", invalid("URL", "its query "+problem+", as url.Values.Encode does")
		}
		path += "?" + u.RawQuery
	}
	return path, nil
}

// hostProblem says why a request's scheme or host is not the remote's. It returns "" if they are.
func (t *Transport) hostProblem(r *http.Request) string {
	u, to := r.URL, originOf(r.URL)
	if u.Host == "" {
		if scheme := strings.ToLower(u.Scheme); scheme != "" && scheme != "https" && scheme != "http" {
			return "its scheme must be https or http"
		}
	} else if to != Placeholder && (t.base.origin == "" || to != t.base.origin) {
		if t.base.origin == "" {
			return "it names a host: use a path only, or " + Placeholder + ", or set the remote's base URL with WithBaseURL"
		}
		return "it must be the remote's base URL, " + Placeholder + ", or a path without a host"
	}
	if r.Host != "" && (u.Host == "" || originOf(&url.URL{Scheme: u.Scheme, Host: r.Host}) != to) {
		return "Request.Host differs from the URL's host, and only the URL's host can be sent"
	}
	return ""
}
