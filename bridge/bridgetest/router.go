package bridgetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/forgego/forgego/bridge/bridgetest/internal/jsvalue"
	"github.com/forgego/forgego/internal/weburl"
)

// Navigation is what the app has asked of the router.
type Navigation struct {
	// URL is the absolute address to open. It is empty for a reload.
	URL string
	// NewTab means router.Open.
	NewTab bool
	// Reload means router.Reload.
	Reload bool
}

// Navigations returns what the app has asked of package router in all windows, in order. The host stays where it is.
func (h *Host) Navigations() []Navigation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.navigations)
}

func (h *Host) navigated(n Navigation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.navigations = append(h.navigations, n)
}

var routerCommands = map[string]command{
	"getUrl": func(_ context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		return w.addressOf(membersOf(payload))
	},
	"navigate": func(ctx context.Context, w *Window, payload json.RawMessage, _ Callbacks) (any, error) {
		to := membersOf(payload)
		kind, _ := to.text("type")
		n := Navigation{NewTab: kind == "new-tab"}
		if to.has("target") {
			var err error
			if n.URL, err = w.addressOf(to); err != nil {
				return nil, err
			}
			w.host.navigated(n)
			return nil, nil
		}
		text, _ := to.text("url")
		site, err := w.site()
		if err != nil {
			return nil, err
		}
		isOwn := false
		if n.URL, isOwn = resolveURL(site.url, text); n.URL == "" {
			return nil, refuse(invalidRequest, "The router does not go to \"%s\".", text)
		}
		if !isOwn {
			// The product opens another site in a new tab, whatever the app has asked for.
			if err := w.host.confirm("The app wants to open another site.", n.URL, "DECLINED", "The user declined to open the link."); err != nil {
				return nil, err
			}
			n.NewTab = true
		}
		w.host.navigated(n)
		return nil, nil
	},
}

// resolveURL returns the absolute address of a URL in a page of the site, or "" if the router does not go there. It reports
// whether the address is on the site.
func resolveURL(site weburl.URL, text string) (address string, isOwn bool) {
	if text == "" {
		return "", false
	}
	scheme, _, hasScheme := strings.Cut(text, ":")
	if scheme = strings.ToLower(scheme); hasScheme && (scheme == "mailto" || scheme == "tel") {
		return scheme + text[len(scheme):], false
	}
	reference, fragment, hasFragment := strings.Cut(text, "#")
	u, err := site.Parse(reference)
	if err != nil {
		return "", false
	}
	address = u.String()
	if hasFragment {
		address += "#" + escapeFragment(fragment)
	}
	return address, u.Origin() == site.Origin()
}

// site is what the addresses of targets depend on.
type site struct {
	url           weburl.URL
	space         string
	environmentID string
}

func (w *Window) site() (site, error) {
	here, err := w.context()
	if err != nil {
		return site{}, err
	}
	data, err := json.Marshal(here)
	if err != nil {
		return site{}, err
	}
	var in struct {
		SiteURL       string `json:"siteUrl"`
		EnvironmentID string `json:"environmentId"`
		Extension     struct {
			Space struct {
				Key *string `json:"key"`
			} `json:"space"`
		} `json:"extension"`
	}
	_ = json.Unmarshal(data, &in) // a member of another type counts as missing
	u, err := weburl.ParseBase(in.SiteURL)
	if err != nil {
		return site{}, fmt.Errorf("the context's siteUrl %q %w", in.SiteURL, err)
	}
	s := site{u, "DEMO", in.EnvironmentID}
	if in.Extension.Space.Key != nil {
		s.space = *in.Extension.Space.Key
	}
	return s, nil
}

// targetPaths are the paths of the documented targets, as in devhost/page/product/router.js.
//
// Source: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/router/
var targetPaths = []struct {
	target string
	path   func(l location, h *Host, s site) string
}{
	{"contentView", func(l location, _ *Host, _ site) string {
		path := "/wiki/pages/viewpage.action?pageId=" + l.part("contentId")
		if jsvalue.IsTruthy(l.members["version"]) {
			path += "&pageVersion=" + l.part("version")
		}
		return path
	}},
	{"contentEdit", func(l location, _ *Host, s site) string {
		return "/wiki/spaces/" + s.space + "/pages/edit-v2/" + l.part("contentId")
	}},
	{"spaceView", func(l location, _ *Host, _ site) string { return "/wiki/spaces/" + l.part("spaceKey") }},
	{"contentList", func(l location, h *Host, s site) string {
		switch kind := jsvalue.String(l.members["contentType"]); kind {
		case "customContent":
			return "/wiki/search?type=forge:" + h.settings.appID + ":" + s.environmentID + ":" + l.part("moduleKey")
		case "page":
			return "/wiki/spaces/" + l.part("spaceKey") + "/pages"
		default:
			l.fail(refuse("UNKNOWN_ADDRESS", "Forge documents no address for the list of the content type \"%s\", so the host in memory has none.", kind))
			return ""
		}
	}},
	{"dashboard", func(l location, _ *Host, _ site) string { return "/jira/dashboards/" + l.part("dashboardId") }},
	{"issue", func(l location, _ *Host, _ site) string { return "/browse/" + l.part("issueKey") }},
	{"projectSettingsDetails", func(l location, _ *Host, _ site) string {
		return "/jira/software/projects/" + l.part("projectKey") + "/settings/details"
	}},
	{"userProfile", func(l location, _ *Host, _ site) string { return "/people/" + l.part("accountId") }},
	{"module", func(l location, _ *Host, _ site) string {
		path := "/?module=" + l.part("moduleKey")
		if inModule := l.members["path"]; jsvalue.IsTruthy(inModule) {
			text := jsvalue.String(inModule)
			if !strings.HasPrefix(text, "/") {
				text = "/" + text
			}
			path += "#" + escapeFragment(text)
		}
		return path
	}},
}

// location is a target with its members. err holds the first problem.
type location struct {
	members members
	err     *error
}

func (l location) fail(err error) {
	if *l.err == nil {
		*l.err = err
	}
}

// part returns a required member, escaped for a path.
func (l location) part(name string) string {
	raw := l.members[name]
	isText := len(raw) > 2 && raw[0] == '"'
	isNumber := len(raw) > 0 && (raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9')
	if !isText && !isNumber {
		article := "a"
		if strings.ContainsRune("aeiou", rune(name[0])) {
			article = "an"
		}
		l.fail(refuse(invalidRequest, "The target \"%s\" needs %s %s.", jsvalue.String(l.members["target"]), article, name))
		return ""
	}
	return escapeComponent(jsvalue.String(raw))
}

// addressOf returns the absolute address of a target.
func (w *Window) addressOf(to members) (string, error) {
	name, _ := to.text("target")
	var known []string
	for _, t := range targetPaths {
		if t.target != name {
			known = append(known, t.target)
			continue
		}
		s, err := w.site()
		if err != nil {
			return "", err
		}
		var problem error
		path := t.path(location{to, &problem}, w.host, s)
		if problem != nil {
			return "", problem
		}
		return s.url.Origin() + path, nil
	}
	return "", refuse("UNKNOWN_TARGET", "The router has no target \"%s\". It has %s.", jsvalue.String(to["target"]), strings.Join(known, ", "))
}

// escapeComponent is encodeURIComponent.
func escapeComponent(text string) string {
	return escape(text, func(c byte) bool {
		return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.!~*'()", c) >= 0
	})
}

// escapeFragment escapes a fragment as the URL Standard does.
func escapeFragment(text string) string {
	return escape(text, func(c byte) bool { return c > ' ' && c < 0x7f && strings.IndexByte("\"<>`", c) < 0 })
}

func escape(text string, stays func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; stays(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
