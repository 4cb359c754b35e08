package manifest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/weburl"
)

// Dev is forgego.yml: how to build and run the app on this machine. Forge never reads it.
type Dev struct {
	// Frontends are the Go packages to build, or the development servers to start, by resource key.
	Frontends map[string]Frontend
	// Remotes say where the app's remotes run on this machine, by remote key.
	Remotes map[string]DevRemote
	// Services say where the app's container services run on this machine, by service key.
	Services map[string]DevRemote
	// Products say what answers requests to a product's REST API. The keys are "jira", "confluence" and "bitbucket".
	Products map[string]DevProduct
	// Functions say what answers calls of the resolver's functions, by function key; "*" is for all others.
	Functions map[string]DevFunction
	// TeamworkGraph has the files that answer GraphQL queries, by operation name; "*" is for all others.
	TeamworkGraph map[string]string
	// UserRecommendations is the file that answers fetchUserRecommendations, or empty.
	UserRecommendations string
	// FeatureFlags says which feature flags are on.
	FeatureFlags map[string]bool
	// Storage is the file that keeps the values of @forge/kvs, relative to the app's folder and inside it. If it is empty, they
	// are in memory.
	Storage string
	// Context says who uses the app, and what it learns about its place.
	Context DevContext
	// NoRealtime is set if the host refuses realtime, as a product can: "realtime: off".
	NoRealtime bool

	src *source
}

// Frontend is a resource whose front end is a Go program, or is shown by a development server such as Vite's.
type Frontend struct {
	// Package is the program's Go package, relative to the app's folder and inside it, such as "./frontend". It is empty if
	// there is a Command.
	Package string
	// Command starts the development server, program first. The server listens on the resource's tunnel.port.
	Command []string
	// Dir is the folder in which Command runs, relative to the app's folder and inside it. If it is empty, that is the app's
	// folder.
	Dir string
}

// DevRemote is a remote or a container service on this machine.
type DevRemote struct {
	// URL is the local base URL: http on a loopback address. If it is empty, a free port on 127.0.0.1 is used.
	URL string
	// Command starts it, program first. It is empty if it already runs. The command runs in the app's folder.
	Command []string
	// Watch are files and folders, relative to the app's folder and inside it, whose changes restart the command. For "go
	// run", the packages of the program are watched too.
	Watch []string
}

// LoadDev reads and checks dir/forgego.yml. A missing file returns an empty Dev. Its keys must be keys of resources,
// remotes, services and modules in manifest.yml. If that file cannot be read, LoadDev does not report that; Load does. The
// error holds an *Error for each fault, in the order of the file.
func LoadDev(dir string) (*Dev, error) {
	d, err := readDev(dir)
	if err != nil || d.src == nil {
		return d, err
	}
	for _, e := range d.src.root.get("frontends").entries() {
		if e.value.kind() == mapping {
			d.src.checkFrontend(dir, e)
		}
	}
	d.src.checkDataFiles(dir)
	if src, err := openSource(dir, "manifest.yml"); err == nil {
		m := read(src)
		m.Dir = dir
		src.findHandlers(m)
		d.checkKeys(m)
		d.checkStorage(m)
	}
	if err := d.src.sorted().orNil(); err != nil {
		return nil, err
	}
	return d, nil
}

// readDev reads what does not depend on another file. It leaves faults in src, which is nil if there is no file.
func readDev(dir string) (*Dev, error) {
	src, err := openSource(dir, "forgego.yml")
	if errors.Is(err, fs.ErrNotExist) {
		if other := filepath.Join(dir, "forgego.yaml"); exists(other) {
			return nil, &Error{File: other, Msg: "has a name that forgego does not read", Fix: "Rename it to forgego.yml."}
		}
	}
	if empty, ok := errors.AsType[*Error](err); errors.Is(err, fs.ErrNotExist) || ok && empty.isEmpty {
		return &Dev{}, nil // everything in it is optional
	}
	if err != nil {
		return nil, err
	}
	return parseDev(src), nil
}

func parseDev(src *source) *Dev {
	d := &Dev{Frontends: map[string]Frontend{}, Remotes: map[string]DevRemote{}, Services: map[string]DevRemote{}, src: src}
	src.known(src.root, "frontends", "remotes", "services", "products", "functions", "teamworkGraph", "userRecommendations", "storage", "featureFlags", "realtime", "context")
	for _, e := range src.root.entries() {
		if k := e.value.kind(); e.key == "userRecommendations" || e.key == "realtime" || e.key == "storage" || e.key == "functions" && k == scalar {
			continue
		} else if k == scalar || k == sequence {
			src.fault(e.value, "Write one indented key for each below it.", "%s must be a mapping", e.key)
		}
	}
	for _, e := range src.root.get("frontends").entries() {
		src.known(e.value, "package", "command", "dir")
		d.Frontends[e.key] = Frontend{
			Package: e.value.get("package").text(),
			Command: src.readCommand(e.value.get("command"), "front end", e.key, "[npm, run, dev]"),
			Dir:     e.value.get("dir").text(),
		}
	}
	for _, e := range src.root.get("remotes").entries() {
		d.Remotes[e.key] = src.readDevRemote(e, "remote", "[go, run, ./remote]")
	}
	for _, e := range src.root.get("services").entries() {
		d.Services[e.key] = src.readDevRemote(e, "service", "[go, run, ./service]")
	}
	src.readData(d)
	d.Context = src.readContext(src.root.get("context"))
	return d
}

// known reports unknown keys, because a misspelt key must not be ignored.
func (s *source) known(n node, names ...string) {
	if n.kind() != mapping {
		s.fault(n, "Write below it, indented: "+strings.Join(names, ": … or ")+": …", "it needs %s", strings.Join(names, " or "))
	}
	for _, e := range n.entries() {
		if !slices.Contains(names, e.key) {
			s.fault(e.value, "Allowed here: "+strings.Join(names, ", ")+".", "unknown key %q", e.key)
		}
	}
}

// isEmpty reports whether the value is a mapping in which no key has a value.
func (n node) isEmpty() bool {
	return n.kind() == mapping && !slices.ContainsFunc(n.entries(), func(e entry) bool { return e.value.kind() != missing })
}

// readDevRemote reads where a remote or a service runs. The kind, and an example of a command, are for the faults.
func (s *source) readDevRemote(e entry, of, example string) DevRemote {
	s.known(e.value, "url", "command", "watch")
	urlAt, commandAt, watchAt := e.value.get("url"), e.value.get("command"), e.value.get("watch")
	r := DevRemote{URL: urlAt.text()}
	if urlAt.kind() != missing && !isLocalURL(r.URL) {
		s.fault(urlAt, "Use http and a loopback address, such as http://127.0.0.1:8787.", "the url of %s %q is not an http address of this machine", of, e.key)
	}
	r.Command = s.readCommand(commandAt, of, e.key, example)
	if k := watchAt.kind(); k != missing && k != sequence {
		s.fault(watchAt, "Write a list of files and folders, such as [server].", "watch of %s %q must be a list", of, e.key)
	}
	for _, item := range watchAt.items() {
		if name := item.text(); name == "" || !filepath.IsLocal(filepath.FromSlash(name)) {
			s.fault(item, "Use a file or a folder inside the app, such as server.", "%s %q cannot watch %s", of, e.key, item.quoted())
		}
		r.Watch = append(r.Watch, item.text())
	}
	if len(r.Watch) > 0 && commandAt.kind() == missing {
		s.fault(watchAt, "Add a command, or remove watch.", "%s %q has no command to restart", of, e.key)
	}
	if e.value.isEmpty() {
		s.fault(e.value, "Add a command that starts it, or the url at which it already runs.", "%s %q has neither a url nor a command", of, e.key)
	}
	return r
}

// readCommand reads a program and its arguments, or returns nil if the command is missing. The kind, the key and the
// example are for the faults.
func (s *source) readCommand(at node, of, key, example string) (command []string) {
	switch at.kind() {
	case sequence:
		for _, item := range at.items() {
			command = append(command, item.scalarText())
		}
		if len(command) == 0 || slices.Contains(command, "") {
			s.fault(at, "Write the program and its arguments, such as "+example+".", "the command of %s %q has an empty argument", of, key)
		}
	case missing:
	default:
		s.fault(at, "Write the program and each argument apart, such as "+example+".", "the command of %s %q must be a list", of, key)
	}
	return command
}

// scalarText returns a scalar's text, including numbers, as in "[serve, --port, 80]".
func (n node) scalarText() string {
	if _, isText := n.scalar().(string); n.kind() == scalar && !isText {
		return resolved(n.yaml).Value
	}
	return n.text()
}

// isLocalURL reports whether only this machine can answer at a URL.
func isLocalURL(text string) bool {
	u, err := weburl.ParseBase(text)
	return err == nil && u.Scheme == "http" && weburl.IsLoopback(u.Hostname()) && !strings.HasSuffix(u.Host, ":0")
}

func (s *source) checkFrontend(dir string, e entry) {
	packageAt, commandAt, dirAt := e.value.get("package"), e.value.get("command"), e.value.get("dir")
	switch {
	case commandAt.kind() == missing && dirAt.kind() != missing:
		s.fault(dirAt, "Add a command, such as [npm, run, dev], or remove dir.", "the front end %q has no command that could run in a folder", e.key)
	case commandAt.kind() == missing:
		s.checkPackage(dir, packageAt)
	case packageAt.kind() != missing:
		s.fault(commandAt, "Remove command if forgego builds the front end from a Go package, or package if a development server shows it.",
			"the front end %q has both a package and a command", e.key)
	case dirAt.kind() != missing:
		s.checkCommandFolder(dir, dirAt)
	}
}

func (s *source) checkCommandFolder(dir string, at node) {
	name := filepath.FromSlash(at.text())
	switch info, err := os.Stat(filepath.Join(dir, name)); {
	case !filepath.IsLocal(name):
		s.fault(at, "Use a folder inside the app, such as web.", "the folder %s is outside the app's folder", at.quoted())
	case err != nil || !info.IsDir():
		s.fault(at, "Create it, or correct the path; it is relative to forgego.yml.", "there is no folder %q", at.text())
	}
}

func (s *source) checkPackage(dir string, at node) {
	name := filepath.FromSlash(at.text())
	switch info, err := os.Stat(filepath.Join(dir, name)); {
	case name == "" && at.kind() != missing && at.quoted() != `""`:
		s.fault(at, `Write the folder of the Go program, such as ./frontend.`, "the package cannot be %s", at.quoted())
	case name == "":
		s.fault(at, `Add "package: ./frontend", the folder of the Go program.`, "the front end has no package")
	case !filepath.IsLocal(name):
		s.fault(at, "Use a folder inside the app, such as ./frontend.", "the package %q is outside the app's folder", at.text())
	case err != nil || !info.IsDir():
		s.fault(at, "Create it, or correct the path; it is relative to forgego.yml.", "there is no folder %q", at.text())
	}
}

func (d *Dev) checkKeys(m *Manifest) {
	for _, e := range d.src.root.get("frontends").entries() {
		r, ok := m.Resource(e.key)
		if !ok {
			d.src.fault(e.value, "Use the key of a resource: "+keys(m.Resources, func(r Resource) string { return r.Key })+".",
				"manifest.yml has no resource %q", e.key)
		} else if at := e.value.get("command"); at.kind() != missing && r.TunnelPort == 0 {
			d.src.fault(at, "Add to the resource in manifest.yml the port on which the server listens:\n  tunnel:\n    port: 5173",
				"the command of front end %q starts a server, but manifest.yml does not say where it listens", e.key)
		}
	}
	for _, e := range d.src.root.get("remotes").entries() {
		if _, ok := m.Remote(e.key); !ok {
			d.src.fault(e.value, "Use the key of a remote: "+keys(m.Remotes, func(r Remote) string { return r.Key })+".",
				"manifest.yml has no remote %q", e.key)
		}
	}
	for _, e := range d.src.root.get("services").entries() {
		if _, ok := m.Service(e.key); !ok {
			d.src.fault(e.value, "Use the key of a service: "+keys(m.Services, func(v Service) string { return v.Key })+".",
				"manifest.yml has no service %q", e.key)
		}
	}
	for _, e := range d.src.root.get("context", "modules").entries() {
		if _, ok := m.Module(e.key); !ok {
			d.src.fault(e.value, "Use the key of a UI module: "+keys(m.Modules, func(v Module) string { return v.Key })+".",
				"manifest.yml has no UI module %q", e.key)
		}
	}
}
