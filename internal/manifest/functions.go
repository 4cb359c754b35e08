package manifest

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
)

// Function is an entry of modules.function: code of the app that Forge runs.
type Function struct {
	Key string
	// Handler is the file and the function, such as "index.handler".
	Handler string
	// File is the file of the handler, relative to the app's folder and with forward slashes, such as "src/index.js". It is
	// empty if there is no such file.
	File string
	// Export is the name under which the file exports the function.
	Export string
}

// Trigger is a module that calls a function without a page.
type Trigger struct {
	// Type is "webtrigger", "scheduledTrigger" or "trigger".
	Type string
	Key  string
	// Function is the key of the function.
	Function string
	// Events are the product events that call the function of a "trigger", such as "avi:jira:created:issue".
	Events []string
}

// HandlerPattern matches a handler: the name of a file below src, without its extension, and the name of a function.
var HandlerPattern = regexp.MustCompile(`^([\p{L}\p{M}\p{N}_-]+(?:/[\p{L}\p{M}\p{N}_-]+)*)\.([\p{L}\p{M}\p{N}_-]+)$`)

// HandlerExtensions are the extensions of the files in which Forge looks for a handler, in its order.
var HandlerExtensions = []string{"tsx", "jsx", "ts", "js", "cjs"}

// triggerTypes are the modules whose functions run without a page. Consumers of queues are not among them.
var triggerTypes = []string{"webtrigger", "scheduledTrigger", "trigger"}

// readFunctions reads the functions and what calls them. A module that is not complete is left out: forgego check reports it.
func (s *source) readFunctions(m *Manifest) {
	for _, n := range s.root.get("modules", "function").items() {
		f := Function{Key: n.get("key").text(), Handler: n.get("handler").text()}
		if f.Key != "" {
			m.Functions = append(m.Functions, f)
		}
	}
	for _, kind := range triggerTypes {
		for _, n := range s.root.get("modules", kind).items() {
			t := Trigger{Type: kind, Key: n.get("key").text(), Function: n.get("function").text()}
			for _, event := range n.get("events").items() {
				name := event.text()
				if event.kind() == mapping {
					name = event.get("eventType").text()
				}
				if name != "" {
					t.Events = append(t.Events, name)
				}
			}
			if t.Key != "" && t.Function != "" {
				m.Triggers = append(m.Triggers, t)
			}
		}
	}
}

// findHandlers finds the files of all handlers.
func (s *source) findHandlers(m *Manifest) {
	m.handlerFolder = "src"
	if packed := s.root.get("app", "package"); packed.get("bundler").text() == "manual@2026" {
		if p := path.Clean(packed.get("path").text()); filepath.IsLocal(filepath.FromSlash(p)) {
			m.handlerFolder = p
		}
	}
	for i := range m.Functions {
		f := &m.Functions[i]
		if f.File = m.handlerFile(*f); f.File != "" {
			f.Export = HandlerPattern.FindStringSubmatch(f.Handler)[2]
		}
	}
}

// handlerFiles returns the possible files of a handler, relative to the app's folder.
func (m *Manifest) handlerFiles(f Function) (names []string) {
	if parts := HandlerPattern.FindStringSubmatch(f.Handler); parts != nil {
		for _, extension := range HandlerExtensions {
			names = append(names, path.Join(m.handlerFolder, parts[1])+"."+extension)
		}
	}
	return names
}

// handlerFile returns the file of a handler that exists now, or "".
func (m *Manifest) handlerFile(f Function) string {
	for _, name := range m.handlerFiles(f) {
		if info, err := os.Stat(filepath.Join(m.Dir, filepath.FromSlash(name))); err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

// HandlerFiles returns the paths of all files that can have the app's handlers. Most of them do not exist.
func (m *Manifest) HandlerFiles() (paths []string) {
	for _, f := range m.Functions {
		for _, name := range m.handlerFiles(f) {
			paths = append(paths, filepath.Join(m.Dir, filepath.FromSlash(name)))
		}
	}
	return paths
}

// HandlersMoved reports whether the handlers are in other files than when the manifest was read.
func (m *Manifest) HandlersMoved() bool {
	return slices.ContainsFunc(m.Functions, func(f Function) bool { return m.handlerFile(f) != f.File })
}

// Function returns the function with that key.
func (m *Manifest) Function(key string) (Function, bool) {
	return find(m.Functions, func(x Function) bool { return x.Key == key })
}

// Handlers returns the functions that a page or a trigger can call, if the files of their handlers exist. The others belong
// to UI Kit, to queues and to other parts of Forge that forgego does not run.
func (m *Manifest) Handlers() []Function {
	var called []string
	for _, mod := range m.Modules {
		for _, v := range mod.Views {
			called = append(called, v.Function)
		}
	}
	for _, t := range m.Triggers {
		called = append(called, t.Function)
	}
	var handlers []Function
	for _, f := range m.Functions {
		if f.File != "" && slices.Contains(called, f.Key) {
			handlers = append(handlers, f)
		}
	}
	return handlers
}

// Answer returns what answers calls of the function with this key: what forgego.yml says, or the app's own handler if
// forgego.yml says nothing about functions and there is one.
func (d *Dev) Answer(m *Manifest, key string) (DevFunction, bool) {
	f, ok := d.Functions[key]
	if !ok {
		f, ok = d.Functions["*"]
	}
	if !ok && d.runsByDefault(m) {
		return DevFunction{Run: true}, true
	}
	return f, ok
}

// RunsFunctions reports whether the app's handlers run on this machine.
func (d *Dev) RunsFunctions(m *Manifest) bool {
	for _, f := range d.Functions {
		if f.Run {
			return true
		}
	}
	return d.runsByDefault(m)
}

func (d *Dev) runsByDefault(m *Manifest) bool { return len(d.Functions) == 0 && len(m.Handlers()) > 0 }
