package remote

import (
	"fmt"
	"regexp"
	"slices"
)

const issuer = "forge/invocation-token"

// icLabel matches labels that may become a part of a URL.
// Source: https://developer.atlassian.com/platform/forge/remote/essentials/#isolated-cloud-support
var icLabel = regexp.MustCompile(`^[a-z0-9_-]{1,50}$`)

// errLabel is the error for a label that does not match icLabel.
var errLabel = fmt.Errorf("%w: icLabel is not 1 to 50 characters from a-z, 0-9, _ and -", ErrMalformed)

// expected describes the iss and aud of one kind of token.
type expected struct {
	issuer   string
	audience func(aud, appID string) bool
}

// ofFIT returns what to expect of a FIT for one of these apps.
func ofFIT(apps []string) expected {
	return expected{issuer: issuer, audience: func(aud, appID string) bool { return aud == appID && slices.Contains(apps, appID) }}
}

// check returns every reason why the claims are not valid now, or nil.
func (v *Verifier) check(c *Claims, e expected) error {
	now := v.now()
	var wrong problems
	if c.registered.Issuer != e.issuer {
		wrong = append(wrong, ErrIssuer)
	}
	if aud := c.registered.Audience; len(aud) != 1 || !e.audience(aud[0], c.App.ID) {
		wrong = append(wrong, ErrAudience)
	}
	if other := c.App.Installation.ID; c.InstallationID() == "" || other != "" && other != c.InstallationID() {
		wrong = append(wrong, ErrInstallation)
	}
	if !v.environments.allow(c.App.Environment) {
		wrong = append(wrong, ErrEnvironment)
	}
	if !now.Before(c.ExpiresAt.Add(v.leeway)) {
		wrong = append(wrong, ErrExpired)
	}
	if limit := now.Add(v.leeway); c.NotBefore.After(limit) || c.IssuedAt.After(limit) {
		wrong = append(wrong, ErrNotYetValid)
	}
	if c.ICLabel != "" {
		switch {
		case !icLabel.MatchString(c.ICLabel):
			wrong = append(wrong, errLabel)
		case v.clouds == nil:
			wrong = append(wrong, ErrIsolatedCloud)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

// environments lists the environments that calls may come from. An empty list allows all.
type environments []string

const environmentARI = "ari:cloud:ecosystem::environment/"

var environmentID = regexp.MustCompile(`^` + environmentARI + `[A-Za-z0-9_/-]{1,200}$`)

func (e environments) check() error {
	for _, name := range e {
		known := name == Development || name == Staging || name == Production
		if !known && !environmentID.MatchString(name) {
			return fmt.Errorf("environment %q is not remote.Development, remote.Staging, remote.Production or an environment's ARI (%s…)", name, environmentARI)
		}
	}
	return nil
}

func (e environments) allow(given Environment) bool {
	return len(e) == 0 || slices.Contains(e, given.Type) || slices.Contains(e, given.ID)
}
