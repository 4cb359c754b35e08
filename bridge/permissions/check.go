package permissions

import (
	"context"
	"errors"
)

// Requirements are what a part of the app needs. In a [Result], they are what is missing.
type Requirements struct {
	Scopes   []string  `json:"scopes,omitempty"`
	External *External `json:"external,omitempty"`
}

// External are the addresses that a part of the app needs, by purpose.
type External struct {
	Fetch   *Fetch   `json:"fetch,omitempty"`
	Fonts   []string `json:"fonts,omitempty"`
	Styles  []string `json:"styles,omitempty"`
	Frames  []string `json:"frames,omitempty"`
	Images  []string `json:"images,omitempty"`
	Media   []string `json:"media,omitempty"`
	Scripts []string `json:"scripts,omitempty"`
}

// Fetch are the addresses of requests, by who sends them.
type Fetch struct {
	Backend []string `json:"backend,omitempty"`
	Client  []string `json:"client,omitempty"`
}

// Result is the answer of [Check].
type Result struct {
	Granted bool `json:"granted"`
	// Missing is what has not been granted. It is nil if everything is granted or if the granted permissions are not
	// known.
	Missing *Requirements `json:"missing"`
}

// Check asks the host what is granted, unless nothing is required, and reports whether it is everything required, and
// what is missing. If the host does not say, nothing is granted, and nothing is reported as missing. Errors are those of
// [Get], except [ErrUnknown].
//
// It is checkPermissions.
func Check(ctx context.Context, required Requirements) (Result, error) {
	if required.isEmpty() {
		return Result{Granted: true}, nil
	}
	granted, err := Get(ctx)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Result{}, err
	}
	return granted.Check(required), nil
}

// Check reports whether everything required is granted, and what is missing.
//
// It is checkPermissions with a second argument.
func (g *Granted) Check(required Requirements) Result {
	if required.isEmpty() {
		return Result{Granted: true}
	}
	if g == nil {
		return Result{}
	}
	missing := Requirements{
		Scopes:   without(required.Scopes, g.HasScope),
		External: missingExternal(required.External, g),
	}
	if missing.isEmpty() {
		return Result{Granted: true}
	}
	return Result{Missing: &missing}
}

func (r Requirements) isEmpty() bool { return len(r.Scopes) == 0 && r.External == nil }

func missingExternal(required *External, granted *Granted) *External {
	if required == nil {
		return nil
	}
	resources := func(urls []string, kind ResourceType) []string {
		return without(urls, func(url string) bool { return granted.CanLoadResource(kind, url) })
	}
	fetch := func(urls []string, by FetchType) []string {
		return without(urls, func(url string) bool { return granted.CanFetchFrom(by, url) })
	}
	missing := External{
		Fonts:   resources(required.Fonts, Fonts),
		Styles:  resources(required.Styles, Styles),
		Frames:  resources(required.Frames, Frames),
		Images:  resources(required.Images, Images),
		Media:   resources(required.Media, Media),
		Scripts: resources(required.Scripts, Scripts),
	}
	if required.Fetch != nil {
		f := Fetch{Backend: fetch(required.Fetch.Backend, Backend), Client: fetch(required.Fetch.Client, Client)}
		if f.Backend != nil || f.Client != nil {
			missing.Fetch = &f
		}
	}
	if missing.isEmpty() {
		return nil
	}
	return &missing
}

func (e *External) isEmpty() bool {
	return e.Fetch == nil && e.Fonts == nil && e.Styles == nil && e.Frames == nil && e.Images == nil && e.Media == nil && e.Scripts == nil
}

// without returns the addresses that are not granted, or nil if there are none.
func without(required []string, isGranted func(string) bool) []string {
	var missing []string
	for _, r := range required {
		if !isGranted(r) {
			missing = append(missing, r)
		}
	}
	return missing
}
