// Package locale has the rule by which Forge's front end names locales.
package locale

import (
	"slices"
	"strings"
)

// codes are the locales that Forge supports, in the order of @forge/i18n's FORGE_SUPPORTED_LOCALE_CODES: of several with
// one language the first is the language's own. They are those of manifest-reference/translations.
var codes = [...]string{
	"zh-CN", "zh-TW", "cs-CZ", "da-DK", "nl-NL", "en-US", "en-GB", "et-EE", "fi-FI", "fr-FR", "de-DE", "hu-HU", "is-IS",
	"it-IT", "ja-JP", "ko-KR", "no-NO", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "tr-TR", "es-ES", "sv-SE",
}

// All gives the locales that Forge supports, in that order.
func All() []string { return slices.Clone(codes[:]) }

// Ensure gives the locale that Forge supports and that text, such as "en_GB", "de" or "nb-NO", means; false if there is
// none. It is ensureLocale of @forge/i18n, by which view.getContext reads the product's locale: only the first "_" is a
// "-", the case of letters counts, and a region that Forge does not support is not taken for the language's own.
func Ensure(text string) (string, bool) {
	text = strings.Replace(text, "_", "-", 1)
	for _, code := range codes {
		if code == text {
			return code, true
		}
	}
	switch text {
	case "pt":
		return "pt-PT", true
	case "nb", "nb-NO":
		return "no-NO", true
	case "en-UK":
		return "en-GB", true
	}
	for _, code := range codes {
		if code[:2] == text {
			return code, true
		}
	}
	return "", false
}
