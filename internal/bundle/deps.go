package bundle

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/watch"
)

// Deps returns the files and folders whose changes can change the front end that Build makes: the packages of the
// app's own modules with their embedded files, go.mod, go.sum, go.work and vendor/modules.txt. The standard library
// and the module cache do not change, and the includes of C code outside a package's folder are not known.
//
// The program need not compile. Packages that are imported but do not exist yet are part of the result, because they
// may be written next. If the go command fails, Deps returns what is known without it, and the error: that of Build,
// or the context's.
func Deps(ctx context.Context, o Options) ([]watch.Root, error) {
	var flags []string
	if o.Compiler == TinyGo {
		flags = []string{tinyTags}
	}
	return listDeps(ctx, frontend(o), flags, []string{"."})
}

// Deps returns the files and folders whose changes can change the program, as Deps does for a front end. The command
// runs in dir, with the environment env. The default of env is this process's.
func (r GoRun) Deps(ctx context.Context, dir string, env []string) ([]watch.Root, error) {
	if env == nil {
		env = os.Environ()
	}
	if filepath.IsAbs(r.Dir) {
		dir = ""
	}
	return listDeps(ctx, &toolchain{dir: filepath.Join(dir, r.Dir), env: env}, r.Flags, r.Packages)
}

// listedModule and listedPackage are what "go list" prints of a module and of a package. Source:
// https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
type listedModule struct {
	Path, Version, Dir, GoMod string
	Main                      bool
	Replace                   *listedModule
}

type listedPackage struct {
	ImportPath, Dir string
	Standard        bool
	Module          *listedModule
	EmbedPatterns   []string
}

// local reports whether the files of a module can change: it is the app's or replaced by a folder.
func (m *listedModule) local() bool {
	return m.Main || m.Replace != nil && m.Replace.Version == ""
}

func listDeps(ctx context.Context, t *toolchain, flags, packages []string) ([]watch.Root, error) {
	dir, err := filepath.Abs(t.dir)
	if err != nil {
		return nil, err
	}
	d := deps{roots: map[string]watch.Root{}, modules: map[string]string{}}
	d.nearest(dir, t.env)
	for _, p := range packages {
		if strings.HasSuffix(p, ".go") {
			p = filepath.Dir(p)
		}
		if filepath.IsAbs(p) {
			d.folder(p)
		} else if slash := filepath.ToSlash(p) + "/"; strings.HasPrefix(slash, "./") || strings.HasPrefix(slash, "../") {
			d.folder(filepath.Join(dir, p))
		}
	}
	// This fails without a go.mod, which a list of files does not need. Any other fault makes the next command fail too.
	if main, err := t.run(ctx, slices.Concat([]string{"list", "-m", "-e", "-json=Path,Dir,GoMod"}, flags)...); err == nil {
		err := decodeAll(main, func(m listedModule) {
			m.Main = true
			d.module(&m)
		})
		if err != nil {
			return d.sorted(), err
		}
	}
	list, err := t.run(ctx, slices.Concat([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,Standard,Module,EmbedPatterns"}, flags, packages)...)
	if err != nil {
		return d.sorted(), err
	}
	var missing []string
	err = decodeAll(list, func(p listedPackage) {
		switch {
		case p.Standard:
		case p.Dir == "":
			missing = append(missing, p.ImportPath)
		case p.Module == nil || p.Module.local() || d.vendored(p.Dir):
			if p.Module != nil && p.Module.local() {
				d.module(p.Module)
			}
			d.folder(p.Dir)
			for _, pattern := range p.EmbedPatterns {
				d.embed(p.Dir, pattern)
			}
		}
	})
	for _, p := range missing {
		d.missing(p)
	}
	return d.sorted(), err
}

// decodeAll calls use for each value of a sequence of JSON values.
func decodeAll[T any](text string, use func(T)) error {
	for decoder := json.NewDecoder(strings.NewReader(text)); ; {
		var value T
		switch err := decoder.Decode(&value); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("the output of go list: %w", err)
		}
		use(value)
	}
}

// deps collects what a build depends on.
type deps struct {
	roots map[string]watch.Root
	// modules are the folders of the modules whose files can change, by module path.
	modules map[string]string
}

func (d *deps) sorted() (all []watch.Root) {
	for _, r := range d.roots {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b watch.Root) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// add adds a root. Several roots may have one path, with one key each.
func (d *deps) add(key string, r watch.Root) {
	r.Key = key
	d.roots[r.Path+"\n"+key] = r
}

// nearest adds the go.mod and the go.work that are in effect in a folder, without the help of the go command: it
// fails if one of them is wrong.
func (d *deps) nearest(dir string, env []string) {
	if file, ok := FindAbove(dir, "go.mod"); ok {
		d.module(&listedModule{GoMod: file, Dir: filepath.Dir(file)})
		// A new one here takes effect.
		d.workspace(filepath.Join(filepath.Dir(file), "go.work"))
	} else {
		d.add("", watch.Root{Path: filepath.Join(dir, "go.mod")})
	}
	work := ""
	for _, v := range env {
		if value, ok := strings.CutPrefix(v, "GOWORK="); ok {
			work = value
		}
	}
	switch file, ok := FindAbove(dir, "go.work"); {
	case work == "off":
	case work != "":
		d.workspace(work)
	case ok:
		d.workspace(file)
	}
}

// FindAbove returns the nearest regular file of that name in a folder or above it. dir is absolute.
func FindAbove(dir, name string) (file string, ok bool) {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func (d *deps) workspace(file string) {
	d.add("", watch.Root{Path: file})
	d.add("", watch.Root{Path: file + ".sum"})
	d.add("", watch.Root{Path: filepath.Join(filepath.Dir(file), "vendor", "modules.txt")})
}

// module adds the files that describe a module.
func (d *deps) module(m *listedModule) {
	if m.Path != "" {
		d.modules[m.Path] = m.Dir
	}
	if m.GoMod == "" {
		return
	}
	d.add("", watch.Root{Path: m.GoMod})
	if m.Replace == nil {
		d.add("", watch.Root{Path: strings.TrimSuffix(m.GoMod, ".mod") + ".sum"})
		d.add("", watch.Root{Path: filepath.Join(filepath.Dir(m.GoMod), "vendor", "modules.txt")})
	}
}

// vendored reports whether a folder is in the folder vendor of a workspace or of a module.
func (d *deps) vendored(dir string) bool {
	for _, r := range d.roots {
		vendor, isList := strings.CutSuffix(r.Path, string(filepath.Separator)+"modules.txt")
		if isList && strings.HasPrefix(dir, vendor+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// folder adds a package's folder.
func (d *deps) folder(dir string) { d.add("source", watch.Root{Path: dir, Match: isSource}) }

// missing adds the folder where an imported package would be.
func (d *deps) missing(importPath string) {
	best := ""
	for module := range d.modules {
		if len(module) > len(best) && strings.HasPrefix(importPath+"/", module+"/") {
			best = module
		}
	}
	if dir := d.modules[best]; dir != "" {
		d.folder(filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(importPath, best))))
	}
}

// embed adds the files of a pattern of go:embed, and where new files would match it.
func (d *deps) embed(dir, pattern string) {
	name, all := strings.CutPrefix(pattern, "all:")
	base := dir
	for part := range strings.SplitSeq(name, "/") {
		if strings.ContainsAny(part, `*?[\`) {
			break
		}
		base = filepath.Join(base, part)
	}
	d.add(pattern, watch.Root{Path: base, Recursive: true, Match: func(file string) bool {
		rel, err := filepath.Rel(dir, file)
		return err == nil && embeds(name, all, filepath.ToSlash(rel))
	}})
}

// embeds reports whether a pattern of go:embed names a file or a folder that it is in. In a folder, names that begin
// with "." or "_" count only with "all:". Source: https://pkg.go.dev/embed#hdr-Directives
func embeds(pattern string, all bool, file string) bool {
	rest := ""
	for name := file; name != "."; name = path.Dir(name) {
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return all || !strings.Contains("/"+rest, "/.") && !strings.Contains("/"+rest, "/_")
		}
		rest = path.Join(path.Base(name), rest)
	}
	return false
}

// sources are the extensions of the files that a package consists of. Source: https://pkg.go.dev/go/build#Package
var sources = []string{
	".go", ".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso",
}

// isSource reports whether a file can be a part of its folder's package. Files of tests are not.
func isSource(file string) bool {
	name := filepath.Base(file)
	return slices.Contains(sources, filepath.Ext(name)) && !strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".")
}
