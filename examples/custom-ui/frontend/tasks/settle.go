package tasks

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
)

// settleTime is how long the product may take to say where the page is, and in which language. Nothing is shown
// meanwhile, so that it is short.
const settleTime = 3 * time.Second

// Setting is what the page learns of its surroundings before it shows anything.
type Setting struct {
	Words *Words
	Where Where
	// Opened is what a dialog was opened with; nil if the page is not in one.
	Opened *Opened
}

// Settle has the page follow the product's theme, and asks where it is. What the product does not say, or not in time, is
// not needed: the page works without, in English.
func Settle(ctx context.Context) Setting {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	var themed sync.WaitGroup
	// A product without themes leaves the choice to the system.
	themed.Go(func() { _ = view.EnableTheme(ctx) })
	defer themed.Wait()

	s := Setting{Words: English()}
	here, err := view.GetContext(ctx)
	if err != nil {
		return s
	}
	var opened Opened
	if found, err := here.Extension.Decode("modal", &opened); found && err == nil && opened.Task != "" {
		s.Opened = &opened
	}
	s.Words = wordsFor(ctx, here.Locale)
	if s.Where = whereIs(here, s.Words); s.Where.IsKnown() {
		s.Where.URL, _ = router.GetURL(ctx, s.Where.Location)
	}
	return s
}

// wordsFor gives the words for a locale. Nobody who reads English waits for them.
func wordsFor(ctx context.Context, locale string) *Words {
	if locale == "" || locale == "en" || strings.HasPrefix(locale, "en-") {
		return English()
	}
	t, err := i18n.NewTranslator(ctx, locale)
	if err != nil {
		return English()
	}
	return &Words{t.Lookup}
}
