package typescript

import (
	"bytes"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// writer writes types as JSON has their values, by the rules of encoding/json, which package jsoncodec follows.
type writer struct {
	*program
	// pos and at are the place of the type that is being written, for errors.
	pos token.Pos
	at  string
	// names are the names in the module that are taken, with the Go types that have them.
	names        map[string]string
	declared     map[string]bool // by the Go type
	declarations []declaration
}

type declaration struct{ name, text string }

func (w *writer) fail(format string, args ...any) error {
	return w.errorAt(w.pos, "%s: %s", w.at, fmt.Sprintf(format, args...))
}

func isEmpty(t types.Type) bool {
	s, ok := types.Unalias(t).(*types.Struct)
	return ok && s.NumFields() == 0
}

// isBytes reports whether values of a type cross as they are.
func isBytes(t types.Type) bool {
	return types.Identical(t, types.NewSlice(types.Typ[types.Byte]))
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

// typeOf returns a type. A slice, a map and a pointer may be nil, which is null in JSON.
func (w *writer) typeOf(t types.Type) (string, error) {
	text, mayBeNil, err := w.valueOf(t)
	if mayBeNil && err == nil {
		text += " | null"
	}
	return text, err
}

// valueOf returns the type of a value that is not nil, and whether it may be nil.
func (w *writer) valueOf(t types.Type) (text string, mayBeNil bool, err error) {
	t = types.Unalias(t)
	if named, ok := t.(*types.Named); ok {
		if text, ok, err := w.known(named); ok || err != nil {
			return text, false, err
		}
		switch text, err := w.byMethods(named); {
		case err != nil || text != "":
			return text, false, err
		}
		_, mayBeNil := w.underlying(named)
		text, err := w.name(named)
		return text, mayBeNil, err
	}
	switch u := t.(type) {
	case *types.Basic:
		text, err = w.basic(u)
	case *types.Pointer:
		text, _, err = w.valueOf(u.Elem())
		mayBeNil = true
	case *types.Slice:
		mayBeNil = true
		if isByte(u.Elem()) && !hasMethods(u.Elem()) {
			return "string", true, nil
		}
		text, err = w.list(u.Elem())
	case *types.Array:
		text, err = w.list(u.Elem())
	case *types.Map:
		mayBeNil = true
		text, err = w.mapOf(u)
	case *types.Interface:
		text = "unknown"
	case *types.Struct:
		text, err = w.members(u, "  ")
	default:
		err = w.fail("a %s has no JSON form", t)
	}
	return text, mayBeNil, err
}

// underlying returns the underlying type of n, and reports whether its values may be nil.
func (w *writer) underlying(n *types.Named) (types.Type, bool) {
	u := n.Underlying()
	switch u.(type) {
	case *types.Slice, *types.Map, *types.Pointer:
		return u, true
	}
	return u, false
}

func (w *writer) list(elem types.Type) (string, error) {
	text, err := w.typeOf(elem)
	if strings.ContainsAny(text, "|=") {
		text = "(" + text + ")"
	}
	return text + "[]", err
}

func (w *writer) basic(b *types.Basic) (string, error) {
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return "boolean", nil
	case info&types.IsString != 0:
		return "string", nil
	case info&(types.IsInteger|types.IsFloat) != 0:
		return "number", nil
	}
	return "", w.fail("a %s has no JSON form", b)
}

func (w *writer) mapOf(m *types.Map) (string, error) {
	if b, ok := m.Key().Underlying().(*types.Basic); (!ok || b.Info()&(types.IsString|types.IsInteger) == 0) && !hasMethod(m.Key(), "MarshalText") {
		return "", w.fail("a %s has no JSON form: the keys must be texts or integers", m)
	}
	value, err := w.typeOf(m.Elem())
	return "{ [key: string]: " + value + " }", err
}

// known returns the type of values that the module or the standard library converts in a way of its own.
func (w *writer) known(n *types.Named) (string, bool, error) {
	o := n.Obj()
	if o.Pkg() == nil { // error, comparable
		return "unknown", true, nil
	}
	switch o.Pkg().Path() + "." + o.Name() {
	case "time.Time":
		return "string", true, nil
	case "encoding/json.RawMessage", "encoding/json/jsontext.Value":
		return "unknown", true, nil
	case "encoding/json.Number":
		return "number", true, nil
	case wasmPath + ".Callback":
		in, out := n.TypeArgs().At(0), n.TypeArgs().At(1)
		parameter, result := "", "unknown"
		var err error
		if !isEmpty(in) {
			if parameter, err = w.typeOf(in); err != nil {
				return "", false, err
			}
			parameter = "input: " + parameter
		}
		if !isEmpty(out) {
			if result, err = w.typeOf(out); err != nil {
				return "", false, err
			}
			result += " | Promise<" + result + ">"
		}
		return "((" + parameter + ") => " + result + ")", true, nil
	}
	return "", false, nil
}

// byMethods returns the type of values that convert themselves, or "".
func (w *writer) byMethods(n *types.Named) (string, error) {
	switch {
	case hasMethod(n, "MarshalJSON") || hasMethod(n, "UnmarshalJSON"):
		return "unknown", nil
	case hasMethod(n, "MarshalText") || hasMethod(n, "UnmarshalText"):
		return "string", nil
	}
	return "", nil
}

func hasMethods(t types.Type) bool {
	return hasMethod(t, "MarshalJSON") || hasMethod(t, "MarshalText")
}

func hasMethod(t types.Type, name string) bool {
	o, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := o.(*types.Func)
	return ok
}

// name returns the name of a type in the module, and declares it if that was not done.
func (w *writer) name(n *types.Named) (string, error) {
	name := w.nameFor(n)
	id := types.TypeString(n, nil)
	if w.declared[id] {
		return name, nil
	}
	w.declared[id] = true
	text, err := w.declare(n, name)
	w.declarations = append(w.declarations, declaration{name, text})
	return name, err
}

func (w *writer) declare(n *types.Named, name string) (string, error) {
	doc := comment(w.docs[n.Origin().Obj()], "")
	if s, ok := n.Underlying().(*types.Struct); ok {
		members, err := w.members(s, "  ")
		return doc + "export interface " + name + " " + members + "\n", err
	}
	if union := w.constants(n); union != "" {
		return doc + "export type " + name + " = " + union + ";\n", nil
	}
	text, _, err := w.valueOf(n.Underlying())
	return doc + "export type " + name + " = " + text + ";\n", err
}

// nameFor returns the name for a type. The second type with a name gets that of its package before it.
func (w *writer) nameFor(n *types.Named) string {
	id := types.TypeString(n, nil)
	name := upper(n.Obj().Name())
	for i := range n.TypeArgs().Len() {
		name += "Of" + plain(types.TypeString(n.TypeArgs().At(i), func(*types.Package) string { return "" }))
	}
	for _, name := range []string{name, upper(n.Obj().Pkg().Name()) + name} {
		if of, taken := w.names[name]; !taken || of == id {
			w.names[name] = id
			return name
		}
	}
	for i := 2; ; i++ {
		next := name + strconv.Itoa(i)
		if of, taken := w.names[next]; !taken || of == id {
			w.names[next] = id
			return next
		}
	}
}

func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// plain returns a name of the letters and digits of text.
func plain(text string) string {
	var b strings.Builder
	start := true
	for _, c := range text {
		switch {
		case c >= 'a' && c <= 'z' && start:
			b.WriteRune(c - 'a' + 'A')
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		default:
			start = true
			continue
		}
		start = false
	}
	return b.String()
}

// constants returns the union of the constants that a type's package declares for it, or "".
func (w *writer) constants(n *types.Named) string {
	b, ok := n.Underlying().(*types.Basic)
	if !ok || b.Info()&(types.IsString|types.IsNumeric) == 0 {
		return ""
	}
	var consts []*types.Const
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), n) {
			consts = append(consts, c)
		}
	}
	slices.SortFunc(consts, func(a, b *types.Const) int { return int(a.Pos()) - int(b.Pos()) })
	var values []string
	for _, c := range consts {
		text := c.Val().ExactString()
		if c.Val().Kind() == constant.String {
			text = quote(constant.StringVal(c.Val()))
		} else if strings.Contains(text, "/") { // a fraction
			f, _ := constant.Float64Val(c.Val())
			text = strconv.FormatFloat(f, 'g', -1, 64)
		}
		if !slices.Contains(values, text) {
			values = append(values, text)
		}
	}
	if b.Info()&types.IsString == 0 && b.Info()&types.IsFloat != 0 {
		return "" // TypeScript's union of fractions helps nobody
	}
	return strings.Join(values, " | ")
}

// quote returns a text as JavaScript has it.
func quote(text string) string {
	var b bytes.Buffer
	b.WriteByte('\'')
	for _, c := range text {
		switch {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' || c == '\u2028' || c == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
