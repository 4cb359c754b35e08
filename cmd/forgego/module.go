package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/forgego/forgego/internal/bundle"
	"github.com/forgego/forgego/internal/typescript"
)

// moduleCommand builds a Go program for a page that is written in JavaScript.
type moduleCommand struct {
	compilerFlag
	Out     string `required:"" placeholder:"DIR" help:"The folder for app.wasm, forgego.module.js, its types, and the files that it loads if it needs them."`
	JSON    bool   `name:"json" help:"Print, for bundlers, the exported functions and the files and folders whose changes matter, as JSON."`
	Ambient string `placeholder:"NAME" help:"With --json: also return the types, as forgego types --ambient writes them."`
	Gzip    bool   `help:"Also write app.wasm.gz, which load fetches with the option gzip."`
	Package string `arg:"" help:"The folder of the program, a Go main package."`
}

// Help returns the text that the command's --help prints after the first line.
func (moduleCommand) Help() string {
	return "The program exports functions by wasm.ExportFunc, and JavaScript calls them:\n\n" +
		"  import { load } from './forgego.module.js';\n" +
		"  const { exports } = await load(new URL('app.wasm', import.meta.url));\n" +
		"  const task = await exports.addTask({ title: 'Write' });"
}

// moduleInfo is what --json prints.
type moduleInfo struct {
	Functions []typescript.Function `json:"functions"`
	// Types is the text of the types.
	Types string `json:"types,omitempty"`
	// Watch are files and folders.
	Watch []string `json:"watch"`
}

// Run builds the program and prints its files.
func (m *moduleCommand) Run(ctx context.Context, c console) error {
	dir, err := filepath.Abs(m.Package)
	if err != nil {
		return err
	}
	out, err := filepath.Abs(m.Out)
	if err != nil {
		return err
	}
	o := bundle.Options{Dir: dir, Package: ".", Out: out, Module: true, Gzip: m.Gzip, Compiler: m.Compiler}
	if m.JSON {
		return m.printInfo(ctx, o, c)
	}
	files, err := m.build(ctx, o)
	if err != nil {
		return err
	}
	for _, f := range files {
		if !f.Removed {
			fmt.Fprintf(c.out, "%s  %d bytes\n", filepath.Join(m.Out, f.Name), f.Size)
		}
	}
	return nil
}

// printInfo builds the program and prints what a bundler needs to know. If the program does not build, it prints what to
// watch.
func (m *moduleCommand) printInfo(ctx context.Context, o bundle.Options, c console) error {
	var info moduleInfo
	var typesErr, buildErr error
	var all sync.WaitGroup
	all.Go(func() {
		roots, _ := bundle.Deps(ctx, o) // an error is that of the build
		for _, r := range roots {
			info.Watch = append(info.Watch, r.Path)
		}
	})
	all.Go(func() { typesErr = m.readTypes(ctx, o.Dir, &info) })
	_, buildErr = m.build(ctx, o)
	all.Wait()
	if buildErr == nil {
		buildErr = typesErr
	}
	text, err := json.Marshal(info)
	if err == nil {
		_, err = c.out.Write(append(text, '\n'))
	}
	return errors.Join(buildErr, err)
}

// build builds the program.
func (m *moduleCommand) build(ctx context.Context, o bundle.Options) ([]bundle.File, error) {
	files, err := bundle.Build(ctx, o)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if _, ok := errors.AsType[*bundle.CompileError](err); ok {
		return nil, fmt.Errorf("%s does not build\n%w", m.Package, err)
	}
	return files, err
}

// readTypes reads the exported functions of the program in dir.
func (m *moduleCommand) readTypes(ctx context.Context, dir string, info *moduleInfo) error {
	p, err := typescript.Read(ctx, dir, nil)
	if err != nil {
		return err
	}
	info.Functions = p.Functions()
	if m.Ambient == "" {
		return nil
	}
	text, err := p.Ambient(m.Ambient)
	info.Types = string(text)
	return err
}
