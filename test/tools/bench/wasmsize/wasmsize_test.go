package wasmsize

import (
	"encoding/binary"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// module returns a program made of the sections. Each section is an id and its content.
func module(sections ...string) string { return "\x00asm\x01\x00\x00\x00" + strings.Join(sections, "") }

func section(id byte, content ...string) string {
	return string(id) + vector(strings.Join(content, ""))
}

func vector(content string) string { return number(len(content)) + content }

func number(n int) string { return string(binary.AppendUvarint(nil, uint64(n))) }

// imports are two functions and one import of each other kind.
func imports() string {
	return section(Import, number(6),
		vector("gojs"), vector("a"), "\x00", number(3),
		vector("gojs"), vector("t"), "\x01\x70\x01", number(1), number(200), // a table with a maximum
		vector("gojs"), vector("m"), "\x02\x00", number(16), // a memory without a maximum
		vector("gojs"), vector("shared"), "\x02\x03", number(16), number(300),
		vector("gojs"), vector("g"), "\x03\x7f\x00",
		vector("gojs"), vector("b"), "\x00", number(300))
}

func code() string {
	return section(Code, number(3), vector("one"), vector(strings.Repeat("x", 200)), vector(""))
}

// names are the names of functions 2, 3 and 9. Function 9 does not exist, and the first two functions are imported.
func names() string {
	return section(Custom, vector("name"),
		"\x00"+vector(vector("the program")),
		"\x01"+vector(number(4)+number(0)+vector("imported")+number(2)+vector("main.one")+number(3)+vector("fmt.long")+number(9)+vector("nobody")))
}

func TestFunctions(t *testing.T) {
	for name, c := range map[string]struct {
		program string
		want    []Function
	}{
		"empty":      {module(), nil},
		"with names": {module(imports(), code(), names()), []Function{{"main.one", 4}, {"fmt.long", 202}, {"", 1}}},
		// Without imports, the names belong to the third and fourth function.
		"no imports": {module(code(), names()), []Function{{"imported", 4}, {"", 202}, {"main.one", 1}}},
		"no names":   {module(imports(), code()), []Function{{"", 4}, {"", 202}, {"", 1}}},
		"other custom sections": {module(section(Custom, vector("producers"), "\xff\xff"), imports(), code()),
			[]Function{{"", 4}, {"", 202}, {"", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Functions([]byte(c.program))
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, %v; want %v", got, err, c.want)
			}
		})
	}
}

func TestSections(t *testing.T) {
	program := module(code(), section(Custom, vector("producers"), "go"), section(Data, "abc"))
	got, err := Sections([]byte(program))
	if err != nil || len(got) != 3 {
		t.Fatalf("got %v, %v", got, err)
	}
	sum := 8
	for _, s := range got {
		sum += s.Size
	}
	if sum != len(program) {
		t.Errorf("the sections are %d bytes, the program is %d", sum, len(program))
	}
	if s := got[1]; s.Name != "producers" || string(s.Data) != "go" {
		t.Errorf("got %+v", s)
	}
	if s := got[2]; s.ID != Data || string(s.Data) != "abc" || s.Size != 5 {
		t.Errorf("got %+v", s)
	}
}

func TestFormat(t *testing.T) {
	whole := module(imports(), code(), names())
	for name, program := range map[string]string{
		"nothing":                   "",
		"another file":              "<!doctype html>",
		"another version":           "\x00asm\x02\x00\x00\x00",
		"cut in a section":          whole[:len(whole)-3],
		"a length over the end":     module("\x0a\xff\xff\x03"),
		"a number that never ends":  module("\x0a\xff\xff\xff\xff\xff\xff"),
		"a number over 32 bits":     module("\x0b\x80\x80\x80\x80\x10"),
		"fewer functions than said": module(section(Code, number(3), vector("one"))),
		"an import of a new kind":   module(section(Import, number(1), vector("m"), vector("f"), "\x09\x00")),
		"a custom name too long":    module(section(Custom, number(40), "name")),
		"names cut off":             module(code(), section(Custom, vector("name"), "\x01"+vector(number(2)+number(0)+vector("a")))),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Functions([]byte(program))
			if !errors.Is(err, ErrFormat) || got != nil {
				t.Errorf("got %v, %v; want %v", got, err, ErrFormat)
			}
		})
	}
}

// FuzzFunctions checks, for any bytes, that Functions returns, and that no function is larger than the input.
func FuzzFunctions(f *testing.F) {
	f.Add([]byte(module(imports(), code(), names())))
	f.Fuzz(func(t *testing.T, program []byte) {
		functions, err := Functions(program)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("an error of another kind: %v", err)
			}
			return
		}
		sections, err := Sections(program)
		if err != nil {
			t.Fatal(err)
		}
		room, code := 8, 0
		for _, s := range sections {
			room += s.Size
			if s.ID == Code {
				code = max(code, s.Size)
			}
		}
		if room != len(program) {
			t.Errorf("the sections are %d of %d bytes", room, len(program))
		}
		sum := 0
		for _, fn := range functions {
			sum += fn.Size
		}
		if sum > code {
			t.Errorf("the functions are %d bytes, the code is %d", sum, code)
		}
	})
}

func TestByPackage(t *testing.T) {
	functions := []Function{
		{"main.main", 10},
		{"fmt.Sprint", 20}, {"fmt.__pp_.doPrint.func1", 5},
		{"github.com_forgego_forgego_bridge.__Client_.RequestRemote", 30},
		{"github.com_forgego_forgego_bridge_bridgehttp.New", 7},
		{"gopkg.in_yaml_2ev3.Unmarshal", 3},
		{"internal_runtime_maps.__Map_.Get", 2},
		{"slices.SortFunc_go.shape.struct_github.com_forgego_forgego_bridge.field_", 9},
		{"type_.eq.fmt.pp", 4}, {"", 1}, {"wasm_export_run", 6},
	}
	packages := []string{"fmt", "github.com/forgego/forgego/bridge", "github.com/forgego/forgego/bridge/bridgehttp", "gopkg.in/yaml.v3",
		"internal/runtime/maps", "slices", "runtime"}
	want := map[string]int{
		"main": 10, "fmt": 25, "github.com/forgego/forgego/bridge": 30, "github.com/forgego/forgego/bridge/bridgehttp": 7,
		"gopkg.in/yaml.v3": 3, "internal/runtime/maps": 2, "slices": 9, Other: 11,
	}
	got := map[string]int{}
	last := 1 << 30
	for _, p := range ByPackage(functions, packages) {
		got[p.Name] = p.Size
		if p.Size > last {
			t.Errorf("%s comes too late", p.Name)
		}
		last = p.Size
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
