// Package forge holds what Forge requires of manifest.yml, as facts: the form of its parts and of all modules, and the
// scopes. The text files beside it are the table; package shape describes their notation.
package forge

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

	"github.com/forgego/forgego/internal/check/shape"
)

//go:embed *.txt
var files embed.FS

// The files that hold names instead of shapes.
const (
	scopesFile = "scopes.txt"
	namesFile  = "names.txt"
	eventsFile = "events.txt"
)

var shapes = sync.OnceValue(func() map[string]*shape.Shape {
	entries, err := fs.Glob(files, "*.txt")
	if err != nil {
		panic(err)
	}
	var texts []string
	for _, name := range entries {
		if name != scopesFile && name != namesFile && name != eventsFile {
			texts = append(texts, read(name))
		}
	}
	return shape.Parse(texts...)
})

func read(name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Manifest returns the shape of manifest.yml. Its modules are any mapping.
func Manifest() *shape.Shape { return shapes()["manifest"] }

// Module returns the shape of one module of a type, or nil if the type is not known or its content is not.
func Module(moduleType string) *shape.Shape {
	if !Modules()[moduleType] {
		return nil
	}
	// Types without a product have a prefix in the table, because shared kinds have such names too.
	if s := shapes()["module:"+moduleType]; s != nil {
		return s
	}
	return shapes()[moduleType]
}

// Modules are the types of all modules.
var Modules = sync.OnceValue(func() map[string]bool {
	types := names(read(namesFile))
	for name := range shapes() {
		if core, ok := strings.CutPrefix(name, "module:"); ok {
			types[core] = true
		} else if strings.Contains(name, ":") {
			types[name] = true
		}
	}
	return types
})

// Scopes are the scopes that an app can request.
var Scopes = sync.OnceValue(func() map[string]bool { return names(read(scopesFile)) })

// names reads lines such as "read:*:jira = comment issue", which indented lines continue.
func names(text string) map[string]bool {
	all := map[string]bool{}
	pattern := ""
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		list := line
		if before, after, ok := strings.Cut(line, " = "); ok {
			pattern, list = before, after
		}
		for name := range strings.FieldsSeq(list) {
			all[strings.Replace(pattern, "*", name, 1)] = true
		}
	}
	return all
}

// EventScopes are the scopes that an event needs: all of Current, or all of Beta if that is not empty.
type EventScopes struct{ Current, Beta []string }

// Events are the scopes of events, by name, such as "avi:jira:created:issue". Other events need none that we know of.
var Events = sync.OnceValue(func() map[string]EventScopes {
	all := map[string]EventScopes{}
	var entry string
	flush := func() {
		scopes, events, ok := strings.Cut(entry, " = ")
		if !ok {
			return
		}
		current, beta, _ := strings.Cut(scopes, " | ")
		for event := range strings.FieldsSeq(events) {
			all["avi:"+event] = EventScopes{strings.Fields(current), strings.Fields(beta)}
		}
	}
	for line := range strings.Lines(read(eventsFile)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "  "):
			entry += line[1:]
		default:
			flush()
			entry = line
		}
	}
	flush()
	return all
})
