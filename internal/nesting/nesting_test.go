//go:build tinygo || !js

package nesting

import (
	"encoding/json"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDeeper(t *testing.T) {
	for text, depth := range map[string]int{
		`5`: 0, `"[{"`: 0, `[]`: 1, `{"a":[1,[2]],"b":{}}`: 3, `["\"[[[",[]]`: 2, `["\\",[[]]]`: 3, `"\`: 0, `[[[`: 3, ``: 0,
		`[[]][[]]`: 2,
	} {
		if deeper([]byte(text), depth) || depth > 0 && !deeper([]byte(text), depth-1) {
			t.Errorf("%s does not nest %d deep", text, depth)
		}
	}
}

// tree decodes itself with json.Unmarshal, which uses the most stack per level.
type tree struct{ children []tree }

func (t *tree) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &t.children) }

type node struct{ Next *node }

type table map[string]table

func arrays(levels int) string {
	return strings.Repeat("[", levels) + strings.Repeat("]", levels)
}

func objects(name string, levels int) string {
	return strings.Repeat(`{"`+name+`":`, levels-1) + "{}" + strings.Repeat("}", levels-1)
}

// TestUnmarshalDeep: in a page, decoding thousands of levels with encoding/json exhausts the stack and
// ends the program.
func TestUnmarshalDeep(t *testing.T) {
	types := map[string]struct {
		text func(levels int) string
		into func() any
	}{
		"any":               {arrays, func() any { return new(any) }},
		"own UnmarshalJSON": {arrays, func() any { return new(tree) }},
		"pointers":          {func(levels int) string { return objects("Next", levels) }, func() any { return new(node) }},
		"maps":              {func(levels int) string { return objects("a", levels) }, func() any { return new(table) }},
		"skipped":           {func(levels int) string { return objects("unknown", levels) }, func() any { return new(node) }},
		"raw":               {arrays, func() any { return new(json.RawMessage) }},
	}
	for name, tt := range types {
		for levels, want := range map[int]error{1: nil, maxDepth: nil, maxDepth + 1: ErrTooDeep, 9000: ErrTooDeep, 1 << 20: ErrTooDeep} {
			t.Run(name+" "+strconv.Itoa(levels), func(t *testing.T) {
				if err := Unmarshal([]byte(tt.text(levels)), tt.into()); err != want {
					t.Errorf("got %v, want %v", err, want)
				}
				if err := standardUnmarshal([]byte(tt.text(levels)), tt.into(), maxDepth); err != want {
					t.Errorf("encoding/json: got %v, want %v", err, want)
				}
			})
		}
	}
	for levels, want := range map[int]error{maxOpen: nil, maxOpen + 1: ErrTooDeep} {
		if err := UnmarshalShallow([]byte(arrays(levels)), new(json.RawMessage)); err != want {
			t.Errorf("shallow, %d levels: got %v, want %v", levels, err, want)
		}
	}
}

// TestManyShallowValues checks that a long value is not deep.
func TestManyShallowValues(t *testing.T) {
	var v any
	if err := Unmarshal([]byte("["+strings.Repeat(`{"a":["[[[["]},`, 10_000)+"0]"), &v); err != nil {
		t.Error(err)
	}
}

type cycle struct {
	Name   string
	Parent *cycle `json:"-"`
	Self   *cycle
}

type hidden struct{ Deep any }

type embedding struct{ hidden }

// TestMarshalDeep: encoding a value that nests deeply, or contains itself, would also end the program.
func TestMarshalDeep(t *testing.T) {
	type pointer *pointer
	var self pointer
	self = &self
	contains := []any{nil}
	contains[0] = contains
	looped := &cycle{}
	looped.Self = looped
	withParent := &cycle{}
	withParent.Parent = withParent
	deep := func(levels int, wrap func(any) any) any {
		var v any = 1
		for range levels {
			v = wrap(v)
		}
		return v
	}
	slice := func(v any) any { return []any{v} }
	tests := map[string]struct {
		value any
		want  error
	}{
		"nil":                 {nil, nil},
		"number":              {1, nil},
		"nil pointer":         {(*node)(nil), nil},
		"slices":              {deep(maxDepth, slice), nil},
		"one too many":        {deep(maxDepth+1, slice), ErrTooDeep},
		"very deep":           {deep(100_000, slice), ErrTooDeep},
		"maps":                {deep(maxDepth+1, func(v any) any { return map[string]any{"a": v} }), ErrTooDeep},
		"structs":             {deep(maxDepth+1, func(v any) any { return hidden{v} }), ErrTooDeep},
		"arrays":              {deep(maxDepth+1, func(v any) any { return [1]any{v} }), ErrTooDeep},
		"pointers only":       {deep(100_000, func(v any) any { return &v }), ErrTooDeep},
		"raw JSON":            {map[string]any{"a": json.RawMessage(arrays(maxDepth - 1))}, nil},
		"deep raw JSON":       {map[string]any{"a": json.RawMessage(arrays(maxDepth))}, ErrTooDeep},
		"typed raw JSON":      {[]json.RawMessage{json.RawMessage(arrays(maxDepth))}, ErrTooDeep},
		"embedded":            {embedding{hidden{deep(maxDepth, slice)}}, ErrTooDeep},
		"a pointer to itself": {self, ErrTooDeep},
		"contains itself":     {contains, ErrTooDeep},
		"a cycle":             {looped, ErrTooDeep},
		"a cycle left out":    {withParent, nil},
		"a time":              {[]any{time.Time{}}, nil},
		"wide":                {make([]node, 100_000), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := check(tt.value); err != tt.want {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			for _, marshal := range []func(any) ([]byte, error){Marshal, standardMarshal} {
				if _, err := marshal(tt.value); tt.want != nil != errors.Is(err, ErrTooDeep) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			}
		})
	}
}

// TestProblem checks that the text of an error does not quote the JSON.
func TestProblem(t *testing.T) {
	type target struct {
		List []struct{ Name string }
		By   map[string]int
		When time.Time
	}
	for text, want := range map[string][2]string{
		`{"s3cret":`:                     {"syntax error at byte 10", "syntax error at byte 10"},
		`{"List":[{"Name":1234567890}]}`: {"cannot put a number into a Go string (field List[0].Name)", "cannot put a number into a Go string (field List"},
		`{"By":{"s3cret":"s3cret"}}`:     {"cannot put a string into a Go int (field By[*])", "cannot put a string into a Go int (field By"},
		`{"When":"s3cret"}`:              {otherProblem, otherProblem},
		strings.Repeat("[", maxDepth+1):  {ErrTooDeep.Error(), ErrTooDeep.Error()},
	} {
		if runtime.Compiler == "tinygo" { // there Unmarshal is encoding/json's
			want[0] = want[1]
		}
		for i, got := range []string{
			Problem(Unmarshal([]byte(text), new(target))),
			standardProblem(standardUnmarshal([]byte(text), new(target), maxDepth)),
		} {
			if !strings.HasPrefix(got, want[i]) || i == 0 && strings.Contains(got, "s3cret") {
				t.Errorf("%s: got %q, want %q", text, got, want[i])
			}
		}
	}
}
