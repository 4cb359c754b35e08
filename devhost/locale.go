package devhost

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/manifest"
)

// userLocale is the language that the product has for its user: the browser's, until the page's switch chooses another.
type userLocale struct {
	mu     sync.Mutex
	chosen string
}

func (l *userLocale) get() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.chosen
}

// localeChoice is a locale to choose; the empty one is the browser's.
type localeChoice struct {
	Locale string `json:"locale"`
}

func (h *Host) chooseLocale(_ context.Context, in localeChoice) (localeChoice, error) {
	if in.Locale != "" && !slices.Contains(locale.All(), in.Locale) {
		return localeChoice{}, &apierror.Error{Code: "INVALID_REQUEST", Message: fmt.Sprintf("Forge has no locale %q.", in.Locale)}
	}
	h.locale.mu.Lock()
	defer h.locale.mu.Unlock()
	h.locale.chosen = in.Locale
	return in, nil
}

// localeMenu is what the page's switch offers.
type localeMenu struct {
	Chosen string
	// Translated are the locales that manifest.yml has translations for, Others those that Forge supports besides.
	Translated, Others []string
}

func (h *Host) localeMenu(t *manifest.Translations) localeMenu {
	menu := localeMenu{Chosen: h.locale.get(), Others: locale.All()}
	if t != nil {
		menu.Translated = t.Locales
		menu.Others = slices.DeleteFunc(menu.Others, func(l string) bool { return slices.Contains(t.Locales, l) })
	}
	return menu
}

// pageTexts are the translations for whoever asks for the product's page; nil if there are none. They are read each time,
// so that a change counts when the page is loaded again.
func (h *Host) pageTexts(r *http.Request) (*manifest.Translations, *manifest.Texts) {
	t, err := manifest.LoadTranslations(h.manifest.Dir)
	if err != nil || t == nil {
		if err != nil {
			h.log.Error("translations", "error", err)
		}
		return nil, nil
	}
	texts, err := t.Texts(h.manifest.Dir, cmp.Or(h.locale.get(), browserLocale(r.Header.Get("Accept-Language"))))
	if err != nil {
		h.log.Error("translations", "error", err)
	}
	return t, texts
}

// browserLocale is the first of the languages that a browser asks for, which is navigator.language.
func browserLocale(acceptLanguage string) string {
	first, _, _ := strings.Cut(acceptLanguage, ",")
	first, _, _ = strings.Cut(first, ";")
	return strings.TrimSpace(first)
}
