package bridgehttp

import (
	"net/http"
	"net/url"
	"strings"
)

// origin is where a URL leads, in a form that can be compared: lower case, and no port that the scheme has anyway.
type origin struct{ scheme, host string }

func originOf(u *url.URL) origin {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return origin{scheme, strings.TrimSuffix(host, ":")}
}

// placeholder is the origin of [Placeholder].
var placeholder = origin{"https", strings.TrimPrefix(Placeholder, "https://")}

// baseURL is the remote's, as the caller told it.
type baseURL struct {
	origin origin
	// path is escaped and has no slash at its end.
	path string
}

// parseBase reads a base URL, and says what is wrong with it.
func parseBase(text string) (base baseURL, problem string) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return base, "it is no URL"
	case u.Scheme != "https" && u.Scheme != "http":
		return base, "its scheme must be https or http"
	case u.Host == "" || u.Opaque != "":
		return base, "it has no host"
	case u.User != nil:
		return base, "it must not have a user"
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return base, "it must end with its path"
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if problem := pathProblem(path + "/"); problem != "" {
		return base, problem
	}
	return baseURL{originOf(u), path}, ""
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
	if problem := pathProblem(path); problem != "" {
		return "", invalid("URL", problem)
	}
	if problem := t.hostProblem(r); problem != "" {
		return "", invalid("URL", problem)
	}
	if u.Host != "" && t.base.path != "" && originOf(u) == t.base.origin {
		below, ok := strings.CutPrefix(path, t.base.path)
		if !ok || !strings.HasPrefix(below, "/") {
			return "", invalid("URL", "it does not lie below the remote's base URL, whose path is "+t.base.path+"/")
		}
		if problem := pathProblem(below); problem != "" {
			return "", invalid("URL", problem)
		}
		if !t.invoke {
			path = below
		}
	}
	if u.ForceQuery || u.RawQuery != "" {
		if problem := queryProblem(u.RawQuery); problem != "" {
			return "", invalid("URL", problem)
		}
		path += "?" + u.RawQuery
	}
	return path, nil
}

// hostProblem says why a request's scheme and host are not the remote's; "" if they are.
func (t *Transport) hostProblem(r *http.Request) string {
	to := originOf(r.URL)
	if to.host == "" {
		if to.scheme != "" && to.scheme != "https" && to.scheme != "http" {
			return "its scheme must be https or http"
		}
	} else if to != placeholder && (t.base.origin.host == "" || to != t.base.origin) {
		if t.base.origin.host == "" {
			return "it names a host: give a path only, or " + Placeholder + ", or tell the remote's base URL by WithBaseURL"
		}
		return "it must lead to the remote's base URL, to " + Placeholder + ", or name no host"
	}
	if r.Host != "" && originOf(&url.URL{Scheme: r.URL.Scheme, Host: r.Host}) != to {
		return "Request.Host is not the URL's, and no other can be sent"
	}
	return ""
}

// pathProblem says why a path, escaped, does not reach the remote as it is; "" if it does.
func pathProblem(path string) string {
	switch {
	case !strings.HasPrefix(path, "/"):
		return `its path must start with "/"`
	case strings.HasPrefix(path, "//"):
		return `its path must not start with "//", which would name another host`
	}
	for segment := range strings.SplitSeq(path, "/") {
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case ".", "..":
			return `its path holds a "." or ".." segment, which would lead elsewhere`
		}
	}
	return ""
}

// queryProblem says why a query does not reach the remote as it is; "" if it does. url.Parse takes it as it comes.
func queryProblem(query string) string {
	for i := range len(query) {
		switch c := query[i]; {
		case c <= ' ' || c == 0x7F:
			return "its query holds a space or a control character; escape it as %XX, as url.Values.Encode does"
		case c == '#':
			return `its query holds "#"; escape it as %23, as url.Values.Encode does`
		}
	}
	return ""
}
