package manifest

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// App is an app's folder with its two files, read and checked.
type App struct {
	Dir      string
	Manifest *Manifest
	Dev      *Dev
	// Translations are nil if there are none. Texts are then nil, too; otherwise they are those of the default locale.
	Translations *Translations
	Texts        *Texts
}

// LoadApp reads manifest.yml and forgego.yml in dir and the translations. The error holds an *Error for each fault.
func LoadApp(dir string) (*App, error) {
	m, manifestErr := Load(dir)
	d, devErr := LoadDev(dir)
	switch {
	case manifestErr != nil && devErr != nil && manifestErr.Error() == devErr.Error():
		return nil, manifestErr // dir is a file
	case manifestErr != nil && devErr != nil:
		return nil, fmt.Errorf("%w\n\n%w", manifestErr, devErr)
	case manifestErr != nil || devErr != nil:
		return nil, errors.Join(manifestErr, devErr)
	}
	if err := m.CheckWasm(d); err != nil {
		return nil, err
	}
	a := &App{Dir: dir, Manifest: m, Dev: d}
	t, err := LoadTranslations(dir)
	if err != nil || t == nil {
		return a, err
	}
	a.Translations = t
	a.Texts, err = t.Texts(dir, t.Default)
	return a, err
}

// Title returns the title of the first module that shows a resource, in the default language. If there is none, it returns
// "".
func (a *App) Title(resource string) string {
	for _, m := range a.Manifest.Modules {
		for _, v := range m.Views {
			if v.Resource == resource {
				return a.Texts.Title(m)
			}
		}
	}
	return ""
}

// Programs returns the keys of the front ends that are built from a Go package, sorted.
func (d *Dev) Programs() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.Frontends)), func(key string) bool { return len(d.Frontends[key].Command) > 0 })
}

// CommandKeys returns the keys of all remotes and services, and of the front ends with a command.
func (d *Dev) CommandKeys() []string {
	programs := d.Programs()
	servers := slices.DeleteFunc(slices.Sorted(maps.Keys(d.Frontends)), func(key string) bool { return slices.Contains(programs, key) })
	return slices.Concat(servers, slices.Sorted(maps.Keys(d.Remotes)), slices.Sorted(maps.Keys(d.Services)))
}

// TranslationFiles returns the paths of the translation files.
func (a *App) TranslationFiles() []string {
	if a.Translations == nil {
		return nil
	}
	return a.paths(slices.Sorted(maps.Values(a.Translations.Files)))
}

// FixtureFiles returns the paths of the files in forgego.yml whose contents answer requests, without duplicates.
func (a *App) FixtureFiles() []string {
	var names []string
	for _, p := range a.Dev.Products {
		for _, f := range p.Fixtures {
			names = append(names, f.File)
		}
	}
	for _, f := range a.Dev.Functions {
		names = append(names, f.File)
	}
	names = slices.AppendSeq(names, maps.Values(a.Dev.TeamworkGraph))
	names = append(names, a.Dev.UserRecommendations)
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	return a.paths(names)
}

func (a *App) paths(names []string) (paths []string) {
	for _, name := range names {
		paths = append(paths, filepath.Join(a.Dir, filepath.FromSlash(name)))
	}
	return paths
}
