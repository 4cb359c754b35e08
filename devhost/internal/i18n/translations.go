package i18n

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"github.com/forgego/forgego/devhost/internal/site"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/platform"
)

// Serve serves a file of platform.TranslationFolder.
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
	if name == platform.TranslationIndex {
		data, err = json.Marshal(platform.NewTranslations(t.Default, t.Locales, t.Fallback))
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
