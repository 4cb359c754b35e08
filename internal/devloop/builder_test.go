package devloop

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
)

// Only the end of a build tells what it depended on. A save that comes just then must not be lost.
func TestSaveAtTheEndOfTheFirstBuild(t *testing.T) {
	t.Parallel()
	r := newApp(t)
	frontend := sync.OnceFunc(func() { r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1)) })
	backend := sync.OnceFunc(func() { r.write("backend/main.go", backendThat("", "second answer")) })
	r.hear = func(e devhost.Event) {
		switch {
		case e.Type == EventBuild && e.Name == "main" && e.Status == "ok":
			frontend()
		case e.Type == EventBackend && e.Name == "api" && e.Status == "ready":
			backend()
		}
	}
	r.run(Options{})
	r.untilProgram("main", "second words")
	r.until("the backend is up", func() bool { return r.backendURL() != "" && r.get(r.backendURL()) == "second answer" })
	r.waitForNoProblems()
}

// A newer save cancels a build that has already written its program. The newer build then has nothing to write, but the
// pages must show the program.
func TestBuildThatIsCancelledTooLate(t *testing.T) {
	t.Parallel()
	r := newApp(t, "forgego.yml", onlyFrontend)
	late := make(chan struct{}, 1)
	r.run(Options{}, func(l *Loop) {
		l.bundle = func(ctx context.Context, o bundle.Options) ([]bundle.File, error) {
			select {
			case <-late:
			default:
				return bundle.Build(ctx, o)
			}
			files, err := bundle.Build(context.WithoutCancel(ctx), o)
			r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1)+"// the same program\n")
			<-ctx.Done()
			return files, err
		}
	})
	r.waitFor(EventBuild, "main", "ok")
	// When this change is seen, the dependencies are known.
	r.write("words/words.go", strings.Replace(wordsText, "first", "other", 1))
	r.untilProgram("main", "other words")
	r.quiet()
	r.skip()
	late <- struct{}{}
	r.write("words/words.go", strings.Replace(wordsText, "first", "second", 1))
	r.waitFor(EventReload, "main", string(devhost.AppPage))
	if e := r.waitFor(EventBuild, "main", "ok"); e.Text != "nothing changed" {
		t.Errorf("the last build: %s", e.Text)
	}
	r.untilProgram("main", "second words")
}
