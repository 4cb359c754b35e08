//go:build !tinygo && !js

package jsoncodec

import (
	"reflect"
	"testing"
)

// FuzzChoices is TestLikeEncodingJSON with choices by the fuzzer.
func FuzzChoices(f *testing.F) {
	for i := range 64 {
		f.Add([]byte{byte(i), 0, byte(i % 4)}, uint64(i))
	}
	f.Fuzz(compare)
}

// FuzzText compares texts that the fuzzer makes.
func FuzzText(f *testing.F) {
	for i := range 256 {
		c := &chooser{state: uint64(i)}
		f.Add(c.text(typeOf(i)), uint16(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, typ uint16) {
		compareUnmarshal(t, data, typeOf(int(typ)), func(reflect.Value) {})
	})
}
