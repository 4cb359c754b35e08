package bridgehttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// originOf returns the origin that a URL leads to; "" for none that the bridge could reach.
func originOf(u *url.URL) string {
	at, err := weburl.Parse(u.Scheme + "://" + u.Host)
	if err != nil {
		return ""
	}
	return at.Origin()
}

// baseURL is the remote's, as the caller told it.
type baseURL struct {
	origin string
	// path is escaped and has no slash at its end.
	path string
}

// parseBase reads a base URL, and says what is wrong with it.
func parseBase(text string) (base baseURL, problem string) {
	at, err := weburl.ParseBase(text)
	if err != nil {
		return base, "it " + err.Error()
	}
	u, err := url.Parse(text)
	if err != nil {
		return base, "it is no URL"
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if problem := weburl.Misleading(path + "/"); problem != "" {
		return base, "its path " + problem
	}
	return baseURL{at.Origin(), path}, ""
}

// path gives what the bridge is to send of a request's URL.
func (t *Transport) path(r *http.Request) (string, error) {
	if t.baseProblem != "" {
		return "", invalid("WithBaseURL", t.baseProblem)
	}
	u := r.URL
	switch {
	case u == nil:
		return "", invalid("URL", "there is none")
	case u.Opaque != "":
		return "", invalid("URL", "it is opaque; use Path, and RawPath for an encoding of its own")
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
			return "", invalid("URL", "it does not lie below the remote's base URL, whose path is "+t.base.path+"/")
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

// hostProblem says why a request's scheme and host are not the remote's; "" if they are.
func (t *Transport) hostProblem(r *http.Request) string {
	u, to := r.URL, originOf(r.URL)
	if u.Host == "" {
		if scheme := strings.ToLower(u.Scheme); scheme != "" && scheme != "https" && scheme != "http" {
			return "its scheme must be https or http"
		}
	} else if to != Placeholder && (t.base.origin == "" || to != t.base.origin) {
		if t.base.origin == "" {
			return "it names a host: give a path only, or " + Placeholder + ", or tell the remote's base URL by WithBaseURL"
		}
		return "it must lead to the remote's base URL, to " + Placeholder + ", or name no host"
	}
	if r.Host != "" && (u.Host == "" || originOf(&url.URL{Scheme: u.Scheme, Host: r.Host}) != to) {
		return "Request.Host is not the URL's, and no other can be sent"
	}
	return ""
}
