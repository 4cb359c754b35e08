package typescript

import (
	"cmp"
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// member is a field of a struct, or of a struct that is embedded in it.
type member struct {
	field *types.Var
	name  string
	// depth is the number of structs around it, and order its place among all.
	depth, order int
	// isTagged means that its name is from a tag.
	isTagged           bool
	isOptional, quoted bool
}

// members returns a struct as an object type.
func (w *writer) members(s *types.Struct, indent string) (string, error) {
	if s.NumFields() == 0 {
		return "{}", nil
	}
	var b strings.Builder
	b.WriteString("{\n")
	at := w.at
	defer func() { w.at = at }()
	for _, m := range dominant(fields(s)) {
		w.at = at + "." + m.name
		text, isNil, err := w.valueOf(m.field.Type())
		if err != nil {
			return "", err
		}
		if m.quoted {
			text = "string"
		}
		name := m.name
		if !isIdentifier(name) {
			name = quote(name)
		}
		if m.isOptional {
			name += "?"
		} else if isNil {
			text += " | null"
		}
		// An object type in this one is indented with it.
		text = strings.ReplaceAll(text, "\n", "\n"+indent)
		b.WriteString(comment(w.docs[m.field.Origin()], indent) + indent + name + ": " + text + ";\n")
	}
	b.WriteString("}")
	return b.String(), nil
}

func isIdentifier(name string) bool {
	for i, c := range name {
		letter := c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// fields returns the fields of a struct, with those of embedded structs.
func fields(s *types.Struct) []member {
	var all []member
	type place struct {
		s          *types.Struct
		depth      int
		isOptional bool
	}
	seen := map[types.Type]bool{}
	for queue := []place{{s, 0, false}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for i := range at.s.NumFields() {
			field := at.s.Field(i)
			tag := reflect.StructTag(at.s.Tag(i)).Get("json")
			if tag == "-" {
				continue
			}
			name, options, _ := strings.Cut(tag, ",")
			if !validName(name) {
				name = ""
			}
			t := types.Unalias(field.Type())
			pointer, isPointer := t.(*types.Pointer)
			if isPointer {
				t = types.Unalias(pointer.Elem())
			}
			inner, isStruct := t.Underlying().(*types.Struct)
			if field.Embedded() && isStruct && name == "" {
				if !seen[t] {
					seen[t] = true
					queue = append(queue, place{inner, at.depth + 1, at.isOptional || isPointer})
				}
				continue
			}
			if !ast.IsExported(field.Name()) {
				continue
			}
			m := member{field: field, name: name, depth: at.depth, order: len(all), isTagged: name != "", isOptional: at.isOptional}
			if name == "" {
				m.name = field.Name()
			}
			for option := range strings.SplitSeq(options, ",") {
				switch option {
				case "omitempty":
					m.isOptional = m.isOptional || canBeEmpty(field.Type())
				case "omitzero":
					m.isOptional = true
				case "string":
					b, ok := t.Underlying().(*types.Basic)
					m.quoted = ok && b.Info()&(types.IsBoolean|types.IsNumeric|types.IsString) != 0 && !hasMethods(t)
				}
			}
			all = append(all, m)
		}
	}
	return all
}

// canBeEmpty reports whether omitempty has an effect.
func canBeEmpty(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return false
	case *types.Array:
		return u.Len() == 0
	}
	return true
}

// validName reports whether encoding/json takes the name of a tag.
func validName(name string) bool {
	for _, c := range name {
		if c == '"' || c == '\\' || c == '\'' || c < ' ' {
			return false
		}
	}
	return true
}

// dominant returns the members that JSON has. Of several with one name, it is the one that is embedded the least deeply,
// or has a tag; if there is no such one, it is none of them.
func dominant(all []member) []member {
	byName := map[string][]member{}
	for _, m := range all {
		byName[m.name] = append(byName[m.name], m)
	}
	var result []member
	for _, same := range byName {
		slices.SortFunc(same, func(a, b member) int {
			if a.depth != b.depth {
				return cmp.Compare(a.depth, b.depth)
			}
			if a.isTagged != b.isTagged {
				if a.isTagged {
					return -1
				}
				return 1
			}
			return 0
		})
		if len(same) == 1 || same[0].depth != same[1].depth || same[0].isTagged != same[1].isTagged {
			result = append(result, same[0])
		}
	}
	slices.SortFunc(result, func(a, b member) int { return cmp.Compare(a.order, b.order) })
	return result
}
