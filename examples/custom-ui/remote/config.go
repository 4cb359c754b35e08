package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/forgego/forgego/remote"
)

// config is what the environment says.
type config struct {
	appID    string
	jwksURL  string
	origins  []string
	database string
	addr     string
	baseURL  string // empty for that of the address
}

// remoteKey is this remote's key in manifest.yml.
const remoteKey = "tasks-api"

func newConfig(getenv func(string) string) (config, error) {
	c := config{
		appID:    getenv("FORGE_APP_ID"),
		jwksURL:  cmp.Or(getenv("FORGE_JWKS_URL"), remote.DefaultJWKSURL),
		database: cmp.Or(getenv("TASKS_DB"), "tasks.db"),
		baseURL:  getenv("TASKS_URL"),
	}
	if c.appID == "" {
		return config{}, errors.New("FORGE_APP_ID is not set; set it to app.id of manifest.yml")
	}
	if c.baseURL == "" && !c.isLocal() {
		return config{}, errors.New("TASKS_URL is not set; set it to the remote's baseUrl of manifest.yml")
	}
	for origin := range strings.SplitSeq(getenv("FORGE_ALLOWED_ORIGINS"), ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			c.origins = append(c.origins, origin)
		}
	}
	port := cmp.Or(getenv("PORT"), "8787")
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return config{}, fmt.Errorf("PORT is %q; set it to a number from 0 to 65535", port)
	}
	c.addr = net.JoinHostPort(cmp.Or(getenv("HOST"), "127.0.0.1"), port)
	return c, nil
}

// isLocal reports whether the tokens come from a local host: only its key set can be at an http URL.
func (c config) isLocal() bool { return strings.HasPrefix(c.jwksURL, "http://") }

// publicURL is where pages find this remote, which listens at addr.
func (c config) publicURL(addr net.Addr) string { return cmp.Or(c.baseURL, "http://"+addr.String()) }
