package i18n

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/internal/manifest"
)

// Folder is the folder of each resource in which the platform serves the translations. Index is the name of its index.
// @forge/i18n calls them I18N_BUNDLE_FOLDER_NAME and I18N_INFO_FILE_NAME.
const (
	Folder = "__LOCALES__"
	Index  = "i18n-info.json"
)

// index is the content of the index. On the platform it also has the texts of the manifest's own keys, which no page reads.
type index struct {
	Translations map[string]any `json:"translations"`
	Config       indexConfig    `json:"config"`
}

type indexConfig struct {
	Locales  []string       `json:"locales"`
	Fallback map[string]any `json:"fallback"`
}

// Serve serves a file of Folder.
func (l *Languages) Serve(w http.ResponseWriter, name string) {
	// Read the manifest for each request, so that a change has an effect when the page is loaded again.
	t, err := manifest.LoadTranslations(l.dir)
	switch {
	case err != nil:
		l.log.Error("translations", "error", err)
		site.Refuse(w, http.StatusNotFound, err.Error())
		return
	case t == nil:
		site.Refuse(w, http.StatusNotFound, "manifest.yml has no translations.")
		return
	}
	var data []byte
	if name == Index {
		data, err = json.Marshal(indexOf(t))
	} else {
		data, err = t.Read(l.dir, strings.TrimSuffix(name, ".json"))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		site.Refuse(w, http.StatusNotFound, "manifest.yml has no translations in "+name+".")
		return
	case err != nil:
		http.Error(w, "The translations cannot be read.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(data)
}

func indexOf(t *manifest.Translations) index {
	fallback := map[string]any{"default": t.Default}
	for locale, others := range t.Fallback {
		fallback[locale] = others
	}
	return index{map[string]any{}, indexConfig{t.Locales, fallback}}
}
