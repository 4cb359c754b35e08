// Package i18n knows the user's language and the app's translations.
package i18n

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/manifest"
)

// Languages knows the translations of one app and the language of the product's user. That is the browser's language,
// unless the user has chosen another. It is safe for concurrent use.
type Languages struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	chosen string
}

// New returns the languages of the app in dir.
func New(dir string, log *slog.Logger) *Languages { return &Languages{dir: dir, log: log} }

// Chosen returns the locale that the user has chosen, or "" for the browser's.
func (l *Languages) Chosen() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.chosen
}

// Adopt takes over the user's choice from the languages of the app's earlier version.
func (l *Languages) Adopt(old *Languages) {
	chosen := old.Chosen()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chosen = chosen
}

// Choice is a locale that the user chooses. If it is empty, the browser's locale is used.
type Choice struct {
	Locale string `json:"locale"`
}

// Choose sets the user's locale.
func (l *Languages) Choose(_ context.Context, in Choice) (Choice, error) {
	if in.Locale != "" && !slices.Contains(locale.All(), in.Locale) {
		return Choice{}, &apierror.Error{Code: "INVALID_REQUEST", Message: fmt.Sprintf("Forge does not support the locale %q.", in.Locale)}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chosen = in.Locale
	return in, nil
}

// Menu is what the page's language menu shows.
type Menu struct {
	Chosen string
	// Translated lists the locales that manifest.yml has translations for. Others lists the other locales of Forge.
	Translated, Others []string
}

// Menu returns the language menu. t may be nil.
func (l *Languages) Menu(t *manifest.Translations) Menu {
	menu := Menu{Chosen: l.Chosen(), Others: locale.All()}
	if t != nil {
		menu.Translated = t.Locales
		menu.Others = slices.DeleteFunc(menu.Others, func(l string) bool { return slices.Contains(t.Locales, l) })
	}
	return menu
}

// Texts returns the translations, and the texts for the user who makes a request. If the app has no translations, both are
// nil. It reads the files each time, so that a change has an effect when the page is loaded again.
func (l *Languages) Texts(r *http.Request) (*manifest.Translations, *manifest.Texts) {
	t, err := manifest.LoadTranslations(l.dir)
	if err != nil || t == nil {
		if err != nil {
			l.log.Error("translations", "error", err)
		}
		return nil, nil
	}
	texts, err := t.Texts(l.dir, cmp.Or(l.Chosen(), browserLocale(r.Header.Get("Accept-Language"))))
	if err != nil {
		l.log.Error("translations", "error", err)
	}
	return t, texts
}

// browserLocale returns the first language that a browser requests. It equals navigator.language.
func browserLocale(acceptLanguage string) string {
	first, _, _ := strings.Cut(acceptLanguage, ",")
	first, _, _ = strings.Cut(first, ";")
	return strings.TrimSpace(first)
}
