package tasks

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/forgego/forgego/remote"
)

// RemoteKey is this remote's key in manifest.yml.
const RemoteKey = "tasks-api"

// Config is the remote's configuration from the environment: whom it trusts.
type Config struct {
	// AppID is the app's ARI, and JWKSURL the key set that verifies its tokens.
	AppID, JWKSURL string
	// Origins lists further origins whose pages may call.
	Origins []string
	// BaseURL is the remote's URL for pages. ReadConfig leaves it empty only under a local host.
	BaseURL string
	// ExchangeKey signs the tokens for direct requests. If it is nil, each start makes a new key.
	ExchangeKey []byte
}

// ReadConfig reads the variables FORGE_APP_ID, FORGE_JWKS_URL, FORGE_ALLOWED_ORIGINS, TASKS_URL and TASKS_KEY, which the
// command above documents. The error names the variable to set.
func ReadConfig(getenv func(string) string) (Config, error) {
	c := Config{
		AppID:       getenv("FORGE_APP_ID"),
		JWKSURL:     cmp.Or(getenv("FORGE_JWKS_URL"), remote.DefaultJWKSURL),
		BaseURL:     getenv("TASKS_URL"),
		ExchangeKey: []byte(getenv("TASKS_KEY")),
	}
	if c.AppID == "" {
		return Config{}, errors.New("FORGE_APP_ID is not set; set it to app.id of manifest.yml")
	}
	if c.BaseURL == "" && !c.isLocal() {
		return Config{}, errors.New("TASKS_URL is not set; set it to the remote's baseUrl of manifest.yml")
	}
	if len(c.ExchangeKey) == 0 {
		c.ExchangeKey = nil
	}
	for origin := range strings.SplitSeq(getenv("FORGE_ALLOWED_ORIGINS"), ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			c.Origins = append(c.Origins, origin)
		}
	}
	return c, nil
}

// isLocal reports whether the tokens come from a local host: only its key set can be at an http URL.
func (c Config) isLocal() bool { return strings.HasPrefix(c.JWKSURL, "http://") }

// NewExchange returns an exchange that verifies the app's tokens and issues the remote's own tokens. BaseURL must be set. The
// error says which variable is invalid.
func (c Config) NewExchange(opts ...remote.Option) (*remote.Exchange, error) {
	verifier, err := remote.New(c.AppID, append([]remote.Option{
		remote.WithJWKSURL(c.JWKSURL),
		remote.WithAllowedOrigins(c.Origins...),
	}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("FORGE_APP_ID, FORGE_JWKS_URL or FORGE_ALLOWED_ORIGINS: %w", err)
	}
	var own []remote.ExchangeOption
	if c.ExchangeKey != nil {
		own = append(own, remote.WithExchangeKey(c.ExchangeKey))
	}
	exchange, err := remote.NewExchange(verifier, map[string]string{RemoteKey: c.BaseURL}, own...)
	if err != nil {
		return nil, fmt.Errorf("TASKS_URL or TASKS_KEY: %w", err)
	}
	return exchange, nil
}
