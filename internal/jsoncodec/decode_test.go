//go:build !tinygo

package jsoncodec

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestUnmarshal has the rules that the documentation of json.Unmarshal states. Each is also compared with json.Unmarshal.
func TestUnmarshal(t *testing.T) {
	type inner struct{ A, B int }
	seven := 7
	tests := map[string]struct {
		text   string
		target any // a pointer to what is there before
		want   any
	}{
		"null into a pointer":                  {`null`, &[]*int{&seven}[0], (*int)(nil)},
		"a pointer is followed":                {`8`, &[]*int{new(int)}[0], new8()},
		"a nil pointer is set":                 {`8`, new(*int), new8()},
		"names in another case":                {`{"a":1,"b":2}`, new(inner), inner{1, 2}},
		"the exact name first":                 {`{"upper":"1","UPPER":"2"}`, new(tagged), tagged{Upper: "1", Lower: "2"}},
		"names with a long s":                  {`{"ſtring":"x"}`, new(scalars), scalars{String: "x"}},
		"unknown names":                        {`{"X":[{"y":{}}],"A":1}`, new(inner), inner{A: 1}},
		"the last of repeated names":           {`{"A":1,"A":2}`, new(inner), inner{A: 2}},
		"repeated objects are merged":          {`{"a":{"A":1},"a":{"B":2}}`, new(struct{ A inner }), struct{ A inner }{inner{1, 2}}},
		"fields that are absent stay":          {`{"A":1}`, &inner{5, 6}, inner{1, 6}},
		"any: bool":                            {`true`, new(any), true},
		"any: number":                          {`1e2`, new(any), 100.0},
		"any: string":                          {`"a"`, new(any), "a"},
		"any: array":                           {`[1,[]]`, new(any), []any{1.0, []any{}}},
		"any: object":                          {`{"a":null}`, new(any), map[string]any{"a": nil}},
		"any: null":                            {`null`, &[]any{5}[0], nil},
		"any with a pointer in it":             {`{"A":1}`, &[]any{&inner{5, 6}}[0], &inner{1, 6}},
		"elements of a slice are decoded into": {`[{"A":1}]`, &[]inner{{5, 6}, {7, 8}}, []inner{{1, 6}}},
		"an empty array":                       {`[]`, new([]int), []int{}},
		"a short array":                        {`[1]`, &[2]int{5, 6}, [2]int{1, 0}},
		"a long array":                         {`[1,2,{}]`, new([2]int), [2]int{1, 2}},
		"a map keeps its entries":              {`{"a":1}`, &map[string]int{"b": 2}, map[string]int{"a": 1, "b": 2}},
		"a map's values are new":               {`{"a":{"A":1}}`, &map[string]inner{"a": {5, 6}}, map[string]inner{"a": {A: 1}}},
		"integers as keys":                     {`{"-1":"a","2":"b"}`, new(map[int8]string), map[int8]string{-1: "a", 2: "b"}},
		"texts as keys":                        {`{"abc":1}`, new(map[textInt]int), map[textInt]int{3: 1}},
		"null into other types":                {`[null,null,null]`, &[]any{1, "a", inner{}}, []any{nil, nil, nil}},
		"null leaves a value":                  {`{"A":null}`, &inner{5, 6}, inner{5, 6}},
		"half a surrogate pair":                {`"\ud83c\ud83cx"`, new(string), "\uFFFD\uFFFDx"},
		"bytes that are not UTF-8":             {"\"a\xff\xe6\x97b\"", new(string), "a\uFFFD\uFFFD\uFFFDb"},
		"all escapes":                          {`"\"\\\/\b\f\n\r\t\u00e9\ud83c\udf89"`, new(string), "\"\\/\b\f\n\r\té🎉"},
		"bytes as base64":                      {`"AQID"`, new([]byte), []byte{1, 2, 3}},
		"bytes as numbers":                     {`[1,2]`, new([]byte), []byte{1, 2}},
		"a json.Number":                        {`[1.50,"2"]`, new([]json.Number), []json.Number{"1.50", "2"}},
		"a json.RawMessage":                    {` [ {"a": 1} ] `, new([]json.RawMessage), []json.RawMessage{[]byte(`{"a": 1}`)}},
		"a time":                               {`"2026-11-30T01:02:03.5Z"`, new(time.Time), time.Date(2026, 11, 30, 1, 2, 3, 5e8, time.UTC)},
		"embedded structs":                     {`{"A":1,"b":"x","c":2,"G":3,"E":4}`, new(embedding), embedding{Embedded: Embedded{A: 1, B: "x"}, Other: &Other{E: new4()}, unexported: unexported{G: 3}}},
		"the option string":                    {`{"Int":"5","Bool":"true","String":"\"a\"","Float64":"1.5","Pointer":"7"}`, new(quotedFields), quotedFields{Int: 5, Bool: true, String: "a", Float64: 1.5, Pointer: &seven}},
		"integers at their limits":             {`{"Int8":-128,"Uint8":255,"Int64":-9223372036854775808,"Uint64":18446744073709551615}`, new(scalars), scalars{Int8: -128, Uint8: 255, Int64: math.MinInt64, Uint64: math.MaxUint64}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			typ := reflect.TypeOf(tt.target).Elem()
			standard := reflect.New(typ)
			clone(t, standard.Elem(), reflect.ValueOf(tt.target).Elem())
			err := Unmarshal([]byte(tt.text), tt.target)
			if got := reflect.ValueOf(tt.target).Elem().Interface(); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %#v, want %#v", got, tt.want)
			}
			if err != nil {
				t.Error(err)
			}
			if wantErr := json.Unmarshal([]byte(tt.text), standard.Interface()); (wantErr == nil) != (err == nil) || !reflect.DeepEqual(standard.Interface(), tt.target) {
				t.Errorf("encoding/json: %#v, %v", standard.Elem(), wantErr)
			}
		})
	}
}

func new8() *int { n := 8; return &n }
func new4() *int { n := 4; return &n }

// clone copies a value, with what its pointers, slices and maps refer to.
func clone(t *testing.T, to, from reflect.Value) {
	t.Helper()
	switch from.Kind() {
	case reflect.Pointer:
		if !from.IsNil() {
			to.Set(reflect.New(from.Type().Elem()))
			clone(t, to.Elem(), from.Elem())
		}
	case reflect.Interface:
		if !from.IsNil() {
			inner := reflect.New(from.Elem().Type()).Elem()
			clone(t, inner, from.Elem())
			to.Set(inner)
		}
	case reflect.Slice:
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
			for i := range from.Len() {
				clone(t, to.Index(i), from.Index(i))
			}
		}
	case reflect.Map:
		if !from.IsNil() {
			to.Set(reflect.MakeMap(from.Type()))
			for _, key := range from.MapKeys() {
				to.SetMapIndex(key, from.MapIndex(key))
			}
		}
	default:
		to.Set(from)
	}
}

// TestUnmarshalSyntaxErrors checks that a mistake in the text is found where encoding/json finds it, and that it leaves
// the target as it was.
func TestUnmarshalSyntaxErrors(t *testing.T) {
	texts := []string{
		``, ` `, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{a:1}`, `{"a" 1}`, `{"a":1 "b"}`, `{"a":1]`, `[`, `[1`, `[1,`, `[1,]`, `[1 2]`, `[1}`,
		`"`, `"a`, `"\`, `"\x"`, `"\u12"`, `"\u12G4"`, "\"\x1f\"", "\"\n\"", `tru`, `trux`, `nul`, `falsy`, `-`, `-x`, `01`, `1.`, `1.x`, `1e`, `1e+`, `1ex`, `+1`, `.5`,
		`1 2`, `{} x`, `[] ]`, "\xef\xbb\xbf1", `'a'`, `NaN`, `[1e]`, `{"Time":"2026-11-30T01:02:03Z",}`, `{"String":"abc","Int":5,"Any":[{"x":1},{"y":`,
	}
	for _, text := range texts {
		for name, target := range map[string]func() any{
			"a new value":     func() any { return new(scalars) },
			"a filled value":  func() any { return &scalars{String: "x", Any: []any{1.0}, Int: 7} },
			"any":             func() any { return new(any) },
			"a list":          func() any { return &[]int{5, 6} },
			"a map":           func() any { return &map[string]any{"k": "v"} },
			"methods":         func() any { return new(methods) },
			"skipped":         func() any { return new(empty) },
			"json.RawMessage": func() any { return new(json.RawMessage) },
		} {
			got, want := target(), target()
			err := Unmarshal([]byte(text), got)
			ours, ok := errors.AsType[*SyntaxError](err)
			if !ok {
				t.Errorf("%s into %s: %v", text, name, err)
				continue
			}
			var theirs *json.SyntaxError
			if !errors.As(json.Unmarshal([]byte(text), want), &theirs) || !onV2 && theirs.Offset != ours.Offset {
				t.Errorf("%q into %s: %v, encoding/json: %v at %d", text, name, err, theirs, theirs.Offset)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q into %s left %#v", text, name, got)
			}
			if !strings.Contains(err.Error(), "syntax error at byte ") {
				t.Error(err)
			}
		}
	}
}

// TestTypeErrors checks what an error says about a value that does not fit, and that the rest is decoded.
func TestTypeErrors(t *testing.T) {
	type item struct {
		Name string `json:"name"`
		Size uint8  `json:"size"`
	}
	type target struct {
		Items []item          `json:"items"`
		By    map[string]item `json:"by"`
		Next  *target         `json:"next"`
		Last  string          `json:"last"`
	}
	for text, want := range map[string]string{
		`{"items":[{"name":"a"},{"name":5}],"last":"x"}`:              `cannot put a number into a Go string (field items[1].name)`,
		`{"items":[{"size":256}],"last":"x"}`:                         `cannot put a number into a Go uint8 (field items[0].size): it does not fit`,
		`{"items":[{"size":1.0}],"last":"x"}`:                         `cannot put a number into a Go uint8 (field items[0].size): it does not fit`,
		`{"by":{"s3cret":{"name":[]}},"last":"x"}`:                    `cannot put a array into a Go string (field by[*].name)`,
		`{"x":[{}],"next" : { "next":{"ITEMS":true}} ,"last":"x"}`:    `cannot put a bool into a Go []jsoncodec.item (field next.next.items)`,
		`{"last":"x","next":"a"}`:                                     `cannot put a string into a Go jsoncodec.target (field next)`,
		`{"items":[[]],"by":[],"last":"x"}`:                           `cannot put a array into a Go jsoncodec.item (field items[0])`,
		`{"a\"}":["]"],"items":[{"x":{},"name":{"a":1}}],"last":"x"}`: `cannot put a object into a Go string (field items[0].name)`,
	} {
		var v target
		err := Unmarshal([]byte(text), &v)
		mismatch, ok := errors.AsType[*TypeError](err)
		if !ok || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
			continue
		}
		if v.Last != "x" {
			t.Errorf("%s: the rest was not decoded", text)
		}
		if c := text[mismatch.Offset]; valueName(c) != mismatch.Value {
			t.Errorf("%s: at %d is no %s", text, mismatch.Offset, mismatch.Value)
		}
	}
	if err := Unmarshal([]byte(`[]`), new(int)); err == nil || err.Error() != "cannot put a array into a Go int" {
		t.Error(err)
	}
}

func TestTargets(t *testing.T) {
	for want, v := range map[string]any{
		"cannot decode JSON into nil: pass a pointer":                    nil,
		"cannot decode JSON into a int: pass a pointer to it":            5,
		"cannot decode JSON into a nil *int":                             (*int)(nil),
		"cannot decode JSON into a map[string]int: pass a pointer to it": map[string]int{},
	} {
		if err := Unmarshal([]byte(`{}`), v); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// recursive decodes itself with this package, as a type's UnmarshalJSON may.
type recursive struct{ children []recursive }

func (r *recursive) UnmarshalJSON(text []byte) error { return Unmarshal(text, &r.children) }

// TestDepth checks that nesting is limited in every way to read and to write.
func TestDepth(t *testing.T) {
	arrays := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	objects := func(name string, n int) string {
		return strings.Repeat(`{"`+name+`":`, n-1) + "{}" + strings.Repeat("}", n-1)
	}
	for name, tt := range map[string]struct {
		text func(int) string
		into func() any
	}{
		"any":        {arrays, func() any { return new(any) }},
		"any map":    {func(n int) string { return objects("a", n) }, func() any { return new(any) }},
		"slices":     {arrays, func() any { return new(list) }},
		"maps":       {func(n int) string { return objects("a", n) }, func() any { return new(table) }},
		"pointers":   {func(n int) string { return objects("next", n) }, func() any { return new(tree) }},
		"skipped":    {func(n int) string { return objects("unknown", n) }, func() any { return new(tree) }},
		"raw":        {arrays, func() any { return new(json.RawMessage) }},
		"own method": {arrays, func() any { return new(recursive) }},
		"mismatch":   {arrays, func() any { return new(string) }},
		"filled":     {arrays, func() any { return &[]any{1} }},
		"unfinished": {func(n int) string { return strings.Repeat("[", n) }, func() any { return new(any) }},
	} {
		for _, n := range []int{1, MaxDepth, MaxDepth + 1, 100_000} {
			err := Unmarshal([]byte(tt.text(n)), tt.into())
			if (n > MaxDepth) != errors.Is(err, ErrTooDeep) {
				t.Errorf("%s, %d levels: %v", name, n, err)
			}
		}
	}

	deep := func(n int, wrap func(any) any) any {
		var v any = 1
		for range n {
			v = wrap(v)
		}
		return v
	}
	for name, wrap := range map[string]func(any) any{
		"lists":    func(v any) any { return []any{v} },
		"maps":     func(v any) any { return map[string]any{"a": v} },
		"structs":  func(v any) any { return struct{ A any }{v} },
		"arrays":   func(v any) any { return [1]any{v} },
		"typed":    func(v any) any { return map[int]any{1: v} },
		"pointers": func(v any) any { return &struct{ A any }{v} },
		"slices":   func(v any) any { return []struct{ A any }{{v}}[:] },
	} {
		for _, n := range []int{1, MaxDepth / 2, MaxDepth + 1, 10_000} {
			if _, err := Marshal(deep(n, wrap)); (n > MaxDepth) != errors.Is(err, ErrTooDeep) {
				t.Errorf("%s, %d levels: %v", name, n, err)
			}
		}
	}
	if _, err := Marshal(map[string]any{"a": json.RawMessage(arrays(MaxDepth))}); !errors.Is(err, ErrTooDeep) {
		t.Errorf("what a method returns: %v", err)
	}
	if _, err := Marshal(map[string]any{"a": json.RawMessage(arrays(MaxDepth - 1))}); err != nil {
		t.Errorf("what a method returns: %v", err)
	}
}

// TestCycles checks that values that contain themselves become errors.
func TestCycles(t *testing.T) {
	type pointer *pointer
	var self pointer
	self = &self
	contains := []any{nil}
	contains[0] = contains
	next := &tree{}
	next.Next = next
	entries := map[string]any{}
	entries["a"] = entries
	for name, v := range map[string]any{"pointer": self, "slice": contains, "struct": next, "map": entries} {
		if _, err := Marshal(v); err != ErrTooDeep {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Unmarshal([]byte(`1`), &self); err != ErrTooDeep {
		t.Errorf("into a pointer to itself: %v", err)
	}
	var empty pointer
	if err := Unmarshal([]byte(`1`), &empty); err != ErrTooDeep {
		t.Errorf("into pointers without end: %v", err)
	}
	var own any
	own = &own
	if err := Unmarshal([]byte(`1`), own); err != nil || own != 1.0 {
		t.Errorf("into an interface that holds its own address: %v, %v", own, err)
	}
}

// TestKeptText checks how much memory a text holds that is kept, and that texts do not change with the JSON.
func TestKeptText(t *testing.T) {
	text := []byte(`[` + strings.Repeat(`"0123456789abcdef",`, 100_000) + `"end"]`)
	var all []string
	if err := Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	clear(text)
	for _, s := range all[:100_000] {
		if s != "0123456789abcdef" {
			t.Fatalf("got %q", s)
		}
	}
	freed := make(chan bool, 1)
	first := all[0]
	runtime.AddCleanup(&all[50_000:][0], func(int) { freed <- true }, 0)
	all = nil
	runtime.GC()
	select {
	case <-freed:
	case <-time.After(10 * time.Second):
		t.Error("a kept text holds the list")
	}
	runtime.KeepAlive(first)
}

// TestConcurrentUse makes the plans of many types at once.
func TestConcurrentUse(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			c := &chooser{state: uint64(i)}
			for range 200 {
				typ := makeType(&chooser{state: 1<<32 + uint64(c.of(50))}, 3)
				v := reflect.New(typ)
				_ = Unmarshal(c.text(typ), v.Interface())
				if _, err := Marshal(v.Interface()); err != nil {
					if _, ok := errors.AsType[*ValueError](err); !ok {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
}
