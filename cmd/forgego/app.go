package main

import (
	"errors"
	"fmt"

	"github.com/forgego/forgego/internal/manifest"
)

// app is an app's folder with its two files, parsed and checked.
type app struct {
	dir      string
	manifest *manifest.Manifest
	dev      *manifest.Dev
	// texts are the translations for the default locale, or nil if there are none.
	texts *manifest.Texts
}

// loadApp reads the files. The error contains all their faults.
func loadApp(dir string) (*app, error) {
	m, manifestErr := manifest.Load(dir)
	d, devErr := manifest.LoadDev(dir)
	switch {
	case manifestErr != nil && devErr != nil:
		return nil, fmt.Errorf("%w\n\n%w", manifestErr, devErr)
	case manifestErr != nil || devErr != nil:
		return nil, errors.Join(manifestErr, devErr)
	}
	if err := m.CheckWasm(d); err != nil {
		return nil, err
	}
	t, err := manifest.LoadTranslations(dir)
	if err != nil || t == nil {
		return &app{dir: dir, manifest: m, dev: d}, err
	}
	texts, err := t.Texts(dir, t.Default)
	return &app{dir, m, d, texts}, err
}
