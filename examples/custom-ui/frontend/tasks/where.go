package tasks

import (
	"context"

	"github.com/forgego/forgego/bridge/router"
	"github.com/forgego/forgego/bridge/view"
)

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
			p.failed(ctx, s, whereSubject, p.words.Text("where.failed", "where", where.Text, "reason", p.words.reason(err)),
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
