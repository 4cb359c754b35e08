package typescript

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/supervise"
)

// program is a program with the types of all its packages. Those of the standard library are read from what the compiler
// knows of them, without their sources.
type program struct {
	dir      string
	files    *token.FileSet
	packages []*source
	// docs are the comments of functions, types, constants and fields.
	docs map[types.Object]string
}

// source is a package that was read from its sources.
type source struct {
	types *types.Package
	files []*ast.File
	info  *types.Info
}

// listed is what "go list" prints of a package. Source: https://pkg.go.dev/cmd/go#hdr-List_packages_or_modules
type listed struct {
	ImportPath, Dir, Export, Name string
	GoFiles                       []string
	ImportMap                     map[string]string
	Standard                      bool
	Module                        *struct{ GoVersion string }
}

// load reads the program in dir as it is built for a page.
func load(ctx context.Context, dir string, env []string) (*program, error) {
	if env == nil {
		env = os.Environ()
	}
	// With the flags of package bundle, so that the compiler's cache serves both.
	out, problems, err := supervise.Command{
		Args: []string{"go", "list", "-trimpath", "-buildvcs=false", "-deps", "-export", "-json=ImportPath,Dir,Export,Name,GoFiles,ImportMap,Standard,Module", "."},
		Dir:  dir,
		Env:  append(slices.Clip(env), "GOOS=js", "GOARCH=wasm"),
	}.Run(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return nil, bundle.ErrNoGo
	case err != nil && len(problems) > 0:
		return nil, errors.New(strings.TrimSpace(string(problems)))
	case err != nil:
		if info, statErr := os.Stat(dir); errors.Is(statErr, os.ErrNotExist) || statErr == nil && !info.IsDir() {
			return nil, fmt.Errorf("%w: %s", bundle.ErrNoFolder, dir)
		}
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	p := &program{dir: dir, files: token.NewFileSet(), docs: map[types.Object]string{}}
	if p.dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	exports := map[string]string{} // files by the path of the package
	known := map[string]*types.Package{}
	standard := importer.ForCompiler(p.files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	name := "" // of the last package, which is the program
	// go list prints a package after the packages that it imports.
	for packages := json.NewDecoder(bytes.NewReader(out)); packages.More(); {
		var l listed
		if err := packages.Decode(&l); err != nil {
			return nil, err
		}
		name = l.Name
		if l.Standard {
			exports[l.ImportPath] = l.Export
			continue
		}
		s, err := p.check(&l, importerFunc(func(path string) (*types.Package, error) {
			if mapped, ok := l.ImportMap[path]; ok {
				path = mapped
			}
			if pkg, ok := known[path]; ok {
				return pkg, nil
			}
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			return standard.Import(path)
		}))
		if err != nil {
			return nil, err
		}
		known[l.ImportPath] = s.types
		p.packages = append(p.packages, s)
	}
	if name != "main" {
		return nil, fmt.Errorf("%s: this is package %s, but %w", dir, name, bundle.ErrNotMain)
	}
	return p, nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// check reads a package's sources and finds its types.
func (p *program) check(l *listed, imports types.Importer) (*source, error) {
	s := &source{info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Instances: map[*ast.Ident]types.Instance{},
	}}
	for _, name := range l.GoFiles {
		file, err := parser.ParseFile(p.files, filepath.Join(l.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, file)
	}
	config := types.Config{Importer: imports, Sizes: types.SizesFor("gc", "wasm")}
	if l.Module != nil && l.Module.GoVersion != "" {
		config.GoVersion = "go" + l.Module.GoVersion
	}
	var err error
	if s.types, err = config.Check(l.ImportPath, p.files, s.files, s.info); err != nil {
		return nil, err
	}
	for _, file := range s.files {
		p.readDocs(s, file)
	}
	return s, nil
}

// readDocs keeps the comments of a file's declarations.
func (p *program) readDocs(s *source, file *ast.File) {
	keep := func(name *ast.Ident, groups ...*ast.CommentGroup) {
		for _, g := range groups {
			if text := g.Text(); text != "" {
				if o := s.info.Defs[name]; o != nil {
					p.docs[o] = text
				}
				return
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			keep(n.Name, n.Doc)
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					keep(t.Name, t.Doc, n.Doc)
				}
			}
		case *ast.Field:
			for _, name := range n.Names {
				keep(name, n.Doc, n.Comment)
			}
		}
		return true
	})
}
