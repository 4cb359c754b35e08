package platform

// TranslationFolder is the folder of each resource in which the platform serves the translations. TranslationIndex is the
// name of its index. @forge/i18n calls them I18N_BUNDLE_FOLDER_NAME and I18N_INFO_FILE_NAME.
const (
	TranslationFolder = "__LOCALES__"
	TranslationIndex  = "i18n-info.json"
)

// Translations is the content of the index. On the platform it also has the texts of the manifest's own keys, which no page
// reads.
type Translations struct {
	Texts  map[string]any `json:"translations"`
	Config struct {
		Locales  []string       `json:"locales"`
		Fallback map[string]any `json:"fallback"`
	} `json:"config"`
}

// NewTranslations returns the index of translations into these locales. fallback has the locales to try in place of
// another; the last one is always defaultLocale.
func NewTranslations(defaultLocale string, locales []string, fallback map[string][]string) Translations {
	t := Translations{Texts: map[string]any{}}
	t.Config.Locales, t.Config.Fallback = locales, map[string]any{"default": defaultLocale}
	for locale, others := range fallback {
		t.Config.Fallback[locale] = others
	}
	return t
}
