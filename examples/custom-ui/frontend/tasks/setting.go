package tasks

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
)

// settingTime limits the wait for the product's context and texts. Until then the page shows only its skeleton. Without them it
// stays in English, so a slow machine gets enough time.
const settingTime = 10 * time.Second

// Setting is what the page asks the product before it shows anything.
type Setting struct {
	Words *Words
	Where Where
	// Opened is the data of the dialog; nil if the page is not in a dialog.
	Opened *Opened
	// Site is the cloud id of the installation, or its workspace id in Bitbucket. It is "" if the product does not say.
	Site string
}

// SharedName returns the name of what this browser's windows of the page share. It includes the site, because a browser may
// show the app of several sites on one origin: the local host does. It is "" if the site is unknown, and then nothing may be
// shared.
func (s Setting) SharedName() string {
	if s.Site == "" {
		return ""
	}
	return "tasks:events:" + s.Site
}

// LoadSetting applies the product's theme to the page, and asks the product for the page's place and texts. If the product
// does not answer in time, the page works without them, in English.
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
	s.Site = cmp.Or(here.CloudID, here.WorkspaceID)
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

// Where describes the product's page around the app. The zero Where means that it is unknown.
type Where struct {
	// Text is its name, such as "Issue DEMO-1".
	Text string
	// Location is its target for the router. URL is its address, or "" if the host does not return one.
	Location router.Location
	URL      string
}

// IsKnown reports whether there is a page to show and open.
func (w Where) IsKnown() bool { return w.Location != nil }

// whereIs reads the place from the context's extension: an issue in Jira, a page or a space in Confluence.
func whereIs(here *view.Context, words *Words) Where {
	var issue, space struct{ Key string }
	var content struct{ ID string }
	for name, member := range map[string]any{"issue": &issue, "space": &space, "content": &content} {
		// Ignore data that does not have the documented form.
		_, _ = here.Extension.Decode(name, member)
	}
	switch {
	case issue.Key != "":
		return Where{Text: words.Text("where.issue", "key", issue.Key), Location: router.Issue{IssueKey: issue.Key}}
	case content.ID != "" && space.Key != "":
		return Where{Text: words.Text("where.page", "key", space.Key), Location: router.ContentView{ContentID: content.ID}}
	case space.Key != "":
		return Where{Text: words.Text("where.space", "key", space.Key), Location: router.SpaceView{SpaceKey: space.Key}}
	}
	return Where{}
}

// whereSubject is the subject of a failure to open the product's page around the app.
const whereSubject = "the place"

// OpenProductPage opens the product's page around the app, in a new tab if newTab is true.
func (p *Page) OpenProductPage(ctx context.Context, newTab bool) {
	var where Where
	p.update(func(s *State) {
		where = s.Where
		s.setTrying(whereSubject)
	})
	err := where.open(ctx, newTab)
	p.update(func(s *State) {
		if err != nil {
			p.failed(ctx, s, whereSubject, p.words.Text("where.failed", "where", where.Text, "reason", p.reason(err)),
				func(ctx context.Context) { p.OpenProductPage(ctx, newTab) })
			return
		}
		p.clear(s, whereSubject)
	})
}

// open makes the product open the place.
func (w Where) open(ctx context.Context, newTab bool) error {
	if newTab {
		return router.Open(ctx, w.Location)
	}
	return router.Navigate(ctx, w.Location)
}
