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

// settingTime limits the wait for the product's context and texts. It is short, because the page shows nothing meanwhile.
const settingTime = 3 * time.Second

// Setting is what the page asks the product before it shows anything.
type Setting struct {
	Words *Words
	Where Where
	// Opened is the data of the dialog; nil if the page is not in a dialog.
	Opened *Opened
}

// LoadSetting applies the product's theme to the page, and asks the product for the page's place and texts. If the product does not
// answer in time, the page works without them, in English.
func LoadSetting(ctx context.Context) Setting {
	ctx, cancel := context.WithTimeout(ctx, settingTime)
	defer cancel()
	var themed sync.WaitGroup
	// Without the product's theme, the system's colors apply.
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

// wordsFor returns the texts for a locale. The English ones are in the program, so they cause no wait.
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
