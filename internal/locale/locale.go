// Package locale implements the names that Forge's front end has for locales.
package locale

import (
	"slices"
	"strings"
)

// codes are the locales that Forge supports, in the order of @forge/i18n's FORGE_SUPPORTED_LOCALE_CODES. If several
// have the same language, the first is the default of the language. Source:
// https://developer.atlassian.com/platform/forge/manifest-reference/translations/
var codes = [...]string{
	"zh-CN", "zh-TW", "cs-CZ", "da-DK", "nl-NL", "en-US", "en-GB", "et-EE", "fi-FI", "fr-FR", "de-DE", "hu-HU", "is-IS",
	"it-IT", "ja-JP", "ko-KR", "no-NO", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sk-SK", "tr-TR", "es-ES", "sv-SE",
}

// All returns the locales that Forge supports, in that order.
func All() []string { return slices.Clone(codes[:]) }

// Ensure returns the supported locale for text, such as "en_GB", "de" or "nb-NO". It reports false if there is none.
// It is ensureLocale of @forge/i18n, with which view.getContext reads the product's locale: only the first "_" counts
// as "-", case matters, and a region that Forge does not support does not match the language's default.
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
