package jsoncodec

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// members are the members of an object that a struct becomes.
type members struct {
	list []member
	// exact has the members by their names, and folded by their names without case.
	exact, folded map[string]*member
}

// member is a field of a struct.
type member struct {
	name string
	// key is the name as it is written: quoted, and with a colon.
	key string
	// words are the first 16 bytes of key, and masks the bytes of the words that count.
	words, masks [2]uint64

	// through are the embedded pointers on the way to the field.
	through []hop
	// offset is where the field is, in the struct or in what the last of through points to.
	offset uintptr
	plan   *plan
	// direct is the plan's kind if the field has no method, no option "string" and no way through embedded pointers.
	direct kind
	// encoded is the same for encoding. It is 0 too if the field may be left out.
	encoded kind
	// leavesOutNil means that the field is a pointer that is left out if it is nil.
	leavesOutNil bool
	// inline is encoded if the key has at most 16 bytes and the value is a string, a number of 64 bits or a bool. It is 0 otherwise.
	inline kind

	quoted, omitEmpty, omitZero bool
	isZero                      zero
	position                    int
}

// hop is an embedded pointer on the way to a field.
type hop struct {
	offset uintptr
	typ    reflect.Type // of the struct that it points to
	// hidden means that the struct's type is not exported, so that a nil pointer cannot be set.
	hidden bool
}

// zero says how to find out that a field has the zero value, for omitzero.
type zero uint8

const (
	zeroByValue     zero = iota // compares it with the zero value
	zeroByMethod                // calls IsZero
	zeroByAddress               // calls IsZero of the field's address
	zeroByPointer               // calls IsZero unless the pointer is nil
	zeroByInterface             // calls IsZero unless the interface or the pointer in it is nil
)

// found is a field during the search for the members of a struct.
type found struct {
	member
	index  []int
	tagged bool
	typ    reflect.Type
}

// members returns the members of a struct, by the rules of encoding/json: those of embedded structs count as its own,
// the least nested of several with one name wins, and then the one with a tag.
func (c compiler) members(t reflect.Type) *members {
	type level struct {
		typ     reflect.Type
		index   []int
		through []hop
		offset  uintptr
	}
	var fields []found
	next := []level{{typ: t}}
	visited := map[reflect.Type]bool{}
	var count, nextCount map[reflect.Type]int
	for len(next) > 0 {
		current := next
		next = nil
		count, nextCount = nextCount, map[reflect.Type]int{}
		for _, l := range current {
			if visited[l.typ] {
				continue
			}
			visited[l.typ] = true
			for i := range l.typ.NumField() {
				field := l.typ.Field(i)
				typ := field.Type
				if field.Anonymous {
					inner := typ
					if inner.Kind() == reflect.Pointer {
						inner = inner.Elem()
					}
					if !field.IsExported() && inner.Kind() != reflect.Struct {
						continue
					}
				} else if !field.IsExported() {
					continue
				}
				tag := field.Tag.Get("json")
				if tag == "-" {
					continue
				}
				name, options, _ := strings.Cut(tag, ",")
				if !validName(name) {
					name = ""
				}
				index := append(slices.Clone(l.index), i)
				if typ.Name() == "" && typ.Kind() == reflect.Pointer {
					typ = typ.Elem()
				}
				if name == "" && field.Anonymous && typ.Kind() == reflect.Struct {
					nextCount[typ]++
					if nextCount[typ] == 1 {
						inside := level{typ: typ, index: index, through: l.through, offset: l.offset + field.Offset}
						if field.Type.Kind() == reflect.Pointer {
							inside.through = append(slices.Clone(l.through), hop{inside.offset, typ, !field.IsExported()})
							inside.offset = 0
						}
						next = append(next, inside)
					}
					continue
				}
				f := found{index: index, tagged: name != "", typ: field.Type}
				if name == "" {
					name = field.Name
				}
				f.name = name
				f.through, f.offset = l.through, l.offset+field.Offset
				f.setOptions(options, typ, field.Type)
				fields = append(fields, f)
				if count[l.typ] > 1 {
					// Several embedded structs have this type, so their fields hide each other.
					fields = append(fields, f)
				}
			}
		}
	}
	fields = visible(fields)
	m := &members{exact: map[string]*member{}, folded: map[string]*member{}, list: make([]member, len(fields))}
	for i, f := range fields {
		f.plan = c.plan(f.typ)
		f.position = i
		f.setKey()
		m.list[i] = f.member
		at := &m.list[i]
		m.exact[f.name] = at
		if folded := string(fold(nil, []byte(f.name))); m.folded[folded] == nil {
			m.folded[folded] = at
		}
	}
	for i := range m.list {
		m.list[i].setDirect()
	}
	return m
}

// visible removes the fields that others hide, and sorts the rest by where they are declared.
func visible(fields []found) []found {
	var kept []found
	for i, field := range fields {
		hidden := false
		for j, other := range fields {
			if i == j || other.name != field.name {
				continue
			}
			// The less nested field wins, and then the one with a tag. Equal fields hide each other.
			if n := len(other.index) - len(field.index); n < 0 || n == 0 && (other.tagged || !field.tagged) {
				hidden = true
				break
			}
		}
		if !hidden {
			kept = append(kept, field)
		}
	}
	for i := range kept { // there are few, so a short sort is enough
		for j := i; j > 0 && slices.Compare(kept[j].index, kept[j-1].index) < 0; j-- {
			kept[j], kept[j-1] = kept[j-1], kept[j]
		}
	}
	return kept
}

// setOptions reads the options of a tag. typ is the field's type, or what it points to.
func (m *member) setOptions(options string, typ, declared reflect.Type) {
	for options != "" {
		var option string
		option, options, _ = strings.Cut(options, ",")
		switch option {
		case "omitempty":
			m.omitEmpty = true
		case "omitzero":
			m.omitZero = true
		case "string":
			switch k := typ.Kind(); {
			case reflect.Bool <= k && k <= reflect.Float64, k == reflect.String:
				m.quoted = true
			}
		}
	}
	switch kind := declared.Kind(); {
	case declared.Implements(isZeroerType):
		switch kind {
		case reflect.Interface:
			m.isZero = zeroByInterface
		case reflect.Pointer:
			m.isZero = zeroByPointer
		default:
			m.isZero = zeroByMethod
		}
	case reflect.PointerTo(declared).Implements(isZeroerType):
		m.isZero = zeroByAddress
	}
}

// setKey prepares the name for comparisons.
func (m *member) setKey() {
	m.key = `"` + m.name + `":`
	var first [16]byte
	var counts [16]byte
	for i := range copy(first[:], m.key) {
		counts[i] = 0xFF
	}
	for i := range m.words {
		m.words[i] = binary.LittleEndian.Uint64(first[8*i:])
		m.masks[i] = binary.LittleEndian.Uint64(counts[8*i:])
	}
}

// setDirect sets the kinds for the short ways. The plan may not be complete, but its kind and methods are.
func (m *member) setDirect() {
	if len(m.through) > 0 || m.quoted {
		return
	}
	m.leavesOutNil = m.omitEmpty && m.plan.kind == aPointer
	if m.plan.decodes == noMethod {
		m.direct = m.plan.kind
		if m.direct == anInt && m.plan.size == 8 {
			m.direct = anInt64
		}
	}
	if m.plan.encodes == noMethod && m.plan.addressEncodes == noMethod && !m.omitEmpty && !m.omitZero {
		m.encoded = m.plan.kind
		if m.encoded == anInt && m.plan.size == 8 {
			m.encoded = anInt64
		}
		if k := m.encoded; len(m.key) <= 16 && (k == aString || k == anInt64 || k == aFloat64 || k == aBool) {
			m.inline = k
		}
	}
}

// validName reports whether a tag may name a member so.
func validName(name string) bool {
	for _, c := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", c) && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return false
		}
	}
	return name != ""
}

// find returns the member of this name. It prefers the exact name to one in another case. Both are nil if there is none.
func (m *members) find(name []byte) *member {
	if found := m.exact[string(name)]; found != nil {
		return found
	}
	var room [64]byte
	return m.folded[string(fold(room[:0], name))]
}

// fold appends a name in the form that all names have that differ only in case.
func fold(b, name []byte) []byte {
	for i := 0; i < len(name); {
		c := name[i]
		if c < utf8.RuneSelf {
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(name[i:])
		b = utf8.AppendRune(b, foldRune(r))
		i += size
	}
	return b
}

// foldRune returns the least of all characters that differ from r only in case.
func foldRune(r rune) rune {
	for {
		next := unicode.SimpleFold(r)
		if next <= r {
			return next
		}
		r = next
	}
}
