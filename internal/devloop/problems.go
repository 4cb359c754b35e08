package devloop

import (
	"bufio"
	"cmp"
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/forgego/forgego/devhost"
	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/jsbundle"
	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/supervise"
)

// problems holds what the developer must correct. It is safe for concurrent use.
type problems struct {
	mu   sync.Mutex
	byID map[string]devhost.Problem
	// show gets all problems whenever they change.
	show func([]devhost.Problem)
}

// set adds a problem, or replaces the one with the same ID.
func (p *problems) set(problem devhost.Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil {
		p.byID = map[string]devhost.Problem{}
	}
	p.byID[problem.ID] = problem
	p.show(p.all())
}

// clear removes the problem with this ID, if there is one.
func (p *problems) clear(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.byID[id]; !ok {
		return
	}
	delete(p.byID, id)
	p.show(p.all())
}

// get returns the problem with this ID, or an empty one.
func (p *problems) get(id string) devhost.Problem {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.byID[id]
}

// list returns all problems, sorted by ID.
func (p *problems) list() []devhost.Problem {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all()
}

func (p *problems) all() []devhost.Problem {
	all := []devhost.Problem{}
	for _, id := range slices.Sorted(maps.Keys(p.byID)) {
		all = append(all, p.byID[id])
	}
	return all
}

// newProblem returns the problem that an error is.
func newProblem(id, title string, err error) devhost.Problem {
	p := devhost.Problem{ID: id, Title: title}
	if compile, ok := errors.AsType[*bundle.CompileError](err); ok {
		p.Places, p.Text = compilePlaces(compile.Output)
	} else if build, ok := errors.AsType[*jsbundle.BuildError](err); ok {
		for _, f := range build.Faults[:min(len(build.Faults), maxPlaces)] {
			p.Places = append(p.Places, devhost.Place{File: f.File, Line: f.Line, Column: f.Column, Source: f.Source, Message: f.Message})
		}
	} else if _, ok := errors.AsType[*manifest.Error](err); ok {
		p.Places = manifestPlaces(err)
	} else if exit, ok := errors.AsType[*supervise.ExitError](err); ok {
		p.Title = exit.Name + " ended: " + exit.Status
		p.Text = cmp.Or(strings.Join(exit.Last, "\n"), "It printed nothing.")
	} else {
		p.Text = err.Error()
	}
	return p
}

// maxPlaces is how many places of a problem are shown.
const maxPlaces = 20

// compilePlace is a line such as "frontend/main.go:12:3: undefined: x".
var compilePlace = regexp.MustCompile(`^(?:vet: )?((?:[A-Za-z]:)?[^:\n]+\.(?:go|s|c|h|mod|sum|work|embed)):(\d+)(?::(\d+))?: (.*)$`)

// compilePlaces returns the places in a compiler's output, and the other lines as text. The lines that follow a place and
// begin with a tab belong to its message.
func compilePlaces(output string) (places []devhost.Place, text string) {
	var rest []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if m := compilePlace.FindStringSubmatch(line); m != nil {
			at := devhost.Place{File: m[1], Message: m[4]}
			at.Line, _ = strconv.Atoi(m[2])
			at.Column, _ = strconv.Atoi(m[3])
			places = append(places, at)
			continue
		}
		if strings.HasPrefix(line, "\t") && len(places) > 0 {
			places[len(places)-1].Message += "\n" + line
			continue
		}
		rest = append(rest, line)
	}
	if len(places) > 0 {
		// A line such as "# example.com/app/frontend" names the package. The places have the files.
		rest = slices.DeleteFunc(rest, func(line string) bool { return strings.HasPrefix(line, "# ") })
	}
	if len(places) > maxPlaces {
		rest = append(rest, "and "+strconv.Itoa(len(places)-maxPlaces)+" more")
		places = places[:maxPlaces]
	}
	for i := range places {
		places[i].Source = sourceLine(places[i].File, places[i].Line)
	}
	return places, strings.Join(rest, "\n")
}

// maxSourceLine is the longest line that is shown, in bytes.
const maxSourceLine = 2000

// sourceLine returns a line of a file. If the file or the line cannot be read, it returns "".
func sourceLine(file string, line int) string {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if n == line {
			text := lines.Text()
			if len(text) > maxSourceLine || !utf8.ValidString(text) {
				return ""
			}
			return strings.TrimRight(text, "\r")
		}
	}
	return ""
}

// manifestPlaces returns the places of all faults in an error of package manifest.
func manifestPlaces(err error) (places []devhost.Place) {
	switch e := err.(type) {
	case *manifest.Error:
		message := e.Msg
		if e.Fix != "" {
			message += "\n" + e.Fix
		}
		return []devhost.Place{{File: e.File, Line: e.Line, Column: e.Column, Source: e.Source, Message: message}}
	case interface{ Unwrap() []error }:
		for _, err := range e.Unwrap() {
			places = append(places, manifestPlaces(err)...)
		}
	case interface{ Unwrap() error }:
		places = manifestPlaces(e.Unwrap())
	}
	return places[:min(len(places), maxPlaces)]
}
