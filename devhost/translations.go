package devhost

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// localesFolder is where the platform puts the translations, beside the pages of each resource: @forge/i18n's
// I18N_BUNDLE_FOLDER_NAME, with the index I18N_INFO_FILE_NAME.
const (
	localesFolder = "__LOCALES__"
	localesIndex  = "i18n-info.json"
)

// localesIndexFile is the index. The platform also has the texts of the manifest's own keys in it, which no page reads.
type localesIndexFile struct {
	Translations map[string]any `json:"translations"`
	Config       localesConfig  `json:"config"`
}

type localesConfig struct {
	Locales  []string       `json:"locales"`
	Fallback map[string]any `json:"fallback"`
}

// translationRoutes serve the translations of manifest.yml where the official client fetches them.
func (h *Host) translationRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{key}/"+localesFolder+"/{name}", func(w http.ResponseWriter, r *http.Request) {
		if _, ok := h.manifest.Resource(r.PathValue("key")); !ok {
			noResource(w, r)
			return
		}
		h.serveTranslations(w, r.PathValue("name"))
	})
}

func (h *Host) serveTranslations(w http.ResponseWriter, name string) {
	// For each request, so that a change counts when the page is loaded again.
	t, err := manifest.LoadTranslations(h.manifest.Dir)
	switch {
	case err != nil:
		h.log.Error("translations", "error", err)
		notFound(w, err.Error())
		return
	case t == nil:
		notFound(w, "manifest.yml has no translations.")
		return
	}
	var data []byte
	if name == localesIndex {
		data, err = json.Marshal(indexOfLocales(t))
	} else {
		data, err = t.Read(h.manifest.Dir, strings.TrimSuffix(name, ".json"))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		notFound(w, "manifest.yml has no translations in "+name+".")
		return
	case err != nil:
		http.Error(w, "The translations cannot be read.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(data)
}

func indexOfLocales(t *manifest.Translations) localesIndexFile {
	fallback := map[string]any{"default": t.Default}
	for locale, others := range t.Fallback {
		fallback[locale] = others
	}
	return localesIndexFile{map[string]any{}, localesConfig{t.Locales, fallback}}
}
