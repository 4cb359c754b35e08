package devhost

import (
	"context"
	"net/http"

	"github.com/forgego/forgego/devhost/internal/function"
	"github.com/forgego/forgego/devhost/internal/installation"
)

// triggerItem is a function that the panel "Events" can call.
type triggerItem struct {
	// Key is that of the module, and Type its type. Event is one of the events that a product's trigger waits for.
	Key, Type, Event string
}

// triggers lists what calls the app's functions without a page.
func (d *deployment) triggers() (items []triggerItem) {
	for _, t := range d.manifest.Triggers {
		if len(t.Events) == 0 {
			items = append(items, triggerItem{Key: t.Key, Type: t.Type})
		}
		for _, event := range t.Events {
			items = append(items, triggerItem{t.Key, t.Type, event})
		}
	}
	return items
}

func (d *deployment) serveTrigger(w http.ResponseWriter, r *http.Request) {
	inSession(d, func(ctx context.Context, s *installation.Session, in function.TriggerInput) (*function.Output, error) {
		in.UseCredentials = d.hasPageKey(r)
		return d.functions.Trigger(ctx, s, in)
	})(w, r)
}
