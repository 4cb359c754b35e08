package i18n

// Option changes what [GetTranslations] does. A nil Option changes nothing.
type Option func(*settings)

type settings struct{ exact bool }

// WithoutFallback limits the search to the locale itself. By default, the fallbacks in manifest.yml under
// translations.fallback are tried too.
func WithoutFallback() Option { return func(s *settings) { s.exact = true } }
