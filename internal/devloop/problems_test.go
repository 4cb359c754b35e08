package devloop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
)

func TestCompilePlaces(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte("package main\n\nfunc main() {\r\n\tx()\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, output string
		places       []devhost.Place
		text         string
	}{
		{"one mistake", "# example.com/app\n" + file + ":4:2: undefined: x\n",
			[]devhost.Place{{File: file, Line: 4, Column: 2, Message: "undefined: x", Source: "\tx()"}}, ""},
		{"a line that ends in CR LF", file + ":3:1: oops\n", []devhost.Place{{File: file, Line: 3, Column: 1, Message: "oops", Source: "func main() {"}}, ""},
		{"no column", file + ":1: bad\n", []devhost.Place{{File: file, Line: 1, Message: "bad", Source: "package main"}}, ""},
		{"a message of several lines", file + ":4:2: cannot use x\n\thave ()\n\twant (int)\n",
			[]devhost.Place{{File: file, Line: 4, Column: 2, Message: "cannot use x\n\thave ()\n\twant (int)", Source: "\tx()"}}, ""},
		{"no such file", "gone.go:4:2: undefined: x\n", []devhost.Place{{File: "gone.go", Line: 4, Column: 2, Message: "undefined: x"}}, ""},
		{"a line beyond the end", file + ":40:2: unexpected EOF\n", []devhost.Place{{File: file, Line: 40, Column: 2, Message: "unexpected EOF"}}, ""},
		{"another text", "go: go.mod file not found\n", nil, "go: go.mod file not found"},
		{"too many errors", "# example.com/app\n" + file + ":1:1: a\ntoo many errors\n",
			[]devhost.Place{{File: file, Line: 1, Column: 1, Message: "a", Source: "package main"}}, "too many errors"},
		{"Windows", `C:\app\main.go:4:2: undefined: x`, []devhost.Place{{File: `C:\app\main.go`, Line: 4, Column: 2, Message: "undefined: x"}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			places, text := compilePlaces(c.output)
			if !reflect.DeepEqual(places, c.places) || text != c.text {
				t.Errorf("got %+v and %q", places, text)
			}
		})
	}
}

func TestCompilePlacesAreLimited(t *testing.T) {
	places, text := compilePlaces(strings.Repeat("main.go:1:1: a\n", 30))
	if len(places) != maxPlaces || text != "and 10 more" {
		t.Errorf("got %d places and %q", len(places), text)
	}
}

// A named pipe would block the reader for ever, and a device may have no end.
func TestSourceLineReadsOnlyFiles(t *testing.T) {
	if got := sourceLine(t.TempDir(), 1); got != "" {
		t.Errorf("got %q from a folder", got)
	}
	long := filepath.Join(t.TempDir(), "long.go")
	if err := os.WriteFile(long, []byte(strings.Repeat("x", 3000)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := sourceLine(long, 1); got != "" {
		t.Errorf("got a line of %d bytes", len(got))
	}
}

func TestNewProblem(t *testing.T) {
	fault := &manifest.Error{File: "manifest.yml", Line: 3, Column: 5, Source: "  path", Msg: "no value", Fix: "Add one."}
	for _, c := range []struct {
		name string
		err  error
		want devhost.Problem
	}{
		{"compiler", fmt.Errorf("wrapped\n%w", &bundle.CompileError{Output: "gone.go:1:2: a"}),
			devhost.Problem{Title: "title", Places: []devhost.Place{{File: "gone.go", Line: 1, Column: 2, Message: "a"}}}},
		{"two files", errors.Join(fault, &manifest.Error{File: "forgego.yml", Msg: "empty"}), devhost.Problem{Title: "title", Places: []devhost.Place{
			{File: "manifest.yml", Line: 3, Column: 5, Source: "  path", Message: "no value\nAdd one."}, {File: "forgego.yml", Message: "empty"}}}},
		{"an exit", &supervise.ExitError{Name: "remote api", Status: "exit status 3", Last: []string{"a", "b"}},
			devhost.Problem{Title: "remote api ended: exit status 3", Text: "a\nb"}},
		{"a silent exit", &supervise.ExitError{Name: "remote api", Status: "exit status 3"},
			devhost.Problem{Title: "remote api ended: exit status 3", Text: "It printed nothing."}},
		{"another error", errors.New("no such program"), devhost.Problem{Title: "title", Text: "no such program"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.want.ID = "id"
			if got := newProblem("id", "title", c.err); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	var shown [][]devhost.Problem
	p := problems{show: func(all []devhost.Problem) { shown = append(shown, all) }}
	p.clear("b") // has no problem yet
	p.set(devhost.Problem{ID: "b", Title: "1"})
	p.set(devhost.Problem{ID: "a"})
	p.set(devhost.Problem{ID: "b", Title: "2"})
	p.clear("b")
	want := [][]devhost.Problem{{{ID: "b", Title: "1"}}, {{ID: "a"}, {ID: "b", Title: "1"}}, {{ID: "a"}, {ID: "b", Title: "2"}}, {{ID: "a"}}}
	if !reflect.DeepEqual(shown, want) || len(p.list()) != 1 {
		t.Errorf("shown %+v", shown)
	}
}
