package devhost

import (
	"context"
	"strconv"
	"time"

	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/devhost/internal/token"
)

// tokenInput and tokenOutput follow the GraphQL mutation signInvocationTokenForUI.
type tokenInput struct {
	viewInput
	RemoteKey string `json:"remoteKey"`
}

type tokenOutput struct {
	JWT string `json:"jwt"`
	// ExpiresAt is in milliseconds since 1970, as a string.
	ExpiresAt string `json:"expiresAt"`
	BaseURL   string `json:"baseUrl"`
}

// issueToken returns a token for requestRemote, which the product's page performs, or for an app that requests one.
func (d *deployment) issueToken(ctx context.Context, s *installation.Session, in tokenInput) (out tokenOutput, err error) {
	if err := d.faults.strike(ctx); err != nil {
		return out, err
	}
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return out, err
	}
	base, err := d.remotes.BaseURL(s.Site.Number, in.RemoteKey)
	if err != nil {
		return out, err
	}
	claims := token.NewClaims(s, module, in.View, time.Now(), d.options.tokenLifetime, "")
	jwt, err := d.keys.Sign(claims)
	if err != nil {
		return out, err
	}
	d.faults.minted()
	d.log.Debug("token", "module", module.Key, "remote", in.RemoteKey)
	return tokenOutput{JWT: jwt, ExpiresAt: strconv.FormatInt(claims.Expires*1000, 10), BaseURL: base}, nil
}
