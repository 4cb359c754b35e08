package devloop

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestJobCancelsTheEarlierTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var j job
		var ended []string
		endFirst := make(chan struct{})
		task := func(name string) func(context.Context) {
			return func(ctx context.Context) {
				if name != "last" {
					<-ctx.Done()
				}
				if name == "first" {
					<-endFirst
				}
				ended = append(ended, name)
			}
		}
		j.wait() // no task yet
		j.start(t.Context(), task("first"))
		synctest.Wait()
		j.start(t.Context(), task("overtaken"))
		j.start(t.Context(), task("last"))
		close(endFirst)
		j.wait()
		// "overtaken" was cancelled before its turn.
		if len(ended) != 2 || ended[0] != "first" || ended[1] != "last" {
			t.Errorf("ran %v", ended)
		}
		j.start(t.Context(), task("stopped"))
		synctest.Wait()
		j.stop()
		if len(ended) != 3 {
			t.Errorf("after stop: %v", ended)
		}
	})
}
