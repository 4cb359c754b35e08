package main

import (
	"context"
	"os"

	"github.com/forgego/forgego/internal/typescript"
)

// typesCommand writes the types of a program's exports.
type typesCommand struct {
	Out     string `placeholder:"FILE" help:"The file to write, such as exports.d.ts. The default is standard output."`
	Ambient string `placeholder:"NAME" help:"Declare the module that a bundler makes of the program, such as */logic?go, instead of the interface Exports."`
	Package string `arg:"" help:"The folder of the program, a Go main package."`
}

// Help returns the text that the command's --help prints after the first line.
func (typesCommand) Help() string {
	return "The interface Exports has all functions that the program exports by wasm.ExportFunc and wasm.ExportSeq:\n\n" +
		"  import { load } from './forgego.module.js';\n" +
		"  import type { Exports } from './exports.js';\n" +
		"  const { exports } = await load<Exports>('app.wasm');"
}

// Run writes the types.
func (t *typesCommand) Run(ctx context.Context, c console) error {
	p, err := typescript.Read(ctx, t.Package, nil)
	if err != nil {
		return err
	}
	text, err := p.Declarations()
	if t.Ambient != "" {
		text, err = p.Ambient(t.Ambient)
	}
	if err != nil {
		return err
	}
	if t.Out == "" {
		_, err = c.out.Write(text)
		return err
	}
	return os.WriteFile(t.Out, text, 0o644)
}
