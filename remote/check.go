package remote

import (
	stdjson "encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/go-jose/go-jose/v4/json"
)

const (
	issuer = "forge/invocation-token"
	// maxDate is the end of the year 9999. A date beyond it was written in milliseconds.
	maxDate = 253402300799
)

// icLabel guards whoever builds a URL of the label later on.
// Source: developer.atlassian.com/platform/forge/remote/essentials/#isolated-cloud-support
var icLabel = regexp.MustCompile(`^[a-z0-9_-]{1,50}$`)

// registered are the claims that every JWT has, as they stand in the token.
type registered struct {
	Issuer    string       `json:"iss"`
	Audience  audience     `json:"aud"`
	Expiry    *numericDate `json:"exp"`
	NotBefore *numericDate `json:"nbf"`
	IssuedAt  *numericDate `json:"iat"`
}

// parseClaims reads the payload of a token whose signature is right. It uses go-jose's JSON, for which ISS is not iss
// and a claim that stands twice is an error.
func parseClaims(payload []byte) (*Claims, error) {
	claims := &Claims{}
	if json.Unmarshal(payload, claims) != nil || json.Unmarshal(payload, &claims.registered) != nil {
		return nil, fmt.Errorf("%w: claims are not JSON of the expected types", ErrMalformed)
	}
	if claims.registered.Expiry == nil {
		return nil, fmt.Errorf("%w: no exp", ErrMalformed)
	}
	claims.ExpiresAt = claims.registered.Expiry.time()
	claims.NotBefore = claims.registered.NotBefore.time()
	claims.IssuedAt = claims.registered.IssuedAt.time()
	claims.Raw = stdjson.RawMessage(append([]byte(nil), payload...))
	return claims, nil
}

// expected is what a kind of token has to say of itself.
type expected struct {
	issuer, appID string
	audience      func(string) bool
}

// ofFIT is what a FIT of this app says.
func ofFIT(appID string) expected {
	return expected{issuer: issuer, appID: appID, audience: func(aud string) bool { return aud == appID }}
}

// check returns every reason why the claims do not hold now, or nil.
func (c *Claims) check(e expected, now time.Time, leeway time.Duration) error {
	var wrong problems
	if c.registered.Issuer != e.issuer {
		wrong = append(wrong, ErrIssuer)
	}
	if aud := c.registered.Audience; len(aud) != 1 || !e.audience(aud[0]) || c.App.ID != e.appID {
		wrong = append(wrong, ErrAudience)
	}
	if other := c.App.Installation.ID; c.InstallationID() == "" || other != "" && other != c.InstallationID() {
		wrong = append(wrong, ErrInstallation)
	}
	if !now.Before(c.ExpiresAt.Add(leeway)) {
		wrong = append(wrong, ErrExpired)
	}
	if limit := now.Add(leeway); c.NotBefore.After(limit) || c.IssuedAt.After(limit) {
		wrong = append(wrong, ErrNotYetValid)
	}
	if c.ICLabel != "" && !icLabel.MatchString(c.ICLabel) {
		wrong = append(wrong, fmt.Errorf("%w: icLabel has other characters than a-z, 0-9, _ and -", ErrMalformed))
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

// audience is a string or a list of strings.
type audience []string

func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if err := stdjson.Unmarshal(data, &one); err == nil {
		*a = audience{one}
		return nil
	}
	return stdjson.Unmarshal(data, (*[]string)(a))
}

// numericDate is seconds since 1970, possibly with a fraction.
type numericDate float64

func (d *numericDate) UnmarshalJSON(data []byte) error {
	seconds, err := strconv.ParseFloat(string(data), 64)
	// The comparison is written so that it is false for a NaN.
	if err != nil || !(seconds >= 0 && seconds <= maxDate) {
		return fmt.Errorf("%w: a date is not seconds since 1970", ErrMalformed)
	}
	*d = numericDate(seconds)
	return nil
}

func (d *numericDate) time() time.Time {
	if d == nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(float64(*d) * 1000))
}
