package exported

import (
	"context"
	"sync"
	"time"
)

// callContext is the context of a call. It is made into one of package context only when the function needs that: most
// functions do not look at it, and making one takes as long as a fifth of a short call.
type callContext struct {
	parent context.Context

	mu    sync.Mutex
	ended bool
	// whole is nil until it is needed. end ends it.
	whole context.Context
	end   context.CancelFunc
}

// get returns the context as one of package context. The caller holds the lock.
func (c *callContext) get() context.Context {
	if c.whole == nil {
		c.whole, c.end = context.WithCancel(c.parent)
		if c.ended {
			c.end()
		}
	}
	return c.whole
}

func (c *callContext) Deadline() (time.Time, bool) { return c.parent.Deadline() }

func (c *callContext) Done() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.get().Done()
}

func (c *callContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole == nil && !c.ended {
		return c.parent.Err()
	}
	return c.get().Err()
}

// Value also answers what package context asks to find the context that ends, and its cause.
func (c *callContext) Value(key any) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole == nil && !c.ended {
		return c.parent.Value(key)
	}
	return c.get().Value(key)
}

// cancel ends the context.
func (c *callContext) cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.end != nil {
		c.end()
	}
}
