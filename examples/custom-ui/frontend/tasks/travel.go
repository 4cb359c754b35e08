package tasks

import (
	"context"

	"github.com/forgego/forgego/bridge/router"
)

// whereSubject is the subject of a failure to open the product's page around the app.
const whereSubject = "the place"

// Travel opens the product's page around the app, in a new tab if newTab is true.
func (p *Page) Travel(ctx context.Context, newTab bool) {
	var where Where
	p.update(func(s *State) {
		where = s.Where
		s.setTrying(whereSubject)
	})
	err := where.open(ctx, newTab)
	p.update(func(s *State) {
		if err != nil {
			p.failed(ctx, s, whereSubject, p.words.Text("where.failed", "where", where.Text, "reason", p.words.reason(err)),
				func(ctx context.Context) { p.Travel(ctx, newTab) })
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
