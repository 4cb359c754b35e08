// Package typescript writes the types of the functions that a Go program exports to JavaScript, for TypeScript.
package typescript

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// wasmPath is the package whose functions export.
const wasmPath = "github.com/forgego/forgego/wasm"

// module is the module that the declarations import, beside them.
const module = "./forgego.module.js"

// Program is a Go program with the functions that it exports by wasm.ExportFunc and wasm.ExportSeq.
type Program struct {
	program *program
	all     []export
}

// Function is an exported function.
type Function struct {
	Name string `json:"name"`
	// Sequence means that it returns an iterator instead of a promise.
	Sequence bool `json:"sequence"`
}

// Read reads the program in dir. env is the environment of the go command; the default is this process's.
//
// Errors name the place in the source. They join what is wrong with several exports. A program without exports is an error.
func Read(ctx context.Context, dir string, env []string) (*Program, error) {
	p, err := load(ctx, dir, env)
	if err != nil {
		return nil, err
	}
	all, err := p.exports()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: the program exports no function: call wasm.ExportFunc", dir)
	}
	return &Program{p, all}, nil
}

// Functions returns the exported functions, sorted by name.
func (p *Program) Functions() []Function {
	var all []Function
	for _, e := range p.all {
		all = append(all, Function{e.name, e.isSeq})
	}
	return all
}

// Declarations returns a module of TypeScript with the interface Exports, which has all functions, and with the types that
// they use. The types are those of the values as JSON has them.
func (p *Program) Declarations() ([]byte, error) {
	types, members, err := p.write("")
	if err != nil {
		return nil, err
	}
	return slices.Concat([]byte(head+"import type { CallOptions } from '"+module+"';\n"), types,
		[]byte("\n/** The functions that the program exports. */\nexport interface Exports {\n"+indented(string(members))+"}\n")), nil
}

// Ambient returns the declaration of the module that a bundler makes of the program. It exports each function by its name.
// pattern is the module's name, such as "*/logic?go".
func (p *Program) Ambient(pattern string) ([]byte, error) {
	types, members, err := p.write("export function ")
	if err != nil {
		return nil, err
	}
	text := "\n/** The last argument of each function. signal ends the context of the Go function, and rejects the call. */\n" +
		"export interface CallOptions {\n  signal?: AbortSignal;\n}\n" + string(types) + "\n" + string(members)
	return []byte(head + "declare module " + quote(pattern) + " {\n" + strings.TrimPrefix(indented(text), "\n") + "}\n"), nil
}

const head = "// Written by \"forgego types\". Do not edit.\n\n"

// indented returns a text whose lines, but for empty ones, begin with two more spaces.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// write returns the types that the functions use, and the functions themselves, with a text before each.
func (p *Program) write(before string) (types, functions []byte, err error) {
	w := &writer{program: p.program, names: map[string]string{"Exports": "", "CallOptions": ""}, declared: map[string]bool{}}
	var members bytes.Buffer
	for _, e := range p.all {
		if err := w.function(&members, before, e); err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(w.declarations, func(a, b declaration) int { return cmp.Compare(a.name, b.name) })
	var out bytes.Buffer
	for _, d := range w.declarations {
		out.WriteString("\n" + d.text)
	}
	return out.Bytes(), members.Bytes(), nil
}

// export is a call of wasm.ExportFunc or wasm.ExportSeq.
type export struct {
	name    string
	pos     token.Pos
	in, out types.Type
	isSeq   bool
	doc     string
}

// exports finds all calls that export a function, sorted by name.
func (p *program) exports() ([]export, error) {
	var all []export
	var wrong []error
	for _, pkg := range p.packages {
		if pkg.types.Path() == wasmPath {
			continue
		}
		for _, file := range pkg.files {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				e, ok, err := p.exportOf(pkg, file, call)
				if err != nil {
					wrong = append(wrong, err)
				} else if ok {
					all = append(all, e)
				}
				return true
			})
		}
	}
	slices.SortStableFunc(all, func(a, b export) int { return cmp.Compare(a.name, b.name) })
	for i := range all {
		if i > 0 && all[i].name == all[i-1].name {
			wrong = append(wrong, p.errorAt(all[i].pos, "%q is exported at %s too", all[i].name, p.position(all[i-1].pos)))
		}
	}
	return all, errors.Join(wrong...)
}

// exportOf reports whether a call exports a function.
func (p *program) exportOf(pkg *source, file *ast.File, call *ast.CallExpr) (e export, ok bool, err error) {
	name := nameOf(call.Fun)
	if name == nil {
		return e, false, nil
	}
	f, ok := pkg.info.Uses[name].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != wasmPath || f.Name() != "ExportFunc" && f.Name() != "ExportSeq" || len(call.Args) != 3 {
		return e, false, nil
	}
	value := pkg.info.Types[call.Args[1]].Value
	if value == nil || value.Kind() != constant.String {
		return e, false, p.errorAt(call.Args[1].Pos(), "the name of an exported function must be a constant here, so that it is known before the program runs")
	}
	of := pkg.info.Instances[name].TypeArgs
	if of == nil || of.Len() != 2 {
		return e, false, p.errorAt(call.Pos(), "the types of this export are not known")
	}
	for i := range 2 {
		if _, ok := of.At(i).(*types.TypeParam); ok {
			return e, false, p.errorAt(call.Pos(), "the types of an export in a generic function are not known before the program runs")
		}
	}
	return export{constant.StringVal(value), call.Pos(), of.At(0), of.At(1), f.Name() == "ExportSeq", p.docOfFunction(pkg, file, call)}, true, nil
}

// nameOf returns the name in the expression of a call, which may have a package and type arguments.
func nameOf(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return nameOf(e.X)
	case *ast.IndexListExpr:
		return nameOf(e.X)
	}
	return nil
}

// docOfFunction returns the comment above the call. If there is none, it returns that of the function that is exported.
func (p *program) docOfFunction(pkg *source, file *ast.File, call *ast.CallExpr) string {
	line := p.files.Position(call.Pos()).Line
	for _, c := range file.Comments {
		if p.files.Position(c.End()).Line == line-1 {
			return c.Text()
		}
	}
	if name := nameOf(call.Args[2]); name != nil {
		if f, ok := pkg.info.Uses[name].(*types.Func); ok {
			return p.docs[f.Origin()]
		}
	}
	return ""
}

func (p *program) position(pos token.Pos) string {
	at := p.files.Position(pos)
	if name, err := filepath.Rel(p.dir, at.Filename); err == nil && !strings.HasPrefix(name, "..") {
		at.Filename = name
	}
	return at.String()
}

func (p *program) errorAt(pos token.Pos, format string, args ...any) error {
	return fmt.Errorf("%s: %s", p.position(pos), fmt.Sprintf(format, args...))
}

// function writes the member for an exported function.
func (w *writer) function(b *bytes.Buffer, before string, e export) error {
	w.pos, w.at = e.pos, e.name
	in, out := "", "void"
	var err error
	switch {
	case isEmpty(e.in):
	case isBytes(e.in):
		in = "input: Uint8Array | ArrayBuffer, "
	default:
		if in, err = w.typeOf(e.in); err != nil {
			return err
		}
		in = "input: " + in + ", "
	}
	switch {
	case isEmpty(e.out):
	case isBytes(e.out):
		out = "Uint8Array"
	default:
		if out, err = w.typeOf(e.out); err != nil {
			return err
		}
	}
	result := "Promise<" + out + ">"
	if e.isSeq {
		result = "AsyncIterableIterator<" + out + ">"
	}
	fmt.Fprintf(b, "%s%s%s(%soptions?: CallOptions): %s;\n", comment(e.doc, ""), before, e.name, in, result)
	return nil
}

// comment returns a comment for TypeScript, or "".
func comment(text, indent string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "*/", "* /"))
	if text == "" {
		return ""
	}
	if !strings.Contains(text, "\n") {
		return indent + "/** " + text + " */\n"
	}
	var b strings.Builder
	b.WriteString(indent + "/**\n")
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(indent+" * "+line, " \t\n") + "\n")
	}
	b.WriteString(indent + " */\n")
	return b.String()
}
