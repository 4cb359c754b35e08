package i18n

import (
	"context"
	"strings"
	"sync"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/internal/usercode"
)

// Content is a translation file: texts by their keys, and objects that hold more.
type Content map[string]any

// Lookup gives the text for a key, such as "page.title": the member of that name, or else the one that the path leads to.
func (c Content) Lookup(key string) (text string, ok bool) {
	value := c[key]
	if isFalsy(value) && strings.Contains(key, ".") {
		value = map[string]any(c)
		for name := range strings.SplitSeq(key, ".") {
			within, _ := value.(map[string]any)
			value = within[name]
		}
	}
	text, ok = value.(string)
	return text, ok
}

// isFalsy reports what the official client takes for a key that is not there.
func isFalsy(value any) bool {
	return value == nil || value == "" || value == false || value == 0.0
}

// Translator translates keys into one language. It is safe for use by several goroutines at once.
type Translator struct {
	// Locale is the locale that was asked for.
	Locale string
	// translations are those of the locale and of its fall-backs, in the order in which a key is looked for.
	translations []Content
}

// NewTranslator gives a translator into a locale, such as "de-DE"; an empty one is the user's. It reads the translations
// of the locale and of all its fall-backs. Errors are those of [GetTranslations].
//
// It is i18n.createTranslationFunction of @forge/bridge: apis-reference/ui-api-bridge/i18n.
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
				if usercode.Failed(err) { // by the app's own Fetcher
					usercode.ShowPanic(err)
					err = &bridge.Error{Op: op, Err: &unavailableError{candidate + ".json", err}}
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

// Translate gives the text for a key, and the key itself if there is none.
func (t *Translator) Translate(key string) string { return t.TranslateOr(key, key) }

// TranslateOr gives the text for a key, and otherwise if there is none.
func (t *Translator) TranslateOr(key, otherwise string) string {
	if text, ok := t.Lookup(key); ok {
		return text
	}
	return otherwise
}

// Lookup gives the text for a key, from the locale or the first of its fall-backs that has it.
func (t *Translator) Lookup(key string) (text string, ok bool) {
	for _, content := range t.translations {
		if text, ok = content.Lookup(key); ok {
			return text, true
		}
	}
	return "", false
}
