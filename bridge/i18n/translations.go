// Package i18n reads the app's translations, which manifest.yml lists under translations, in the user's language.
//
//	t, err := i18n.NewTranslator(ctx, "")
//	if err != nil {
//		return err
//	}
//	title.SetTextContent(t.Translate("board.title"))
package i18n

import (
	"context"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/internal/payload"
	"github.com/forgego/forgego/internal/locale"
)

// Translations are the translations of one locale.
type Translations struct {
	// Locale is the locale of Content, which may be a fallback of the requested one.
	Locale string
	// Content is the translation file, or nil if there is none for the locale.
	Content Content
}

// GetTranslations returns the translations of a locale, such as "de-DE", or of its first fallback that has any. If
// locale is empty, it is the user's. Files that were read once are cached: see [ResetCache]. A key that is missing in
// one file is not searched in another; [Translator] does that.
//
// Errors: [ErrUnavailable], and, if locale is empty, those of [bridge.Client]'s Call and [bridge.ErrInvalidResponse]. If ctx
// ends, the error is the reason why. It is not an error if there are no translations for the locale.
//
// It is i18n.getTranslations of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/i18n/
func GetTranslations(ctx context.Context, locale string, options ...Option) (Translations, error) {
	const op = "i18n.getTranslations"
	var s settings
	for _, option := range options {
		if option != nil {
			option(&s)
		}
	}
	locale, err := orUsers(ctx, op, locale)
	if err != nil {
		return Translations{}, err
	}
	files := filesOf(ctx)
	index, err := files.readIndex(ctx, op)
	if err != nil {
		return Translations{}, err
	}
	candidates := index.order(locale)
	if s.exact {
		candidates = index.exact(locale)
	}
	for _, candidate := range candidates {
		content, err := files.read(ctx, op, candidate)
		if err != nil {
			return Translations{}, err
		}
		if content != nil || s.exact {
			return Translations{candidate, content}, nil
		}
	}
	return Translations{Locale: locale}, nil
}

// ResetCache discards the cached translations, so that they are read again when needed.
//
// It is i18n.resetTranslationsCache of @forge/bridge.
func ResetCache(ctx context.Context) { filesOf(ctx).reset() }

// orUsers returns text, or the user's locale from view.getContext if text is empty.
func orUsers(ctx context.Context, op, text string) (string, error) {
	if text != "" {
		return text, nil
	}
	answer, err := bridge.FromContext(ctx).Call(ctx, op, bridge.Call{Command: "getContext"})
	if err != nil {
		return "", err
	}
	var view struct {
		Locale string `json:"locale"`
	}
	if err := payload.Read(op, answer.Payload, &view); err != nil {
		return "", err
	}
	if known, ok := locale.Ensure(view.Locale); ok {
		return known, nil
	}
	return view.Locale, nil
}
