package function

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/manifest"
)

// TriggerInput asks for a call of the function of a webtrigger, a scheduledTrigger or a trigger.
type TriggerInput struct {
	// Key is that of the module.
	Key     string          `json:"key"`
	Payload json.RawMessage `json:"payload"`

	// UseCredentials is as in Input.
	UseCredentials bool `json:"-"`
}

// Trigger calls the function of a trigger with a payload, as Forge does without a user. It reads forgego.yml first.
//
// Source: https://developer.atlassian.com/platform/forge/function-reference/scheduled-trigger/
func (c *Caller) Trigger(ctx context.Context, s *installation.Session, in TriggerInput) (*Output, error) {
	dev, err := devfile.Load(c.Dir)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(c.Manifest.Triggers, func(t manifest.Trigger) bool { return t.Key == in.Key })
	if at < 0 {
		return nil, unavailable("manifest.yml has no trigger %q that calls a function.", in.Key)
	}
	t := c.Manifest.Triggers[at]
	if f, _ := dev.Answer(c.Manifest, t.Function); !f.Run {
		return nil, unavailable("Triggers call the app's own handlers, but forgego.yml does not run the one of the function %q. Write in forgego.yml, under functions: \"%s: run\".", t.Function, devfile.Key(t.Function))
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	product := installation.Jira
	if all := s.Products(); len(all) > 0 {
		product = all[0]
	}
	i := invocation{c, s, t.Function, t.Key, t.Key, product, in.UseCredentials}
	started := time.Now()
	result, from, err := i.run(ctx, in.Payload, false)
	c.Log.Debug("trigger", "module", t.Key, "took", time.Since(started), "error", err)
	if err != nil {
		return nil, err
	}
	return &Output{result, from}, nil
}
