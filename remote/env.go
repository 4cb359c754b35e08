package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// The variables of [FromEnv].
const (
	appIDVariable   = "FORGE_APP_ID"
	jwksVariable    = "FORGE_JWKS_URL"
	originsVariable = "FORGE_ALLOWED_ORIGINS"
	urlVariable     = "FORGE_REMOTE_URL"
)

// FromEnv is like [New] but reads its settings from environment variables. forgego dev sets all of them for a remote. A
// server needs only the first:
//
//   - FORGE_APP_ID is the app's ARI, app.id of manifest.yml. It is required.
//   - FORGE_JWKS_URL is the URL of the key set, as for [WithJWKSURL]. The default is [DefaultJWKSURL], Atlassian's.
//   - FORGE_ALLOWED_ORIGINS lists origins whose pages may call, in addition to Atlassian's sites, separated by commas, as for
//     [WithAllowedOrigins]. The default is none.
//   - FORGE_REMOTE_URL is the URL at which pages reach this backend, the remote's baseUrl of manifest.yml. [Verifier.BaseURL]
//     returns it. Only an [Exchange] needs it.
//
// An empty variable counts as absent. The options are applied after the variables, so they override or extend them. The error
// names the variable that is missing or invalid.
//
// If FORGE_JWKS_URL is used and is not [DefaultJWKSURL], FromEnv logs it, because the owner of that key set can make tokens for
// every customer. Do not set it on a server. The line is a warning, unless the address is a loopback address, as the local
// host's.
func FromEnv(options ...Option) (*Verifier, error) {
	v, err := fromEnv(os.Getenv, options)
	if err != nil {
		return nil, fmt.Errorf("remote: from environment: %w", err)
	}
	return v, nil
}

func fromEnv(getenv func(string) string, options []Option) (*Verifier, error) {
	appID := getenv(appIDVariable)
	switch {
	case appID == "":
		return nil, errors.New(appIDVariable + " is not set; set it to app.id of manifest.yml (ari:cloud:ecosystem::app/…)")
	case !appARI.MatchString(appID):
		return nil, fmt.Errorf("%s is %q, which is not an app's ARI; set it to app.id of manifest.yml (ari:cloud:ecosystem::app/…)", appIDVariable, appID)
	}
	s := defaults()
	given := getenv(jwksVariable)
	if given != "" {
		if _, err := parseAddress(given); err != nil {
			return nil, fmt.Errorf("%s: %q %w", jwksVariable, given, err)
		}
		s.jwksURL = given
	}
	for origin := range strings.SplitSeq(getenv(originsVariable), ",") {
		if origin = strings.TrimSpace(origin); origin == "" {
			continue
		}
		if err := checkOrigin(origin); err != nil {
			return nil, fmt.Errorf("%s: origin %q %w", originsVariable, origin, err)
		}
		s.origins = append(s.origins, origin)
	}
	if base := getenv(urlVariable); base != "" {
		if err := checkBaseURL(base); err != nil {
			return nil, fmt.Errorf("%s: %q %w", urlVariable, base, err)
		}
		s.baseURL = base
	}
	v, err := s.verifier(appID, options)
	if err != nil {
		return nil, err
	}
	if given != "" && s.jwksURL == given && given != DefaultJWKSURL {
		level, text := slog.LevelWarn, "tokens are verified by another key set than Atlassian's; do not set "+jwksVariable+" on a server"
		if u, err := parseAddress(given); err == nil && weburl.IsLoopback(u.Hostname()) {
			level, text = slog.LevelInfo, "tokens are verified by the key set of a local host, not by Atlassian's"
		}
		s.log.Log(context.Background(), level, text, slog.String("variable", jwksVariable), slog.String("url", given))
	}
	return v, nil
}

// BaseURL returns the URL at which pages reach this backend: FORGE_REMOTE_URL, if the verifier is from [FromEnv]. It returns ""
// if the variable is not set or the verifier is from [New]. [NewExchange] refuses "", with an error that names the variable.
func (v *Verifier) BaseURL() string { return v.baseURL }
