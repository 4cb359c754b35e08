package manifest

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/forgego/forgego/internal/appfile"
	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/textfile"
)

// Translations are the translations of manifest.yml. See
// https://developer.atlassian.com/platform/forge/manifest-reference/translations/
type Translations struct {
	// Locales are the locales that have a file, in the manifest's order.
	Locales []string
	// Files are the translation files by locale, relative to the app's folder and inside it.
	Files map[string]string
	// Default is the locale that is used if no other one fits. Fallback lists, for a locale, which ones to try before it.
	Default  string
	Fallback map[string][]string
}

// LoadTranslations reads and checks the translations of dir/manifest.yml. It returns nil if there are none. The error
// holds an *Error for each fault, in the order of the file.
func LoadTranslations(dir string) (*Translations, error) {
	src, err := openSource(dir, "manifest.yml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	src.readVariables()
	src.faults = nil // Load reports them
	at := src.root.get("translations")
	if at.kind() == missing {
		return nil, nil
	}
	t := src.readTranslations(at)
	for _, n := range at.get("resources").items() {
		src.checkDataFile(dir, n.get("path"), "locales/en-US.json")
	}
	if t.Default != "" && len(src.faults) == 0 {
		src.checkTexts(t, dir)
	}
	if err := src.sorted().orNil(); err != nil {
		return nil, err
	}
	return t, nil
}

func (s *source) readTranslations(at node) *Translations {
	t := &Translations{Files: map[string]string{}, Fallback: map[string][]string{}}
	for _, n := range at.get("resources").items() {
		key := s.readLocale(n.get("key"))
		if n.get("path").text() == "" {
			s.fault(n, `Add "path: locales/`+key+`.json".`, "the translations for %q have no file", key)
		}
		if !slices.Contains(t.Locales, key) {
			t.Locales = append(t.Locales, key)
		}
		t.Files[key] = n.get("path").text()
	}
	for _, e := range at.get("fallback").entries() {
		if e.key == "default" {
			t.Default = s.readResourceLocale(t, e.value)
			continue
		}
		fallbacks := []string{}
		for _, n := range e.value.items() {
			fallbacks = append(fallbacks, s.readResourceLocale(t, n))
		}
		t.Fallback[e.key] = fallbacks
	}
	if t.Default == "" {
		s.fault(at.get("fallback"), "Add fallback: and below it default: with one of the locales under resources.", "the translations have no default")
	}
	return t
}

// readLocale reads a locale that Forge supports.
func (s *source) readLocale(at node) string {
	text := at.text()
	if known, _ := locale.Ensure(text); known != text || text == "" {
		s.fault(at, "Use a locale such as en-US or de-DE: https://developer.atlassian.com/platform/forge/manifest-reference/forge-supported-locale-codes/", "Forge does not support the locale %s", at.quoted())
	}
	return text
}

// readResourceLocale reads a locale that has a file.
func (s *source) readResourceLocale(t *Translations, at node) string {
	text := s.readLocale(at)
	if !slices.Contains(t.Locales, text) {
		s.fault(at, "Add it under translations.resources.", "there are no translations for the locale %s", at.quoted())
	}
	return text
}

// maxTranslations is the size of the largest translation file that is read, in bytes.
const maxTranslations = 5 << 20

// Read returns the text of a locale's file in the app's folder, without a byte order mark. A locale without a file
// returns fs.ErrNotExist.
func (t *Translations) Read(dir, locale string) ([]byte, error) {
	name, ok := t.Files[locale]
	if !ok {
		return nil, fs.ErrNotExist
	}
	data, err := appfile.ReadIn(dir, name, maxTranslations)
	if err != nil {
		return nil, err
	}
	return textfile.Decode(data)
}
