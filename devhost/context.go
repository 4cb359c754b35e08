package devhost

import (
	"context"

	"github.com/forgego/forgego/devhost/internal/installation"
)

// viewInput says which view of the app a request is about.
type viewInput struct {
	ModuleKey string `json:"moduleKey"`
	// View is the view's name in manifest.yml, or empty for the resource of the module itself.
	View string `json:"view"`
}

type contextOutput struct {
	installation.Context
	// Permissions are not part of installation.Context, because a token has none.
	Permissions map[string]any `json:"permissions"`
	// Locale is empty for the browser's locale.
	Locale string `json:"locale,omitempty"`
}

type pageContext struct {
	contextOutput
	// Changed is set if the developer, or a view of the module, has changed the context while the host runs.
	Changed bool `json:"changed"`
}

// describeContext answers the panel "Context".
func (d *deployment) describeContext(ctx context.Context, s *installation.Session, in viewInput) (out pageContext, err error) {
	out.contextOutput, err = d.moduleContext(ctx, s, in)
	out.Changed = s.HasChanged(in.ModuleKey)
	return out, err
}

// moduleContext answers view.getContext.
func (d *deployment) moduleContext(_ context.Context, s *installation.Session, in viewInput) (out contextOutput, err error) {
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return out, err
	}
	return contextOutput{s.Context(module, in.View), d.grants.Site(s.Site.Number).RuntimePermissions(), d.languages.Chosen()}, nil
}
