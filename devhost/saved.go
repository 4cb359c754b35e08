package devhost

import (
	"context"

	"github.com/forgego/forgego/devhost/internal/installation"
)

type savedInput struct {
	viewInput
	Payload any `json:"payload"`
}

type savedOutput struct {
	Saved bool `json:"saved"`
}

// saveView keeps what a view has submitted, and tells the windows of the site.
func (d *deployment) saveView(_ context.Context, s *installation.Session, in savedInput) (out savedOutput, err error) {
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return out, err
	}
	if out.Saved, err = s.Save(module, in.View, in.Payload); out.Saved {
		d.contextChanged(s, in.ModuleKey, true)
	}
	return out, err
}

type extensionInput struct {
	viewInput
	// Extension is nil to undo all changes.
	Extension map[string]any `json:"extension"`
	LocalID   string         `json:"localId"`
}

// setExtension changes the context of a module as the developer has edited it, and tells the windows of the site.
func (d *deployment) setExtension(_ context.Context, s *installation.Session, in extensionInput) (out struct{}, err error) {
	module, err := s.Module(in.ModuleKey)
	if err != nil {
		return out, err
	}
	s.SetExtension(module, in.View, in.Extension, in.LocalID)
	d.contextChanged(s, in.ModuleKey, false)
	return out, nil
}

// contextChanged tells the windows of a site that the context of a module is another one, and whether one of the module's views
// has saved it.
func (d *deployment) contextChanged(s *installation.Session, module string, saved bool) {
	d.windows.BroadcastTo(s.Site.Number, message("context", struct {
		Module string `json:"module"`
		Saved  bool   `json:"saved"`
	}{module, saved}))
}
