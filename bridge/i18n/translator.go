package i18n

import (
	"context"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/locale"
	"github.com/forgego/forgego/internal/usercode"
)

// Content is a translation file: texts by key, and nested objects and arrays.
type Content map[string]any

// Lookup returns the text for a key, such as "page.title" or "items.0": the member with that name, or else the one at that
// path. A part of a path is a member's name or, in an array, an index.
func (c Content) Lookup(key string) (text string, ok bool) { return locale.Text(c, key) }

// Translator translates keys into one language. It is safe for concurrent use.
type Translator struct {
	// Locale is the requested locale.
	Locale string
	// translations are those of the locale and its fallbacks, in search order.
	translations []Content
}

// NewTranslator returns a translator into a locale, such as "de-DE". If locale is empty, it is the user's. It reads
// the translations of the locale and of all its fallbacks. Errors are those of [GetTranslations].
//
// It is i18n.createTranslationFunction of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/i18n/
func NewTranslator(ctx context.Context, locale string) (*Translator, error) {
	const op = "i18n.createTranslationFunction"
	locale, err := orUsers(ctx, op, locale)
	if err != nil {
		return nil, err
	}
	files := filesOf(ctx)
	index, err := files.readIndex(ctx, op)
	if err != nil {
		return nil, err
	}
	order := index.order(locale)
	t := &Translator{Locale: locale, translations: make([]Content, len(order))}
	errs := make([]error, len(order))
	var all sync.WaitGroup
	for i, candidate := range order {
		all.Go(func() {
			usercode.Call(func() (err error) {
				t.translations[i], err = files.read(ctx, op, candidate)
				return err
			}, func(err error) {
				if usercode.Failed(err) { // the app's own Fetcher failed
					usercode.ShowPanic(err)
					err = &bridge.Error{Op: op, Err: unavailable(candidate+".json", err)}
				}
				errs[i] = err
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Translate returns the text for a key, or the key itself if there is none.
func (t *Translator) Translate(key string) string { return t.TranslateOr(key, key) }

// TranslateOr returns the text for a key, or otherwise if there is none.
func (t *Translator) TranslateOr(key, otherwise string) string {
	if text, ok := t.Lookup(key); ok {
		return text
	}
	return otherwise
}

// Lookup returns the text for a key, from the locale or its first fallback that has the key.
func (t *Translator) Lookup(key string) (text string, ok bool) {
	for _, content := range t.translations {
		if text, ok = content.Lookup(key); ok {
			return text, true
		}
	}
	return "", false
}
