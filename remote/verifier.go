package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"time"
)

var appARI = regexp.MustCompile(`^ari:cloud:ecosystem::app/[A-Za-z0-9_-]{1,100}$`)

// Verifier verifies the FITs of one or more apps. Create one with [New] and share it, because it caches the key set. It is safe
// for concurrent use.
type Verifier struct {
	apps         []string
	environments environments
	leeway       time.Duration
	now          func() time.Time
	keys         *keySet
	clouds       *clouds // nil if isolated clouds are off
	replays      Replays
	cors         *cors
	log          *slog.Logger
	limit        logLimit
	baseURL      string
}

// New returns a verifier for the app with this ARI, which is app.id in its manifest.yml. New makes no request: the key set is
// fetched when the first token needs it. The error says which argument is invalid.
//
// By default a verifier accepts only RS256, keys of Atlassian's production key set with at least 2048 bits, and pages of
// Atlassian's sites. It checks iss, aud, app.id, the installation ids, exp, nbf and iat. Other apps, isolated clouds and
// staging keys need an option. All environments of the app are accepted unless [WithEnvironments] limits them.
func New(appID string, options ...Option) (*Verifier, error) {
	v, err := defaults().verifier(appID, options)
	if err != nil {
		return nil, fmt.Errorf("remote: new: %w", err)
	}
	return v, nil
}

func defaults() *settings {
	return &settings{
		jwksURL: DefaultJWKSURL,
		leeway:  DefaultLeeway,
		now:     time.Now,
		client:  &http.Client{},
		log:     slog.Default(),
	}
}

// verifier applies the options and returns a verifier.
func (s *settings) verifier(appID string, options []Option) (*Verifier, error) {
	for i, option := range options {
		if option == nil {
			return nil, fmt.Errorf("option %d is nil", i+1)
		}
		option(s)
	}
	apps := append([]string{appID}, s.apps...)
	for _, id := range apps {
		if !appARI.MatchString(id) {
			return nil, fmt.Errorf("app id %q is not an app's ARI; use app.id from manifest.yml (ari:cloud:ecosystem::app/…)", id)
		}
	}
	if err := s.environments.check(); err != nil {
		return nil, err
	}
	if _, err := parseAddress(s.jwksURL); err != nil {
		return nil, fmt.Errorf("key set URL %q %w", s.jwksURL, err)
	}
	if s.leeway < 0 || s.leeway > maxLeeway {
		return nil, fmt.Errorf("leeway %v is not between 0 and %v", s.leeway, maxLeeway)
	}
	if s.now == nil || s.client == nil || s.log == nil {
		return nil, errors.New("the clock, the HTTP client and the logger must not be nil; omit the option to use the default")
	}
	if s.replays == nil {
		s.replays = newMemory(DefaultReplays, s.now)
	}
	s.client = keyClient(s.client)
	clouds, err := s.newClouds()
	if err != nil {
		return nil, err
	}
	c, err := newCORS(s.origins, s.allowed, s.exposed)
	if err != nil {
		return nil, err
	}
	return &Verifier{
		apps:         apps,
		environments: s.environments,
		leeway:       s.leeway,
		now:          s.now,
		keys:         newKeySet(s.jwksURL, s.client, s.log),
		clouds:       clouds,
		replays:      s.replays,
		cors:         c,
		log:          s.log,
		baseURL:      s.baseURL,
	}, nil
}

// Verify returns the claims of a FIT, which is the text after "Bearer " in the authorization header. The error matches one or
// more of the package's sentinels. If ctx ends while the key set is fetched, the error matches ctx's cause. The claims are nil
// if there is an error.
func (v *Verifier) Verify(ctx context.Context, token string) (*Claims, error) {
	claims, err := v.verify(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("remote: verify: %w", err)
	}
	return claims, nil
}

func (v *Verifier) verify(ctx context.Context, text string) (*Claims, error) {
	t, err := parseToken(text)
	if err != nil {
		return nil, err
	}
	keys, label, err := v.keysOf(t)
	if err != nil {
		return nil, err
	}
	key, err := keys.find(ctx, t.kid)
	if err != nil {
		return nil, err
	}
	if err := t.verify(key); err != nil {
		return nil, err
	}
	payload, err := decodePart(t.payload, "payload")
	if err != nil {
		return nil, err
	}
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, err
	}
	if v.clouds != nil && claims.ICLabel != label {
		return nil, fmt.Errorf("%w: icLabel has escapes or is not a string", ErrMalformed)
	}
	if err := v.check(claims, ofFIT(v.apps)); err != nil {
		return nil, err
	}
	return claims, nil
}

// keysOf returns the key set that must contain the token's key, and the icLabel that selected it.
func (v *Verifier) keysOf(t token) (keys *keySet, label string, err error) {
	if v.clouds == nil {
		return v.keys, "", nil
	}
	payload, err := decodePart(t.payload, "payload")
	if err != nil {
		return nil, "", err
	}
	if label = labelOf(payload); label == "" {
		return v.keys, "", nil
	}
	keys, err = v.clouds.keysOf(label)
	return keys, label, err
}
