package devhost

import (
	"context"

	"github.com/forgego/forgego/devhost/internal/installation"
)

type contextInput struct {
	ModuleKey string `json:"moduleKey"`
}

type contextOutput struct {
	installation.Context
	// Permissions are not part of installation.Context, because a token has none.
	Permissions map[string]any `json:"permissions"`
	// Locale is empty for the browser's locale.
	Locale string `json:"locale,omitempty"`
}

// moduleContext answers view.getContext.
func (d *deployment) moduleContext(_ context.Context, s *installation.Session, in contextInput) (out contextOutput, err error) {
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return out, err
	}
	return contextOutput{s.Context(module), d.grants.Site(s.Site.Number).RuntimePermissions(), d.languages.Chosen()}, nil
}
