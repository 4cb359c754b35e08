package check

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/forgego/forgego/internal/cors"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/noanswer"
	"github.com/forgego/forgego/internal/platform"
	"github.com/forgego/forgego/internal/printable"
)

const (
	// exampleSite is the origin of preflight requests, if none was chosen.
	exampleSite = "https://example.atlassian.net"
	// patience is how long a server may take to answer.
	patience = 10 * time.Second
	// maxKeySet is the size of the largest key set that is read, in bytes.
	maxKeySet = 1 << 20
)

// online asks the key set and the remotes.
func (c *checker) online() {
	client := http.Client{Timeout: patience}
	if c.options.Client != nil {
		client = *c.options.Client
	}
	// Browsers follow no redirect of a preflight request.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	remotes := c.root.List("remotes")
	if len(remotes) > 0 {
		c.keySet(&client)
	}
	for _, r := range remotes {
		base := r.Get("baseUrl")
		if base == nil {
			continue
		}
		if base.Kind == manifest.Mapping {
			for _, e := range base.Entries {
				c.remoteOnline(&client, r.Str("key"), e.Part)
			}
			continue
		}
		c.remoteOnline(&client, r.Str("key"), base)
	}
}

// keySet checks that the keys which verify Forge's tokens can be loaded from here.
func (c *checker) keySet(client *http.Client) {
	const fix = "A backend in the same network cannot verify tokens. Allow the address in its proxy or firewall."
	at := c.root.Get("remotes")
	req, err := http.NewRequestWithContext(c.ctx, http.MethodGet, platform.KeySetURL, nil)
	if err != nil {
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		c.warn(at, fix, "Forge's key set %s cannot be loaded from here: %s", platform.KeySetURL, reason("server", req.URL, err))
		return
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet))
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	switch {
	case resp.StatusCode != http.StatusOK:
		c.warn(at, fix, "Forge's key set %s cannot be loaded from here: status %d", platform.KeySetURL, resp.StatusCode)
	case err != nil:
		c.warn(at, fix, "Forge's key set %s cannot be loaded from here: %s", platform.KeySetURL, reason("server", req.URL, err))
	case json.Unmarshal(data, &set) != nil || len(set.Keys) == 0:
		c.warn(at, fix, "%s answers, but not with a key set: something between answers for it", platform.KeySetURL)
	}
}

// remoteOnline sends the preflight request that a browser sends before one of requestRemote.
func (c *checker) remoteOnline(client *http.Client, key string, at *manifest.Part) {
	u, err := url.Parse(at.Text)
	if at.Kind != manifest.Text || err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return // The manifest's rules report it, or it is a web socket.
	}
	if isPlaceholder(u.Hostname()) {
		c.fail(at, "Write the address of your backend.", "the baseUrl of remote %q has a placeholder, which is nobody's server: %s", key, printable.Text(u.Host))
		return
	}
	site := c.options.Site
	if site == "" {
		site = exampleSite
	}
	req, err := http.NewRequestWithContext(c.ctx, http.MethodOptions, at.Text, nil)
	if err != nil {
		return
	}
	req.Header.Set("Origin", site)
	req.Header.Set("Sec-Fetch-Mode", "cors")
	req.Header.Set("Access-Control-Request-Method", http.MethodPost)
	req.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	resp, err := client.Do(req)
	if err != nil {
		c.fail(at, "Start it, or correct the address.", "remote %q does not answer: %s", key, reason("remote", u, err))
		return
	}
	resp.Body.Close()
	server := cors.Server{Kind: "remote", Advice: "Add " + site + " to the origins that it allows."}
	if text := server.Problem(req, resp.StatusCode, resp.Header); text != "" {
		c.warn(at, "Only requestRemote and direct requests need this; invokeRemote does not. Another site: --site https://YOUR-SITE.atlassian.net",
			"remote %q: %s", key, text)
	}
}

// isPlaceholder reports whether a host name is one that is reserved for documents: https://www.rfc-editor.org/rfc/rfc2606.
// forgego new and the examples write such names.
func isPlaceholder(host string) bool {
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc([]string{".example.com", ".example.net", ".example.org", ".example", ".invalid"},
		func(reserved string) bool { return strings.HasSuffix(host, reserved) })
}

// reason returns why a request to a URL failed.
func reason(kind string, u *url.URL, err error) string {
	if errors.Is(err, context.Canceled) {
		return "the check was stopped"
	}
	why, _ := noanswer.Why(kind, u.Scheme+"://"+printable.Text(u.Host), err)
	return why
}
