//go:build !tinygo

package jsoncodec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// standard encodes as encoding/json does without escaping HTML. ok is false if it panics.
func standard(v any) (text []byte, err error, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err, true
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil, true
}

// standardUnmarshal decodes by encoding/json. ok is false if it panics.
func standardUnmarshal(data []byte, v any) (err error, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return json.Unmarshal(data, v), true
}

// compareUnmarshal decodes a text twice: into two values that were filled alike.
func compareUnmarshal(t *testing.T, data []byte, typ reflect.Type, fill func(v reflect.Value)) {
	t.Helper()
	want, got := reflect.New(typ), reflect.New(typ)
	fill(want.Elem())
	fill(got.Elem())
	before := bytes.Clone(data)
	wantErr, ok := standardUnmarshal(data, want.Interface())
	if !ok {
		return
	}
	gotErr := Unmarshal(data, got.Interface())
	if !bytes.Equal(data, before) {
		t.Fatalf("%q into %s: the text was changed to %q", before, typ, data)
	}
	if gotErr == ErrTooDeep {
		return
	}
	if onV2 && wantErr == nil && acceptedByV2(gotErr) {
		return
	}
	if problem := compareErrors(gotErr, wantErr); problem != "" {
		t.Fatalf("%q into %s: %s", data, short(typ), problem)
	}
	if onV2 && wantErr != nil {
		return // it decodes other parts of the rest
	}
	if !equal(got, want) {
		t.Fatalf("%q into %v (error %v): %s", data, short(typ), wantErr, difference("", got, want))
	}
	compareMarshal(t, got.Elem().Interface())
	compareMarshal(t, got.Interface())
}

func equal(a, b reflect.Value) bool { return reflect.DeepEqual(a.Interface(), b.Interface()) }

// short returns a text for v that is not too long.
func short(v any) string {
	text := fmt.Sprintf("%#v", v)
	if t, ok := v.(reflect.Type); ok {
		text = t.String()
	}
	return text[:min(len(text), 1000)]
}

// difference returns the first place where two values of one type differ.
func difference(path string, a, b reflect.Value) string {
	if a.IsValid() != b.IsValid() {
		return fmt.Sprintf("%s: got valid %v", path, a.IsValid())
	}
	if a.IsValid() && a.CanInterface() && equal(a, b) {
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !a.IsNil() && !b.IsNil() && a.Elem().Type() == b.Elem().Type() {
			return difference(path, a.Elem(), b.Elem())
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if d := difference(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i)); d != "" {
				return d
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range min(a.Len(), b.Len()) {
			if d := difference(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i)); d != "" {
				return d
			}
		}
	case reflect.Map:
		for _, key := range a.MapKeys() {
			if d := difference(fmt.Sprintf("%s[%v]", path, key), a.MapIndex(key), b.MapIndex(key)); d != "" {
				return d
			}
		}
	}
	return fmt.Sprintf("%s: got %#v, want %#v", path, a, b)
}

// refusedByV2 reports whether err is for a text in the quotes that the option "string" wants, and that only encoding/json/v2
// refuses: half of a surrogate pair, or a json.Number in quotes of its own.
func refusedByV2(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "invalid surrogate pair") ||
		strings.HasSuffix(err.Error(), "into Go value of type json.Number: invalid syntax"))
}

// acceptedByV2 reports whether err is for a number in the quotes that the option "string" wants, such as ".0", which
// encoding/json/v2 reads by strconv.ParseFloat.
func acceptedByV2(err error) bool {
	return err != nil && strings.Contains(err.Error(), "a Go float") && strings.Contains(err.Error(), "in its quotes there is no value of that type")
}

// compareErrors returns what is wrong with an error.
func compareErrors(got, want error) string {
	if onV2 && got == nil && refusedByV2(want) {
		return ""
	}
	if (got == nil) != (want == nil) {
		return fmt.Sprintf("got error %v, want %v", got, want)
	}
	if onV2 {
		return ""
	}
	syntax, isSyntax := errors.AsType[*json.SyntaxError](want)
	ours, isOurs := errors.AsType[*SyntaxError](got)
	if isSyntax != isOurs {
		return fmt.Sprintf("got error %v, want %v", got, want)
	}
	if isSyntax && syntax.Offset != ours.Offset {
		return fmt.Sprintf("got error %v, want %v at %d", got, want, syntax.Offset)
	}
	_, isType := errors.AsType[*json.UnmarshalTypeError](want)
	_, isOurType := errors.AsType[*TypeError](got)
	if isType && !isOurType {
		return fmt.Sprintf("got error %v, want %v", got, want)
	}
	return ""
}

// escaped matches escapes that encoding/json built on encoding/json/v2 has in other places.
var escaped = regexp.MustCompile(`\\+u(fffd|2028|2029)`)

// unescapeSpecial replaces these escapes by their characters. In a field with the option "string" an escape has two backslashes.
func unescapeSpecial(text string) string {
	return escaped.ReplaceAllStringFunc(text, func(match string) string {
		backslashes, own := strings.LastIndexByte(match, '\\')+1, 1
		if backslashes%2 == 0 {
			own = 2
		}
		if backslashes/own%2 == 0 {
			return match // these are escaped backslashes, and the u is only a letter
		}
		r, _ := strconv.ParseUint(match[backslashes+1:], 16, 32)
		return match[:backslashes-own] + string(rune(r))
	})
}

// compareMarshal encodes a value twice.
func compareMarshal(t *testing.T, v any) {
	t.Helper()
	wanted, wantErr, ok := standard(v)
	if !ok {
		return
	}
	encoded, gotErr := Marshal(v)
	if gotErr == ErrTooDeep {
		return
	}
	if (gotErr == nil) != (wantErr == nil) {
		t.Fatalf("%s: got error %v, want %v (%s, %s)", short(v), gotErr, wantErr, encoded, wanted)
	}
	got, want := string(encoded), string(wanted)
	if onV2 {
		got, want = unescapeSpecial(got), unescapeSpecial(want)
	}
	if gotErr == nil && got != want {
		t.Fatalf("%s:\n got %s\nwant %s", short(v), got, want)
	}
}

// compare does what its choices say: it decodes a text into a type, or encodes a value.
func compare(t *testing.T, choices []byte, seed uint64) {
	t.Helper()
	c := &chooser{bytes: choices, state: seed}
	typ := typeOf(c.of(256) + 256*c.of(256))
	switch c.of(4) {
	case 0:
		v := reflect.New(typ)
		c.fill(v.Elem(), 0)
		compareMarshal(t, v.Interface())
		compareMarshal(t, v.Elem().Interface())
	case 1:
		c.finite = true
		fork := *c
		c.fill(reflect.New(typ).Elem(), 0) // the text comes after what fills the value
		compareUnmarshal(t, c.text(typ), typ, func(v reflect.Value) {
			again := fork
			again.fill(v, 0)
		})
	default:
		compareUnmarshal(t, c.text(typ), typ, func(reflect.Value) {})
	}
}

// TestLikeEncodingJSON compares the codec with encoding/json, over types, texts and values that are made by chance.
// JSONCODEC_CASES, such as 1000000-2000000, says which cases, if it is set.
func TestLikeEncodingJSON(t *testing.T) {
	first, last := uint64(0), uint64(20_000)
	if runtime.GOOS == "js" {
		last = 2_000 // a page is slower
	}
	if testing.Short() {
		last = 2_000
	}
	if text := os.Getenv("JSONCODEC_CASES"); text != "" {
		if _, err := fmt.Sscanf(text, "%d-%d", &first, &last); err != nil {
			t.Fatal(err)
		}
	}
	seed := first
	defer func() {
		if t.Failed() {
			t.Logf("this was case %d", seed)
		}
	}()
	for ; seed < last; seed++ {
		compare(t, nil, seed)
	}
}
