//go:build !js

package exported

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

type key struct{}

// TestCallContext checks that the context of a call behaves as one of package context does, whenever it is made.
func TestCallContext(t *testing.T) {
	why := errors.New("why")
	for name, use := range map[string]func(ctx context.Context){
		"never used": func(context.Context) {},
		"its end":    func(ctx context.Context) { ctx.Done() },
		"its error":  func(ctx context.Context) { _ = ctx.Err() },
		"its values": func(ctx context.Context) { ctx.Value(key{}) },
		"its cause":  func(ctx context.Context) { _ = context.Cause(ctx) },
	} {
		for end, want := range map[string]error{"call": context.Canceled, "parent": why} {
			t.Run(name+" before the end of the "+end, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					parent, endParent := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
					defer endParent(nil)
					c := &callContext{parent: parent}
					use(c)
					if c.Err() != nil || c.Value(key{}) != "value" {
						t.Errorf("before: %v, %v", c.Err(), c.Value(key{}))
					}
					var child context.Context
					if name == "its end" {
						var cancel context.CancelFunc
						child, cancel = context.WithCancel(c)
						defer cancel()
					}
					if end == "call" {
						c.cancel()
						c.cancel()
					} else {
						endParent(why)
					}
					if c.Err() != context.Canceled || context.Cause(c) != want {
						t.Errorf("after: %v because of %v, want %v", c.Err(), context.Cause(c), want)
					}
					<-c.Done()
					if child != nil {
						<-child.Done()
						if context.Cause(child) != want {
							t.Errorf("the child's cause is %v, want %v", context.Cause(child), want)
						}
					}
					if c.Value(key{}) != "value" {
						t.Error("the value is lost")
					}
				})
			})
		}
	}
}
