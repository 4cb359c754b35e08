//go:build !tinygo

package jsoncodec

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// A type that contains itself has arrays that are open at the same time. The room of one long array must not be made for
// each of them.
func TestNestedArraysDoNotMultiplyMemory(t *testing.T) {
	type node struct {
		Type    string
		Content []node
		Pad     [10]string
	}
	const long, deep = 20_000, 200
	text := `{"Content":[{"Content":[` + strings.TrimSuffix(strings.Repeat(`{},`, long), ",") + `]},` +
		strings.Repeat(`{"Content":[`, deep) + `{}` + strings.Repeat(`]}`, deep) + `],"Type":"` + strings.Repeat("x", 2*long) + `"}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var v node
	if err := Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 100 {
		t.Errorf("it took %d MB", got)
	}
	if len(v.Content) != 2 || len(v.Content[0].Content) != long {
		t.Errorf("it has %d and %d elements", len(v.Content), len(v.Content[0].Content))
	}
}

// keeper keeps the text that it gets, and writes behind it.
type keeper struct{ text []byte }

func (k *keeper) UnmarshalText(text []byte) error {
	k.text = text
	_ = append(text, "!!"...)
	return nil
}

func TestTextMethodMayKeepItsText(t *testing.T) {
	var v []keeper
	data := []byte(`["one","t\u0077o","thr\u0065e"]`)
	sent := string(data)
	if err := Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"one", "two", "three"} {
		if got := string(v[i].text); got != want {
			t.Errorf("text %d is %q, want %q", i, got, want)
		}
	}
	if string(data) != sent {
		t.Errorf("the data became %s", data)
	}
}

// heap returns the size of all objects that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A text that is kept must hold little else of the answer.
func TestKeptTextHoldsLittle(t *testing.T) {
	const answers, most = 500, 512 // bytes for each
	var list []string
	for i := range 1000 {
		list = append(list, strings.Repeat(string(rune('a'+i%26)), i%100))
	}
	data, err := Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	kept := make([]string, answers)
	before := heap()
	for i := range kept {
		var v []string
		if err := Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		kept[i] = v[i+300]
	}
	if held := (heap() - before) / answers; held > most {
		t.Errorf("each text holds %d bytes", held)
	}
	runtime.KeepAlive(kept)
}

// Short lists share memory. One that is kept must hold little else, and must not reach into the next.
func TestShortLists(t *testing.T) {
	const answers, most = 500, 2048 // bytes for each
	var lists [][]string
	for i := range 1000 {
		lists = append(lists, []string{"one", "two", "three", "four"}[:i%5])
	}
	data, err := Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	kept := make([][]string, answers)
	before := heap()
	for i := range kept {
		var v [][]string
		if err := Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		kept[i] = v[i+300]
	}
	if held := (heap() - before) / answers; held > most {
		t.Errorf("each list holds %d bytes", held)
	}
	runtime.KeepAlive(kept)

	var v [][]string
	if err := Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for _, list := range v {
		_ = append(list, "a", "b", "c", "d", "e", "f", "g", "h")
	}
	if !reflect.DeepEqual(v, lists) {
		t.Error("appending to a list changed another")
	}
}
