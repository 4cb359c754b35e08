package bridgetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/platform"
)

const translationFolder = platform.TranslationFolder

// Translations are the translations of an app, as under translations in manifest.yml.
type Translations struct {
	// Default is the locale that is used if no other one fits. Fallback lists, for a locale, which ones to try before it.
	Default  string
	Fallback map[string][]string
	// Files are the contents of the files by locale, each encoded by encoding/json: such as an i18n.Content, or a
	// json.RawMessage.
	Files map[string]any
}

// SetTranslations sets the translations that package i18n reads. Without them, as for an app without translations, it returns
// i18n.ErrUnavailable. A locale that Forge does not support fails the test, and so does a Default without a file. Clients keep
// what they have read: see i18n.ResetCache.
func (h *Host) SetTranslations(t Translations) {
	if h.t != nil {
		h.t.Helper()
	}
	locales := slices.Sorted(maps.Keys(t.Files))
	for _, code := range locales {
		if !slices.Contains(locale.All(), code) {
			h.misuse("Forge does not support the locale %q", code)
		}
	}
	if t.Files[t.Default] == nil {
		h.misuse("the translations have no file for their Default %q", t.Default)
	}
	files := map[string][]byte{}
	for code, content := range t.Files {
		data, err := json.Marshal(content)
		if err != nil {
			h.misuse("the translations for %s: %v", code, err)
		}
		files[code+".json"] = data
	}
	index, err := json.Marshal(platform.NewTranslations(t.Default, locales, t.Fallback))
	if err != nil {
		h.misuse("the translations: %v", err)
	}
	files[platform.TranslationIndex] = index
	h.mu.Lock()
	defer h.mu.Unlock()
	h.translations = files
}

// serveTranslation serves a file of the app's translations.
func (h *Host) serveTranslation(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	data, ok := h.translations[r.PathValue("name")]
	none := h.translations == nil
	h.mu.Unlock()
	switch {
	case none:
		http.Error(w, "The host in memory has no translations: the test must prepare them by Host.SetTranslations.", http.StatusNotFound)
	case !ok:
		http.Error(w, fmt.Sprintf("The translations have no %s.", strings.TrimSuffix(r.PathValue("name"), ".json")), http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(data)
	}
}
