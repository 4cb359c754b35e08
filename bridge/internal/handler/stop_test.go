//go:build !tinygo

package handler_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/forgego/forgego/bridge/internal/handler"
)

func TestStop(t *testing.T) {
	for name, tt := range map[string]struct {
		stop func(stop, cancel func())
		want []string
	}{
		"by stop":        {func(stop, _ func()) { stop(); stop() }, []string{"release", "end", "end"}},
		"by the context": {func(_, cancel func()) { cancel() }, []string{"release"}},
		"by both":        {func(stop, cancel func()) { cancel(); synctest.Wait(); stop() }, []string{"release", "end"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var got []string
				stop := handler.Stop(ctx, func() { got = append(got, "end") }, func() { got = append(got, "release") })
				tt.stop(stop, cancel)
				synctest.Wait()
				if !slices.Equal(got, tt.want) {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		})
	}
}
